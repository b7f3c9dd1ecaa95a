"""Mail that breaks us three times is held, not tried for ever.

Before a mail is inspected its fingerprint stands in the worker's table of mail in hand: a small file mapped into
memory, so it costs no system call, and outlives the process. Whoever buries a dead worker reads the table and
marks what it had in hand; an exception that nobody foresaw marks its mail itself. A mark is a file that grows by
one byte a strike.
"""

from __future__ import annotations

import mmap
import os
import threading
from pathlib import Path

SLOT = 32  # a fingerprint in hexadecimal
STRIKES = 3


class InHand:
    """The table of one worker: which fingerprints it is working on now. Safe between threads."""

    def __init__(self, folder: Path, pid: int, slots: int) -> None:
        self.path = folder / f"inhand-{pid}"
        folder.mkdir(parents=True, exist_ok=True)
        with self.path.open("w+b") as file:
            file.truncate(SLOT * slots)
            self._map = mmap.mmap(file.fileno(), SLOT * slots)
        self._slots = slots
        self._free = list(range(slots))
        self._lock = threading.Lock()

    @property
    def busy(self) -> int:
        """How many mails are in hand now."""
        return self._slots - len(self._free)

    def take(self, fingerprint: str) -> int | None:
        """Notes a mail before its inspection; None when the table is full (then it is not watched)."""
        with self._lock:
            if not self._free:
                return None
            slot = self._free.pop()
        self._map[slot * SLOT : (slot + 1) * SLOT] = fingerprint.encode("ascii")
        return slot

    def drop(self, slot: int | None) -> None:
        """The inspection has ended, one way or another."""
        if slot is None:
            return
        self._map[slot * SLOT : (slot + 1) * SLOT] = bytes(SLOT)
        with self._lock:
            self._free.append(slot)


class Suspects:
    """The marks of all workers of this node."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._below = f"{folder}{os.sep}"
        folder.mkdir(parents=True, exist_ok=True)

    def strikes(self, fingerprint: str) -> int:
        """How often this mail has broken a worker."""
        try:
            return os.stat(f"{self._below}{fingerprint}").st_size  # noqa: PTH116 (a third of the cost, once a mail)
        except OSError:
            return 0

    def mark(self, fingerprint: str) -> int:
        """One strike more; returns how many there are now."""
        with (self.folder / fingerprint).open("ab") as file:
            file.write(b".")
            return file.tell()

    def clear(self, fingerprint: str) -> None:
        """The mail has been dealt with."""
        (self.folder / fingerprint).unlink(missing_ok=True)

    def bury(self, pid: int) -> list[str]:
        """Marks what a dead worker had in hand, removes its table, and returns those fingerprints."""
        table = self.folder.parent / f"inhand-{pid}"
        try:
            content = table.read_bytes()
        except OSError:
            return []
        slots = (content[start : start + SLOT] for start in range(0, len(content), SLOT))
        found = [slot.decode("ascii") for slot in slots if slot.strip(b"\0")]
        for fingerprint in found:
            self.mark(fingerprint)
        table.unlink(missing_ok=True)
        return found
