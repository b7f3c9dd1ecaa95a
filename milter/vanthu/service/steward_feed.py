"""One projection being fed from the journal, in a thread of its own, at its own pace and with its own troubles.

A projection that fails (a store that is away, a full disk) is tried again with a growing pause; its cursor is then
read anew from where it is kept, because after an error nobody knows whether the last batch was committed. One that
hangs (a database behind a cut line) keeps nobody else from working.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from ..journal.batch import Batch
from ..journal.cursor import Cursor
from ..journal.reader import Reader
from ..journal.recent import Recent

_LINES = 2000  # a batch: what one transaction takes
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds between two tries of a projection that fails


class Projection(Protocol):
    """What the steward feeds. It belongs to the thread that opened it."""

    def cursor(self) -> Cursor:
        """Where it stands, from where it keeps that."""

    def take(self, batch: Batch, before: Cursor) -> None:
        """Commits what a batch says together with the cursor after it, or raises and has changed nothing."""


class Feed:
    """One projection and how it fares. ``open_projection`` is tried until it works (a store may be away at start).

    ``poll``: seconds between two looks at the journal. Every look that finds something costs a transaction, so what
    nobody waits for looks less often. ``recent``: what the feeds of a steward share, so that a line is decoded once.
    """

    def __init__(
        self,
        name: str,
        open_projection: Callable[[], Projection],
        folder: Path,
        log: Callable[[str], None],
        poll: float = 0.5,
        recent: Recent | None = None,
    ) -> None:
        self.name = name
        self._poll = poll
        self.cursor: Cursor | None = None
        self._open = open_projection
        self._projection: Projection | None = None
        self._reader = Reader(folder, recent=recent)
        self._log = log
        self._pause = 0.0
        self._reached = time.time()  # up to when everything in the journal has been taken
        self._looked = time.monotonic()
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begins to read."""
        self._thread.start()

    def stop(self, patience: float) -> bool:
        """Has it finish and read what is there; False if that takes longer than ``patience`` seconds."""
        self._leave.set()
        self._thread.join(patience)
        return not self._thread.is_alive()

    def lag(self) -> float:
        """Seconds by which the projection is behind the journal."""
        return max(0.0, time.time() - self._reached)

    def silence(self) -> float:
        """Seconds since the last look at the journal; large only if it hangs."""
        return time.monotonic() - self._looked

    def _run(self) -> None:
        last = False
        while not last:
            last = self._leave.is_set()  # one more look, for what was written before we were told to leave
            while self._turn():
                if last:
                    break
            self._leave.wait(self._pause or self._poll)

    def _turn(self) -> bool:
        """Takes one batch; True if there is more at once. Trouble is logged, never raised."""
        self._looked = time.monotonic()
        try:
            complete = self._take()
        except Exception as error:  # whatever ails one projection must not reach the others
            self._trouble(error)
            return False
        if self._pause:
            self._log(f"{self.name}: works again")
            self._pause = 0.0
        return not complete

    def _take(self) -> bool:
        now = time.time()
        if self._projection is None:
            self._projection = self._open()
        if self.cursor is None:
            self.cursor = self._projection.cursor()
        batch = self._reader.read(self.cursor, _LINES)
        if batch.items or batch.cursor is not self.cursor:
            self._projection.take(batch, self.cursor)
            self.cursor = batch.cursor
        if batch.complete:
            self._reached = now
        else:
            self._reached = min(now, max((record.time.timestamp() for record in batch.records), default=now))
        return batch.complete

    def _trouble(self, error: Exception) -> None:
        self.cursor = None
        self._pause = min(_LONGEST_PAUSE, self._pause * 2 or _FIRST_PAUSE)
        text = str(error).splitlines()
        self._log(f"{self.name}: {type(error).__name__}: {text[0] if text else ''}; next try in {self._pause:g} s")
