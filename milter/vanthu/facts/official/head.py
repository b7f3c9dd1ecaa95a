"""What the head of a document says: issuer, abstract, type, marks of urgency and circulation.

Contract: pure functions over a segment's boxes; each gives None or an empty value where the form is not there.
"""

from __future__ import annotations

import re

from vanthu.facts.official import codes, elements
from vanthu.facts.official.page import Box, Segment

_NOT_ISSUER = frozenset({"quoc_hieu", "tieu_ngu", "party_heading", "copy", "draft", "stamp", "type_title", "hoa_toc", "khan", "thuong_khan",
                         "internal_only", "return", "recall", "recipients", "authority", "private_title", "contract", "end_mark"})  # fmt: skip
_FULL = re.compile(rf"^(?:{elements.BODY_WORDS})\b")
_CONTINUES = re.compile(
    r"^(?:TINH|THANH PHO|TP|HUYEN|QUAN|THI XA|THI TRAN|XA|PHUONG|VA|VIET NAM|TRUNG UONG|DAC KHU|THU DO)\b"
)
_STATE_TAIL = re.compile(r"\s*(?:CONG|CQNG|C.NG)\s?H[O0].?A?\s?X.{1,2}\s?H.*$|\s*DANG CONG SAN VIET NAM.*$")
_MOTTO_TAIL = re.compile(r"\s*(?:Doc|DOC|D[^ ]c|DQc)\s?l\S{1,2}p?\s?[-.~ ].*$", re.I)
_SPACE = re.compile(r"\s+")


def _left(box: Box) -> str:
    """The issuer's part of a line that the right-hand column may have run into."""
    plain = box.line.bare
    for tail in (_STATE_TAIL, _MOTTO_TAIL):
        found = tail.search(plain)
        if found:
            plain = plain[: found.start()]
    return box.line.raw[: len(plain)].strip(" *_-–—|:;.,")


def issuers(segment: Segment) -> list[str]:
    """Bodies named in the issuer's box, the superior first; a name in two lines is one."""
    end = segment.head if segment.head is not None else min(len(segment.boxes), 14)
    parts: list[str] = []
    for box in segment.boxes[max(0, end - 14) : end]:
        runs_on = bool(box.elements & {"quoc_hieu", "tieu_ngu", "party_heading"})
        if box.elements & _NOT_ISSUER and not runs_on:
            if parts and box.elements & {"end_mark", "authority"}:
                parts = []
            continue
        text = _left(box) if runs_on else box.line.raw.strip(" *_-–—|:;.,")
        plain = codes.bare(text)
        if not text or len(text) > 110 or sum(map(str.isupper, text)) < 0.75 * sum(map(str.isalpha, text)):
            continue
        if sum(map(str.isalpha, text)) < 3:
            continue
        if _FULL.match(plain) and not (parts and _CONTINUES.match(plain)):
            parts.append(text)
        elif parts:
            parts[-1] += " " + text
    return [_SPACE.sub(" ", part) for part in parts]


def title(segment: Segment) -> tuple[str, int] | None:
    """Code of the first type title after the head's beginning and the place of its line."""
    start = segment.head if segment.head is not None else 0
    order = [*range(start, min(start + 16, len(segment.boxes))), *range(max(0, start - 8), start)]
    for i in order:
        box = segment.boxes[i]
        if "addressed" in box.elements or ("articles" in box.elements and "type_title" not in box.elements):
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
