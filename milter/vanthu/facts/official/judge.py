"""One segment of a page judged: which elements stand where they belong, and what they add up to.

Contract: ``judge(segment)`` gives the names of the elements that count (keys of ``weights.WEIGHTS``). Pure.
"""

from __future__ import annotations

import re

from vanthu.facts.official import elements, head
from vanthu.facts.official.lines import bare
from vanthu.facts.official.number import Number, is_contract
from vanthu.facts.official.page import Segment

# Private firms and bodies write letters with numbers too: they need more of the form.
_COMPANY = re.compile(
    r"^(?:CONG TY|CTY|DOANH NGHIEP|HOP TAC XA|HTX|CUA HANG)\b(?! (?:NUOC|XO SO|THUY LOI|DIEN LUC))|"
    r"^(?:BAN QUAN TRI|BAN DAI DIEN (?:CHA ME|CMHS|PHHS)|BAN QUAN LY (?:TOA NHA|CHUNG CU|NHA CHUNG CU|KHU CHUNG CU)|"
    r"CAU LAC BO|CLB|KHACH SAN|NHA HANG|PHONG KHAM|VAN PHONG (?:LUAT SU|THUA PHAT LAI|CONG CHUNG)|"
    r"TAP DOAN(?! (?:DIEN LUC|DAU KHI|BUU CHINH|CONG NGHIEP|HOA CHAT|XANG DAU|DET MAY|BAO VIET|VIEN THONG)))\b|"
    r"^(?:TRUONG|TRUNG TAM|BENH VIEN|NGAN HANG|DAI HOC|VIEN|CHI NHANH|TONG CONG TY|QUY|HOI DONG)\s.{0,60}?"
    r"\b(?:TU THUC|DAN LAP|TNHH|TMCP|CO PHAN(?! HOA)|CTCP|ANH NGU|GIA TOC)\b|^TONG CONG TY BAO HIEM\b"
)
_TAIL = ("end_mark", "authority", "title", "recipients", "filed", "as_above", "articles")
_TOP = 30
_FORM = 6  # lines that wait for a hand: a draft has fewer
_LEAD = 12  # lines above the number in which a title may stand
_COMPLETE = ("number", "legal_number", "party_number", "mended_number")
# Without one of these a letter says nowhere that an office issued it.
_IDENTITY = frozenset({"number", "legal_number", "party_number", "mended_number", "illegible_number", "blank_number", "quoc_hieu", "tieu_ngu", "party_heading",  # noqa: E501
                       "filed", "as_above", "authority"})  # fmt: skip


_UNDER_TITLE = 4  # lines: further below a private title a number is that of an office which certified the paper
_MARKS = frozenset({"hoa_toc", "thuong_khan", "khan", "internal_only", "return", "recall"})


def judge(segment: Segment) -> tuple[list[str], str | None]:
    """Elements that count, and the code of the type title."""
    boxes, at = segment.boxes, segment.head
    number = boxes[at].number if at is not None else _loose_number(segment)
    complete = number is not None and number.form in _COMPLETE and not is_contract(number.symbol or "")
    near = boxes[max(0, (at or 0) - _TOP) : (at or 0) + _TOP]
    there = {name for box in near for name in box.elements}
    everywhere = {name for box in boxes for name in box.elements}
    if all("type_title" in box.elements for box in boxes if "articles" in box.elements):
        everywhere.discard("articles")  # THÔNG BÁO as the title counts once
    counted = [_number(number)] if number is not None else []
    counted += _of_head(segment, there, any(box.dated for box in near))
    bases = sum("basis" in box.elements for box in boxes)
    if bases:
        counted.append("bases" if bases > 1 else "basis")
    counted += [name for name in _TAIL if name in everywhere and not (name == "title" and "authority" in everywhere)]
    counted += ["copy"] * ("copy" in everywhere) + ["draft"] * ("draft" in there) + ["mark"] * bool(_MARKS & there)
    if not _IDENTITY & set(counted):
        counted.append("headless")
    elif number is None and not {"recipients", "filed", "authority", "bases"} & set(counted):
        counted.append("unnumbered")
    titled = _titled(segment, counted)
    return counted + _against(segment, everywhere, complete), titled


def _loose_number(segment: Segment) -> Number | None:
    """A figure behind ``Số:`` that has no symbol; the receiver's stamp has one too, which is not it."""
    return next((box.number for box in segment.boxes[:_TOP] if box.number and "stamp" not in box.elements), None)


def _number(number: Number) -> str:
    return "contract_number" if is_contract(number.symbol or "") else number.form


def _of_head(segment: Segment, there: set[str], dated: bool) -> list[str]:
    counted: list[str] = [name for name in ("quoc_hieu", "tieu_ngu", "addressed", "about") if name in there]
    if "party_heading" in there and "quoc_hieu" not in there:
        counted.append("party_heading")
    names = head.issuers(segment)
    if names:
        counted.append("company" if any(_COMPANY.match(bare(name)) for name in names) else "issuer")
    return counted + ["place_date"] * dated


def _titled(segment: Segment, counted: list[str]) -> str | None:
    found = head.title(segment)
    if found is None:
        return None
    counted.append("type_title")
    return found[0]


def _against(segment: Segment, everywhere: set[str], complete: bool) -> list[str]:
    """What speaks for a petition, a form, a contract or a template."""
    counted: list[str] = []
    start = segment.head or 0
    above = [box for box in segment.boxes[max(0, start - _TOP) : start] if box.line.raw][-_LEAD:]
    lead = (*above, *segment.boxes[start : start + _TOP])
    titles = ("type_title", "private_title", "contract")
    title, line, at = next(
        ((name, box.line, len(above) - i) for i, box in enumerate(lead) for name in titles if name in box.elements),
        (None, None, 0),
    )
    # Offices write no ĐƠN, and none sends a HỌC BẠ as a document of its own, whatever number the register gave it.
    asks = line is not None and elements.core(line).startswith(("DON ", "HOC BA"))
    if title == "contract":
        counted.append("contract")
    elif title == "private_title":
        heads = complete and at <= _UNDER_TITLE
        counted.append("petition" if asks else "private_number" if heads else "private_title")
    if "parties" in everywhere and not (complete and title == "type_title"):
        counted.append("parties")
    if "first_person" in everywhere and title != "type_title" and not complete:
        counted.append("first_person")
    if "applicant" in everywhere and not complete:
        counted.append("applicant")
    return counted if complete else [*counted, *_to_fill_in(segment)]


def _to_fill_in(segment: Segment) -> list[str]:
    """What speaks for a form: footnote figures of a pattern, lines that wait for a hand."""
    page = segment.boxes[: 2 * _TOP]
    waiting = [elements.placeholders(box.line) for box in page]
    if sum(elements.footnoted(box.line) for box in page) >= 3 or sum(waiting) >= _FORM:
        return ["template"]
    return ["placeholders"] if sum(waiting[:_TOP]) >= 2 else []
