"""Marks in the text of a body or a document: by their place on the page and their form, never by the word.

Contract: ``of_text(reading, pages)`` gives candidates with a score each, and whether a declassification stamp is there. Pure;
linear in the text (the page reader's limit holds).
"""  # noqa: E501

from __future__ import annotations

from dataclasses import dataclass

from vanthu.facts.model import SecrecyLevel
from vanthu.facts.official import codes
from vanthu.facts.official.lines import bare
from vanthu.facts.official.page import Box, Pages
from vanthu.facts.reading import Reading
from vanthu.facts.secrecy import marks

_HEAD = frozenset({"quoc_hieu", "tieu_ngu", "party_heading", "about", "addressed", "hoa_toc", "thuong_khan", "khan"})
_COLUMN = frozenset({"quoc_hieu", "tieu_ngu", "party_heading", "addressed"})
_NEAR = 10
_MOST = 200  # more lines than that are no marks
_TRIM = " \t*.:;,-_=~|[](){}<>'\"“”‘’#!✓□■▪│┃║╔╗╚╝═─━┌┐└┘├┤☐☒•·«»"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mark seen; ``why`` is its evidence."""

    level: SecrecyLevel
    score: float
    where: str
    why: str


def _heads(boxes: list[Box]) -> list[int]:
    return [
        i for i, box in enumerate(boxes) if box.elements & _HEAD or box.dated or (box.number and box.number.symbol)
    ]


def _strength(boxes: list[Box], at: int) -> int:
    """How many different elements of a letterhead stand around."""
    kinds: set[str] = set()
    for box in boxes[max(0, at - _NEAR) : at + _NEAR + 1]:
        kinds |= box.elements & _HEAD
        if box.dated:
            kinds.add("dated")
        if box.number and box.number.symbol:
            kinds.add("number")
        if "body_name" in box.elements:
            kinds.add("issuer")
    return 0 if kinds == {"issuer"} else len(kinds)  # a name in capitals alone is no letterhead


def _in_body(boxes: list[Box], at: int) -> bool:
    """Whether running text stands between the last element of a head above and this line."""
    for i in range(at - 1, max(-1, at - 2 * _NEAR), -1):
        box = boxes[i]
        if box.elements & (_HEAD - {"addressed"}) or box.dated or (box.number and box.number.symbol):
            return False
        if (
            len(box.line.raw) > 160
            or "basis" in box.elements
            or box.elements & {"recipients", "filed", "end_mark", "articles"}
        ):
            return True
    return False


def _row(boxes: list[Box], at: int) -> list[Box]:
    """The boxes of the same line of text."""
    return [box for box in boxes[max(0, at - 8) : at + 9] if box.line.row == boxes[at].line.row]


def _score(boxes: list[Box], at: int, mark: marks.Mark) -> float:
    strength = 0 if _in_body(boxes, at) else _strength(boxes, at)
    row = _row(boxes, at)
    if len(row) in (3, 4, 5) and not any(b.elements & _HEAD or b.dated or b.number for b in row):
        strength = 0  # a cell of a table, such as a person's name
    if strength >= 2:
        return {"exact": 0.98, "read_badly": 0.9, "undiacritised": 0.8}[mark.how]
    if strength == 1:
        return {"exact": 0.9, "read_badly": 0.45 if mark.level == "mat" else 0.75, "undiacritised": 0.3}[mark.how]
    if mark.how != "exact" or len(_row(boxes, at)) > 1:
        return 0.15 if mark.level != "mat" else 0.0
    above = [box for box in boxes[:at] if box.line.raw]
    return 0.6 if len(above) < 3 and all(box.line.capital for box in above) else 0.15


def _of_box(boxes: list[Box], at: int) -> tuple[marks.Mark, float, str] | None:
    box = boxes[at]
    raw = box.line.raw
    if len(raw) <= 40:
        mark = _parted(boxes, at) or marks.of_line(raw.strip(_TRIM)) or marks.of_line(raw)
        if mark and not (at and boxes[at - 1].line.row == box.line.row - 1 and marks.runs_on(boxes[at - 1].line.raw)):
            return mark, _score(boxes, at, mark), f"line of its own: {raw[:40]}"
    if len(raw) > 240:
        return None
    found = marks.SQUARE.match(raw) if at < 6 else None
    if found and (mark := marks.of_words(found["mark"])) and mark.how == "exact":
        return mark, 0.8, f"in brackets at the top: {raw[:40]}"
    if (
        box.elements & _COLUMN
        or box.dated
        or (box.number and box.number.symbol)
        or ("about" in box.elements and not box.line.capital)
        or _titled(raw)
    ):
        for pattern in (marks.OPENS, marks.CLOSES):
            found = pattern.search(raw)
            mark = marks.of_words(found["mark"]) if found else None
            if found and mark and not (mark.how != "exact" and mark.level == "mat" and _strength(boxes, at) < 2):
                return mark, 0.9 if mark.how == "exact" else 0.7, f"beside the head's other column: {raw[:60]}"
    if box.number and box.number.symbol and not _in_body(boxes, at):
        level = marks.of_suffix(box.number.rest[:16] + " " + raw[-12:])
        if level:
            return marks.Mark(level, "exact"), 0.6, f"suffix of the number: {raw[:60]}"
    return None


def _parted(boxes: list[Box], at: int) -> marks.Mark | None:
    """The mark of two words that this box ends: wide apart (``T U Y Ệ T   M Ậ T``), or one below the other."""
    if not at or len(boxes[at].line.raw) > 12 or not 2 < len(boxes[at - 1].line.raw) <= 12:
        return None
    above = boxes[at - 1].line
    if boxes[at].line.row - above.row > 1:
        return None
    mark = marks.of_words(f"{above.raw.strip(_TRIM)} {boxes[at].line.raw.strip(_TRIM)}")
    return mark if mark is not None and mark.level != "mat" else None


def _titled(raw: str) -> bool:
    """Whether a mark runs on into the title of a document's type (a page in one line)."""
    found = marks.OPENS.match(raw)
    return found is not None and codes.of_title(bare(raw[found.end() :])) is not None


def _field(boxes: list[Box], at: int) -> SecrecyLevel | None:
    raw = boxes[at].line.raw
    found = marks.FIELD.search(raw[:400])
    if found:
        return marks.of_label(found["value"]) or marks.of_code(found["value"])
    if (
        len(raw) <= 30
        and at + 1 < len(boxes)
        and boxes[at + 1].line.row == boxes[at].line.row
        and marks.is_field(raw)
    ):
        return marks.of_label(boxes[at + 1].line.raw)
    return None


def _is_specimen(boxes: list[Box], at: int, others: list[tuple[int, SecrecyLevel]], level: SecrecyLevel) -> bool:
    if any(other != level and abs(i - at) <= 12 for i, other in others):
        return True
    if level == "mat" and any(marks.is_organ(box.line.raw) for box in boxes[max(0, at - 4) : at + 5]):
        return True
    return any(marks.SPECIMEN.search(box.line.bare[:600]) for box in boxes[max(0, at - 12) : at + 13])


def of_text(reading: Reading, pages: Pages) -> tuple[list[Candidate], bool]:
    """Candidates of a reading, specimens left out, and whether it is stamped ``GIẢI MẬT``."""
    boxes, _ = pages.of(reading.text)
    seen: list[tuple[int, marks.Mark, float, str]] = []
    lifted = False
    for at, box in enumerate(boxes):
        raw = box.line.raw
        if not raw or len(seen) >= _MOST:
            continue
        if "M" in raw:
            found = _of_box(boxes, at)
            if found:
                seen.append((at, *found))
            elif len(raw) < 40 and raw.strip(_TRIM) in marks.DECLASSIFIED:
                after = next((b.line.raw for b in boxes[at + 1 : at + 4] if b.line.raw), "")
                lifted = lifted or _strength(boxes, at) >= 1 or after.startswith(("Từ", "Tu"))
        level = _field(boxes, at)
        if level:
            seen.append((at, marks.Mark(level, "exact"), 0.92, f"field: {raw[:60]}"))
    others = [(at, mark.level) for at, mark, _, _ in seen]
    return [
        Candidate(mark.level, score, reading.where, why)
        for at, mark, score, why in seen
        if score > 0 and not _is_specimen(boxes, at, others, mark.level)
    ], lifted
