"""What the head of a document says: issuer, abstract, type, marks of urgency and circulation.

Contract: pure functions over a segment's boxes; each gives None or an empty value where the form is not there.
"""

from __future__ import annotations

import re

from vanthu.facts.official import codes, elements
from vanthu.facts.official.lines import bare
from vanthu.facts.official.page import Box, Segment

_NOT_ISSUER = frozenset({"quoc_hieu", "tieu_ngu", "party_heading", "copy", "draft", "stamp", "type_title", "hoa_toc", "khan", "thuong_khan",  # noqa: E501
                         "internal_only", "return", "recall", "recipients", "authority", "private_title", "contract", "end_mark", "title"})  # fmt: skip  # noqa: E501
_FULL = re.compile(rf"^(?:{elements.BODY_WORDS})\b")
_CONTINUES = re.compile(
    r"^(?:TINH|THANH PHO|TP|HUYEN|QUAN|THI XA|THI TRAN|XA|PHUONG|VA|VIET NAM|TRUNG UONG|DAC KHU|THU DO)\b"
)
_STATE_TAIL = re.compile(r"\s*(?:CONG|CQNG|C.NG)\s?H[O0].?A?\s?X.{1,2}\s?H.*$|\s*DANG CONG SAN VIET NAM.*$")
_MOTTO_TAIL = re.compile(r"\s*(?:Doc|DOC|D[^ ]c|DQc)\s?l\S{1,2}p?\s?[-.~ ].*$", re.I)
_SUPERIOR = re.compile(
    r"^(?:UBND|UY BAN|BO|TONG CUC|SO|TINH|HUYEN|THANH PHO|CUC|TONG LIEN|NGAN HANG|KHO BAC|BAO HIEM)\b[^.]{3,60}?(?<!TONG)(?<!CHI)(?<!VAN)(?<!BENH)(?<!HOC) "  # noqa: E501
    r"((?:TONG CUC|BAO HIEM XA HOI (?:TINH|THANH PHO)|KHO BAC NHA NUOC|CONG AN (?:TINH|THANH PHO)|SO|CUC|CHI CUC|"
    r"PHONG|TRUONG|TRUNG TAM|CHI NHANH|LIEN DOAN|VIEN)\s[A-Z].*)$"
)
_SPACE = re.compile(r"\s+")
_FRAME = " *_-–—|:;.,"  # what is drawn around a name, or ends it
_AFTER_STATE = re.compile(r"^C.NG H.A X. H.I CH. NGH.A VI.T NAM\s+(?=[A-Z].{3})")
_DRAFT = re.compile(r"\s+DU THAO\b.*$")


def _left(box: Box) -> str:
    """The issuer's part of a line that the right-hand column may have run into."""
    plain = box.line.bare
    motto = _AFTER_STATE.match(plain)
    if motto:  # the left column's next line stands behind the right one's
        return box.line.raw[motto.end() :].strip(_FRAME)
    for tail in (_STATE_TAIL, _MOTTO_TAIL):
        found = tail.search(plain)
        if found:
            plain = plain[: found.start()]
    return box.line.raw[: len(plain)].strip(_FRAME)


def _window(segment: Segment) -> list[Box]:
    """The lines that may hold the issuer: above the number, else around Quốc hiệu, else below the number."""
    boxes = segment.boxes
    state = next((i for i, box in enumerate(boxes[:60]) if box.elements & {"quoc_hieu", "party_heading"}), None)
    at = segment.head
    if at is None or (state is not None and at - state > 20):
        at = min(len(boxes), (state or 0) + 4)
        return list(boxes[max(0, at - 14) : at])
    above = list(boxes[max(0, at - 14) : at])
    if any("body_name" in box.elements for box in above):
        return above
    below = boxes[at + 1 : at + 16]
    stop = next(
        (
            i
            for i, box in enumerate(below)
            if box.elements & {"addressed", "basis", "articles"} or len(box.line.raw) > 140
        ),
        len(below),
    )
    return list(below[:stop])


def issuers(segment: Segment) -> list[str]:
    """Bodies named in the issuer's box, the superior first; a name in two lines is one."""
    parts: list[str] = []
    row = -9
    for box in _window(segment):
        runs_on = bool(box.elements & {"quoc_hieu", "tieu_ngu", "party_heading"})
        if box.elements & _NOT_ISSUER and not runs_on and not box.line.bare.startswith("THU TUONG CHINH PHU"):
            if parts and box.elements & {"end_mark", "authority"}:
                parts = []
            continue
        text = _left(box) if runs_on else box.line.raw.strip(_FRAME)
        plain = bare(text)
        if not text or len(text) > 110 or sum(map(str.isupper, text)) < 0.75 * sum(map(str.isalpha, text)):
            continue
        if sum(map(str.isalpha, text)) < 2 or box.number:
            continue
        if _FULL.match(plain) and not (parts and _CONTINUES.match(plain)):
            parts.append(text)
        elif parts and box.line.row - row <= 2:
            parts[-1] += " " + text
        row = box.line.row
    names = [_SPACE.sub(" ", part[: len(_DRAFT.sub("", bare(part)))]).rstrip(_FRAME) for part in parts]
    return [name for run in names for name in _apart(run)]


def _apart(run: str) -> list[str]:
    """Superior and issuing body where both stand in one line (``BỘ TƯ PHÁP CỤC HỘ TỊCH``)."""
    plain = bare(run)
    found = _SUPERIOR.match(plain)
    if found is None or len(plain) < 20:
        return [run]
    return [run[: found.start(1)].strip(), run[found.start(1) :]]


def title(segment: Segment) -> tuple[str, int] | None:
    """Code of the first type title after the head's beginning and the place of its line."""
    start = segment.head if segment.head is not None else 0
    boxes = segment.boxes
    state = next((i for i, box in enumerate(boxes[:60]) if box.elements & {"quoc_hieu", "party_heading"}), start)
    for i in (
        *range(start, min(start + 16, len(boxes))),
        *range(max(0, start - 8), start),
        *range(state, min(state + 12, len(boxes))),
    ):
        box = boxes[i]
        if "addressed" in box.elements or ("articles" in box.elements and "type_title" not in box.elements):
            if i >= start > state + 16:
                continue
            break
        if "type_title" in box.elements:
            found = codes.of_title(elements.core(box.line))
            if found:
                return found[0], i
    return None


def abstract(segment: Segment, titled: int | None) -> str | None:
    """Trích yếu: what stands after ``V/v`` or under the type title, up to the next box."""
    at = next((i for i, box in enumerate(segment.boxes[:60]) if "about" in box.elements), None)
    if at is not None and (
        titled is None or abs(at - titled) < 4 or segment.head is None or abs(at - segment.head) < 10
    ):
        first = re.sub(
            r"^[\s*_-]*(?:[Vv]\s?[/I]\s?[vV]\s*[:.]?|(?:Về|Ve|V[^\s]?) việc\s*:?|Trích yếu\s*:)\s*",
            "",
            segment.boxes[at].line.raw,
        )
    elif titled is not None:
        found = codes.of_title(elements.core(segment.boxes[titled].line))
        first, at = (segment.boxes[titled].line.raw[-len(found[1]) :] if found and found[1] else ""), titled
    else:
        return None
    parts = [first] if first else []
    for box in segment.boxes[at + 1 : at + 9]:
        if not box.line.raw:
            if parts:
                break
            continue
        if (
            box.elements - {"body_name", "end_mark", "filed"}
            or box.number
            or box.dated
            or not any(map(str.isalpha, box.line.raw))
        ):
            if not any(map(str.isalpha, box.line.raw)) and not parts:
                continue
            break
        parts.append(box.line.raw)
        if len(" ".join(parts)) > 300:
            break
    text = _SPACE.sub(" ", " ".join(parts)).strip(" *_-–—.;:")
    return text[:300] or None


def mark(segment: Segment, table: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
    """Urgency or circulation that stands as a line of its own."""
    for box in segment.boxes[:60]:
        for name, _ in table:
            if name in box.elements:
                return name
    return None
