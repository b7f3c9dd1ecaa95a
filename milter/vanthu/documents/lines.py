"""Paragraphs and table cells to lines, in the one shape that recognisers know from HTML mail.

A row whose cells hold one line each becomes one line with tabs between; a row with longer cells gives each cell's
lines in turn, so that the two columns of a letterhead stay whole. Tables nest.
"""

from __future__ import annotations

_MAX_TABLES = 30


class Lines:
    """Lines as they come. Every ``open_*`` has its ``close_*``; stray ones do no harm."""

    def __init__(self) -> None:
        self._now: list[str] = []
        self._tables: list[_Table] = []

    def line(self, text: str) -> None:
        """A paragraph, which may hold line breaks."""
        self._now.extend(text.split("\n"))

    def open_table(self) -> None:
        """A table, perhaps inside a cell of another."""
        if len(self._tables) < _MAX_TABLES:
            self._tables.append(_Table(self._now))
            self._now = []

    def close_cell(self) -> None:
        """The cell ends whose lines have come since the one before."""
        if self._tables:
            self._tables[-1].cells.append(self._now)
            self._now = []

    def close_row(self) -> None:
        """The row ends."""
        if not self._tables:
            return
        table = self._tables[-1]
        if self._now:
            self.close_cell()
        full = [cell for cell in table.cells if any(line.strip() for line in cell)]
        if len(full) > 1 and all(len(cell) == 1 for cell in full):
            table.before.append("\t".join(cell[0].strip() for cell in full))
        else:
            for cell in full:
                table.before.extend(cell)
        table.cells = []

    def close_table(self) -> None:
        """The table ends."""
        if self._tables:
            self.close_row()
            self._now = self._tables.pop().before

    def close(self) -> str:
        """All of it as text."""
        while self._tables:
            self.close_table()
        return "\n".join(self._now)


class _Table:
    __slots__ = ("before", "cells")

    def __init__(self, before: list[str]) -> None:
        self.before = before
        self.cells: list[list[str]] = []
