"""Mail that breaks us three times is held, not tried for ever.

Before a mail is inspected its fingerprint stands in the worker's table of mail in hand: a small file mapped into
memory, so it costs no system call, and outlives the process. Whoever buries a dead worker reads the table and
marks what it had in hand; an exception that nobody foresaw marks its mail itself. A mark is a file that grows by
one byte a strike; it goes when the mail has got an answer for good, or at the first start of vanthu that is more than
a week after its last strike.

A full disk stops no mail: what cannot be marked has one try more, and a worker without a table is not watched.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import threading
import time
from pathlib import Path

SLOT = 32  # a fingerprint in hexadecimal
STRIKES = 3
_FORGOTTEN = 7 * 86_400  # seconds


class InHand:
    """The table of one worker: which fingerprints it is working on now. Safe between threads."""

    def __init__(self, folder: Path, pid: int, slots: int) -> None:
        self.path = folder / f"inhand-{pid}"
        folder.mkdir(parents=True, exist_ok=True)
        self._map = self._mapped(SLOT * slots)
        self._slots = slots
        self._free = list(range(slots))
        self._lock = threading.Lock()

    def _mapped(self, size: int) -> mmap.mmap:
        """The file, locked as long as this process lives, or memory of our own where there is no room for it."""
        with contextlib.suppress(OSError), self.path.open("w+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Every page has its place on the disk now: to touch one that has none would end this process (SIGBUS).
            if file.write(bytes(size)) == size:
                return mmap.mmap(file.fileno(), size)
        return mmap.mmap(-1, size)

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
        with contextlib.suppress(OSError), (self.folder / fingerprint).open("ab") as file:
            file.write(b".")
            file.flush()
            return file.tell()
        return self.strikes(fingerprint)

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
        # Before the marks: a supervisor that dies in between gives one strike too few, not one too many.
        table.unlink(missing_ok=True)
        slots = (content[start : start + SLOT] for start in range(0, len(content), SLOT))
        found = [slot.decode("ascii") for slot in slots if slot.strip(b"\0")]
        for fingerprint in found:
            self.mark(fingerprint)
        return found

    def sweep(self) -> None:
        """Buries workers that nobody was there to bury, as after a power failure, and drops marks of long ago."""
        for table in self.folder.parent.glob("inhand-*"):
            pid = table.name.partition("-")[2]
            if pid.isdecimal() and not _locked(table):
                self.bury(int(pid))
        limit = time.time() - _FORGOTTEN
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < limit:
                    path.unlink()


def _locked(table: Path) -> bool:
    """Whether its worker lives."""
    try:
        with table.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
