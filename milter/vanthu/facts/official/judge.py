"""One segment of a page judged: which elements stand where they belong, and what they add up to.

Contract: ``judge(segment)`` gives the names of the elements that count (keys of ``weights.WEIGHTS``). Pure.
"""

from __future__ import annotations

import re

from vanthu.facts.official import elements, head
from vanthu.facts.official.number import is_contract
from vanthu.facts.official.page import Segment

# A private firm writes letters too: they need more of the form.
_COMPANY = re.compile(
    r"^(?:CÔNG TY|CONG TY|CTY|DOANH NGHIỆP|DOANH NGHIEP|HỢP TÁC XÃ|HOP TAC XA|CỬA HÀNG)\b(?! (?:NƯỚC|XỔ SỐ|THỦY LỢI|ĐIỆN LỰC))"
)
_TAIL = ("end_mark", "authority", "title", "recipients", "filed", "as_above", "articles")
_TOP = 30
# Without one of these a letter says nowhere that an office issued it.
_IDENTITY = frozenset({"number", "legal_number", "party_number", "mended_number", "blank_number", "quoc_hieu", "tieu_ngu", "party_heading",
                       "filed", "as_above", "authority"})  # fmt: skip


def judge(segment: Segment) -> tuple[list[str], str | None]:
    """Elements that count, and the code of the type title."""
    boxes, at = segment.boxes, segment.head
    counted: list[str] = []
    number = (
        boxes[at].number
        if at is not None
        else next((b.number for b in boxes[:_TOP] if b.number and "stamp" not in b.elements), None)
    )
    complete = False
    if number is not None:
        if number.symbol and is_contract(number.symbol):
            counted.append("contract_number")
        else:
            counted.append(number.form)
            complete = number.form in ("number", "legal_number", "party_number", "mended_number")
    near = boxes[max(0, (at or 0) - _TOP) : (at or 0) + _TOP]
    there = {name for box in near for name in box.elements}
    counted += [name for name in ("quoc_hieu", "tieu_ngu", "party_heading", "addressed") if name in there]
    if "party_heading" in counted and "quoc_hieu" in counted:
        counted.remove("party_heading")
    names = head.issuers(segment)
    if names:
        counted.append("company" if _COMPANY.match(names[-1]) else "issuer")
    if any(box.dated for box in near):
        counted.append("place_date")
    if "about" in there:
        counted.append("about")
    everywhere = {name for box in boxes for name in box.elements}
    bases = sum("basis" in box.elements for box in boxes)
    if bases:
        counted.append("bases" if bases > 1 else "basis")
    counted += [name for name in _TAIL if name in everywhere]
    if "authority" in counted and "title" in counted:
        counted.remove("title")
    if everywhere & {"copy"}:
        counted.append("copy")
    if there & {"draft"}:
        counted.append("draft")
    if there & {"hoa_toc", "thuong_khan", "khan", "internal_only", "return", "recall"}:
        counted.append("mark")
    if not _IDENTITY & set(counted):
        counted.append("headless")
    elif number is None and not {"recipients", "filed", "authority", "bases"} & set(counted):
        counted.append("unnumbered")
    titled = _titled(segment, counted)
    return counted + _against(segment, there, everywhere, complete), titled


def _titled(segment: Segment, counted: list[str]) -> str | None:
    found = head.title(segment)
    if found is None:
        return None
    counted.append("type_title")
    return found[0]


def _against(segment: Segment, there: set[str], everywhere: set[str], complete: bool) -> list[str]:
    """What speaks for a petition, a form, a contract or a template."""
    counted: list[str] = []
    start = segment.head or 0
    lead = segment.boxes[max(0, start - 10) : start + _TOP]
    title = next(
        (name for box in lead for name in ("type_title", "private_title", "contract") if name in box.elements), None
    )
    if title == "contract":
        counted.append("contract")
    elif title == "private_title":
        counted.append("private_number" if complete else "private_title")
    if "parties" in everywhere and not (complete and title == "type_title"):
        counted.append("parties")
    if "first_person" in everywhere and title != "type_title" and not complete:
        counted.append("first_person")
    if "applicant" in everywhere and not complete:
        counted.append("applicant")
    if not complete and sum(elements.footnoted(box.line) for box in segment.boxes[: 2 * _TOP]) >= 3:
        counted.append("template")
    elif not complete and sum(elements.placeholders(box.line) for box in segment.boxes[:_TOP]) >= 2:
        counted.append("placeholders")
    return counted
