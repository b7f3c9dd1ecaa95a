"""A text that recognisers read, with its place in the mail and, where its format has them, its pages."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Reading:
    """Text in NFC with ``\\n`` line ends; ``where`` as in Facts (body, subject, filename, attachment:2/1 …).
    ``pages`` says at which character a page or slide begins, and its number from 1; 0 is what stands on none."""

    where: str
    text: str
    name: str | None = None
    read_by: Literal["text", "ocr"] = "text"
    pages: tuple[tuple[int, int], ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The number of the page on which a character stands."""
        place = bisect_right(self.pages, (offset, 1 << 31)) - 1
        return (self.pages[place][1] or None) if place >= 0 else None
