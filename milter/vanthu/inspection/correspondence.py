"""What a worker knows of earlier mail: the steward's snapshot, mapped read-only and mapped again when it changes.

The mail path asks no database. Whether the files changed is looked at once a second at most, not for each mail. Where
the snapshot is not whole (the steward has not run yet, a file is damaged, or ``correspondence.enabled`` is false), or
where it knows of no mail from outside at all (this Postfix does not show us what comes in), nobody can say what is an
answer: ``current`` gives None. A snapshot that grows old because the steward is away still answers.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from ..facts.conversation import Acquaintance
from ..projections.correspondents import FILES, Keys, Table, unpacked

_LOOK = 1.0  # seconds between two looks at the files


class Mapped:
    """One state of the snapshot (``facts.conversation.Correspondents``); what is new goes before the base."""

    __slots__ = ("_keys", "_tables")

    def __init__(self, keys: Keys, tables: tuple[Table, ...]) -> None:
        self._keys = keys
        self._tables = tables

    def between(self, ours: str, outside: str) -> Acquaintance | None:
        number = self._keys.pair(ours, outside)
        for table in self._tables:
            value = table.pair(number)
            if value is not None:
                outside_first, last = unpacked(value)
                return Acquaintance("outside" if outside_first else "inside", last)
        return None

    def wrote(self, message_id: str, outside: str, ours: str) -> bool:
        number = self._keys.message(message_id, outside, ours)
        return any(table.has_message(number) for table in self._tables)


class Correspondence:
    """The snapshot of one process; safe between threads (at worst two of them map it at the same time)."""

    def __init__(self, folder: Path | None, keys: Keys) -> None:
        """``folder`` None: switched off."""
        self._files = [_File((folder or Path()) / name) for name in FILES]
        self._keys = keys
        self._looked = float("-inf") if folder is not None else float("inf")
        self._known: Mapped | None = None

    def current(self) -> Mapped | None:
        """What is known now; None without a snapshot."""
        now = time.monotonic()
        if now - self._looked >= _LOOK:
            self._looked = now
            self._look()
        return self._known

    def _look(self) -> None:
        # In the order of FILES (see correspondents), and every one, whether or not the first has changed.
        changed = [file.changed() for file in self._files]
        if any(changed):
            tables = tuple(file.table for file in self._files if file.table is not None)
            # Without one of them somebody who is well known would be a stranger: then nobody can say.
            whole = len(tables) == len(FILES)
            self._known = Mapped(self._keys, tables) if whole and any(table.messages for table in tables) else None


class _File:
    """One file and the table that was mapped from it last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self.table: Table | None = None

    def changed(self) -> bool:
        """Maps the file again where it was replaced; whether it was."""
        try:
            status = os.stat(self._path)  # noqa: PTH116 (half the cost)
            seen = (status.st_ino, status.st_mtime_ns)
            if seen == self._seen:
                return False
            self._seen, self.table = seen, Table(self._path)
        except (OSError, ValueError):
            gone = self.table is not None
            self._seen, self.table = None, None
            return gone
        return True
