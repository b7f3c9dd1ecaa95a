"""Tesseract's table of words (TSV) to lines of text, with a tab where a gap separates columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = "5"
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)
_GAP = 1.8  # times the height of a line's letters
_SURE = 10.0


@dataclass(frozen=True, slots=True)
class Page:
    """``sure``: how sure tesseract is of its words, from 0 to 100 (0 without words)."""

    text: str
    words: int
    sure: float


def page_of(table: str) -> Page:
    """The text; paragraphs are set apart by an empty line. Anything that is no row of a table is passed over."""
    out: list[str] = []
    sure: list[float] = []
    line_of: tuple[str, ...] = ()
    paragraph_of: tuple[str, ...] = ()
    end, height = 0, 0
    for row in table.split("\n"):
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != _WORD or not cells[11].strip():
            continue
        if not _NUMBER.fullmatch(cells[10]) or not all(_NUMBER.fullmatch(cells[at]) for at in (6, 8, 9)):
            continue
        certainty = float(cells[10])
        sure.append(certainty)
        left, width, tall = (round(float(cells[at])) for at in (6, 8, 9))
        if certainty < _SURE and len(cells[11]) < 3:
            continue  # specks and rules
        if tuple(cells[2:5]) == line_of:
            height = max(height, min(tall, 2 * height))
            out[-1] += ("\t" if left - end > _GAP * height else " ") + cells[11]
        else:
            if paragraph_of and tuple(cells[2:4]) != paragraph_of:
                out.append("")
            out.append(cells[11])
            height = tall
        line_of, paragraph_of, end = tuple(cells[2:5]), tuple(cells[2:4]), left + width
    return Page("\n".join(out), len(sure), sum(sure) / len(sure) if sure else 0.0)
