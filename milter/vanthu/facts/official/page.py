"""A page read as boxes, and where one document on it ends and the next begins.

Contract: ``read_page`` asks every line once; ``segments`` cuts the lines into stretches that hold one document each,
in order; ``Pages`` remembers them for the other recogniser that reads the same mail. Linear in the lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from vanthu.facts.official import dates, elements, lines, number

_HEADISH = frozenset({"quoc_hieu", "tieu_ngu", "party_heading", "body_name", "copy", "draft", "stamp", "hoa_toc", "khan",  # noqa: E501
                      "thuong_khan", "internal_only", "return", "recall"})  # fmt: skip
_ENDING = frozenset(
    {"filed", "as_above", "authority", "title", "end_mark", "recipients", "addressed", "articles", "basis"}
)
_REACH = 16
_MOST = 60


@dataclass(frozen=True, slots=True)
class Box:
    """A line with what it is."""

    line: lines.Line
    elements: frozenset[str]
    number: number.Number | None
    dated: dates.PlaceDate | None


@dataclass(frozen=True, slots=True)
class Segment:
    """The boxes of one document; ``head`` is the place of its number box among them, or None."""

    boxes: tuple[Box, ...]
    head: int | None


def _box(line: lines.Line) -> Box:
    if not line.raw:
        return Box(line, frozenset(), None, None)
    found = elements.of_line(line)
    if len(line.raw) > 240:
        return Box(line, found, None, None)
    return Box(line, found, None if "basis" in found else number.of_line(line), dates.of_line(line))


class Pages:
    """The pages of one mail, each read once, whoever asks first. Lives no longer than the gathering of its facts."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[list[Box], bool]] = {}

    def of(self, text: str) -> tuple[list[Box], bool]:
        """``read_page(text)``; nobody changes the list."""
        page = self._read.get(text)
        if page is None:
            page = self._read[text] = read_page(text)
        return page


def read_page(text: str, limit: int = lines.LIMIT) -> tuple[list[Box], bool]:
    """All boxes of a text, and whether the limit cut it."""
    read, cut = lines.read(text, limit)
    return [_box(line) for line in read], cut


def _opens(boxes: list[Box], at: int, floor: int) -> int:
    """Where the head around the number box ``at`` begins: upwards over the lines that belong to a head."""
    start = at
    for i in range(at - 1, max(floor, at - _REACH) - 1, -1):
        box = boxes[i]
        if box.elements & _HEADISH or box.dated:
            start = i
        elif box.elements & _ENDING or (
            box.line.raw and not (box.line.capital or len(box.line.raw) <= 12 or "about" in box.elements)
        ):
            break
        elif box.line.capital and i > floor and at - i <= 6:
            start = i
    return start


def _stamped(boxes: list[Box], at: int) -> bool:
    """Whether the number stands in the receiver's stamp (``ĐẾN / Số: / Ngày: / Chuyển:``)."""
    before = boxes[at - 1] if at else None
    return "stamp" in boxes[at].elements or (
        before is not None and before.line.bare.rstrip(" :|").endswith("DEN") and "stamp" in before.elements
    )


def segments(boxes: list[Box]) -> list[Segment]:
    """One stretch a number box (the same number again opens none); the whole page where there is none."""
    heads: list[int] = []
    seen: set[tuple[str | None, str | None]] = set()
    for i, box in enumerate(boxes):
        if box.number is None or box.number.symbol is None or "annexed" in box.elements or _stamped(boxes, i):
            continue
        key = (box.number.number, box.number.symbol)
        if key in seen and box.number.number is not None:
            continue
        seen.add(key)
        heads.append(i)
        if len(heads) == _MOST:
            break
    if not heads:
        return [Segment(tuple(boxes), None)]
    starts = [0]
    for before, at in pairwise(heads):
        starts.append(max(before + 1, _opens(boxes, at, before + 1)))
    ends = [*starts[1:], len(boxes)]
    return [Segment(tuple(boxes[s:e]), at - s) for s, e, at in zip(starts, ends, heads, strict=True)]
