"""One projection being fed from the journal, at its own pace and with its own troubles.

A projection that fails (a store that is away, a full disk) is tried again with a growing pause; its cursor is then
read anew from where it is kept, because after an error nobody knows whether the last batch was committed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from ..journal.cursor import Cursor
from ..journal.reader import Batch, Reader

_LINES = 2000  # a batch: what one transaction takes
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds between two tries of a projection that fails


class Projection(Protocol):
    """What the steward feeds."""

    def cursor(self) -> Cursor:
        """Where it stands, from where it keeps that."""

    def take(self, batch: Batch, before: Cursor) -> None:
        """Commits what a batch says together with the cursor after it, or raises and has changed nothing."""


class Feed:
    """One projection and how it fares. ``open_projection`` is tried until it works (a store may be away at start)."""

    def __init__(
        self,
        name: str,
        open_projection: Callable[[], Projection],
        folder: Path,
        log: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.caught_up = clock()
        self.cursor: Cursor | None = None
        self._open = open_projection
        self._projection: Projection | None = None
        self._reader = Reader(folder)
        self._log = log
        self._clock = clock
        self._pause = 0.0
        self._due = 0.0

    def turn(self) -> bool:
        """Takes one batch; True if there is more at once. Trouble is logged, never raised."""
        if self._clock() < self._due:
            return False
        try:
            complete = self._take()
        except Exception as error:  # whatever ails one projection must not reach the others
            self._trouble(error)
            return False
        if self._pause:
            self._log(f"{self.name}: works again")
            self._pause = 0.0
        if complete:
            self.caught_up = self._clock()
        return not complete

    def lag(self) -> float:
        """Seconds since everything in the journal had been taken."""
        return max(0.0, self._clock() - self.caught_up)

    def _take(self) -> bool:
        if self._projection is None:
            self._projection = self._open()
        if self.cursor is None:
            self.cursor = self._projection.cursor()
        batch = self._reader.read(self.cursor, _LINES)
        if batch.items or batch.cursor != self.cursor:
            self._projection.take(batch, self.cursor)
            self.cursor = batch.cursor
        return batch.complete

    def _trouble(self, error: Exception) -> None:
        self.cursor = None
        self._pause = min(_LONGEST_PAUSE, self._pause * 2 or _FIRST_PAUSE)
        self._due = self._clock() + self._pause
        text = str(error).splitlines()
        self._log(f"{self.name}: {type(error).__name__}: {text[0] if text else ''}; next try in {self._pause:g} s")
