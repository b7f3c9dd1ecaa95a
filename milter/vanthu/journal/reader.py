"""Reads the journal from where a cursor stands: whole lines only, and nothing is skipped in silence.

A torn last line waits for its rest. Once its writer is gone (no process of that id, file untouched for a while) it is
reported as damage, as is everything else that is not as it was written: garbage, a broken chain, a file that became
shorter or vanished. A line with a broken chain before it is handed out: it is the line *before* that was changed.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from .cursor import Cursor, Place
from .lines import decode, whole_lines
from .record import Record

SUFFIX = ".jsonl"
_UNTRUSTED = ""
_PID = re.compile(r"-(\d+)(?:\.\d+)?\.jsonl\Z")
_QUIET = 60.0  # seconds without a change after which the file of a vanished process is finished
_FORGOTTEN = 86_400.0  # the same where the process id is in use, by somebody else

DamageKind = Literal["garbage", "chain", "torn", "cut", "missing"]


@dataclass(frozen=True, slots=True)
class Line:
    """One record and where it stands."""

    record: Record
    raw: bytes
    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in the journal is not as it was written."""

    kind: DamageKind
    file: str
    offset: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.offset}: {self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read, where the reader stands after it, and whether there was nothing more to read."""

    items: tuple[Line | Damage, ...]
    cursor: Cursor
    complete: bool

    @property
    def records(self) -> Iterator[Record]:
        """The records alone."""
        return (item.record for item in self.items if isinstance(item, Line))


class Reader:
    """Reads one folder for one reader. It keeps no place of its own, only what it has seen of the folder."""

    def __init__(self, folder: Path, *, quiet: float = _QUIET) -> None:
        self._folder = folder
        self._quiet = quiet
        self._listed: tuple[int, list[str]] | None = None
        self._waiting: tuple[Cursor, list[str], list[str]] | None = None

    def read(self, cursor: Cursor, max_lines: int = 1000) -> Batch:
        """At most ``max_lines`` lines beyond the cursor, file by file by name; OSError if unreadable.

        Where nothing has changed, the batch's cursor is the very cursor that was given.
        """
        items: list[Line | Damage] = []
        names = self._names()
        changed: dict[str, Place] = {}
        gone, waiting = self._open(cursor, names)
        for name in gone:
            if not cursor[name].done:
                items.append(Damage("missing", name, 0, "the file vanished before it was read to its end"))
        left = max_lines
        for name in waiting:
            if left <= 0:
                break
            left -= self._file(name, cursor.get(name), left, items, changed)
        after = cursor
        if gone or changed:
            after = {name: place for name, place in cursor.items() if name not in gone} | changed
        self._waiting = (after, names, [name for name in waiting if name not in changed or not changed[name].done])
        return Batch(tuple(items), after, left > 0)

    def _open(self, cursor: Cursor, names: list[str]) -> tuple[set[str], list[str]]:
        """Files that vanished, and files that may have more; remembered, as thousands of finished files lie about."""
        if self._waiting is not None and self._waiting[0] is cursor and self._waiting[1] is names:
            return set(), self._waiting[2]
        gone = set(cursor).difference(names)
        return gone, [name for name in names if name not in cursor or not cursor[name].done]

    def _names(self) -> list[str]:
        """Journal files by name; listed anew only when the folder has changed, or changed a moment ago."""
        changed = self._folder.stat().st_mtime_ns
        if self._listed is None or self._listed[0] != changed:
            names = sorted(entry.name for entry in os.scandir(self._folder) if entry.name.endswith(SUFFIX))
            settled = time.time_ns() - changed > 2_000_000_000  # time stamps of folders are coarse
            self._listed = (changed, names) if settled else None
            return names
        return self._listed[1]

    def _file(
        self, name: str, before: Place | None, left: int, items: list[Line | Damage], changed: dict[str, Place]
    ) -> int:
        """Reads on in one file; how many lines."""
        place = before or Place()
        path = self._folder / name
        try:
            status = path.stat()
        except FileNotFoundError:
            return 0  # between the listing and now: the next listing tells
        offset, head, done, count = place.offset, place.head, False, 0
        if status.st_size < offset:
            items.append(Damage("cut", name, status.st_size, f"{offset} bytes had been read"))
            changed[name] = Place(offset, head, True)
            return 0
        if status.st_size > offset:
            for at, raw in whole_lines(path, offset):
                head, done = _take(name, at, raw, head, items)
                offset = at + len(raw) + 1
                count += 1
                if count >= left or done:
                    break
            if done and status.st_size > offset:
                items.append(Damage("garbage", name, offset, f"{status.st_size - offset} bytes after the close line"))
        if not done and count == 0 and self._finished(name, status):
            done = True
            if status.st_size > offset:
                items.append(Damage("torn", name, offset, f"{status.st_size - offset} bytes without a line end"))
        if count or done or before is None:
            changed[name] = Place(offset, head, done)
        return count

    def _finished(self, name: str, status: os.stat_result) -> bool:
        """Whether nobody will write to the file any more, though it has no ``close`` line."""
        age = time.time() - status.st_mtime
        if age < self._quiet:
            return False
        return not _writer_lives(name) or (age > _FORGOTTEN and not _writer_holds(name, status))


def read_new(folder: Path, cursor: Cursor, max_lines: int = 1000) -> Batch:
    """One look at a folder; see ``Reader.read``."""
    return Reader(folder).read(cursor, max_lines)


def _take(
    name: str, offset: int, raw: bytes, head: str | None, items: list[Line | Damage]
) -> tuple[str | None, bool]:  # fmt: skip
    """Adds what one line says; gives the new head, and whether it was the last line."""
    record = decode(raw)
    if record is None:
        items.append(Damage("garbage", name, offset, "this line is no record"))
        return _UNTRUSTED, False
    if head not in (_UNTRUSTED, record.prev):
        items.append(Damage("chain", name, offset, "prev does not match the line before, which was changed or lost"))
    items.append(Line(record, raw, name, offset))
    return sha256(raw).hexdigest(), record.kind == "close"


def in_use(path: Path) -> bool:
    """Whether the process that made this file is still there, as far as its id tells."""
    return _writer_lives(path.name)


def _writer_lives(name: str) -> bool:
    found = _PID.search(name)
    return found is not None and _alive(int(found[1]))


def _writer_holds(name: str, status: os.stat_result) -> bool:
    """Whether the process of that id has this very file open. Age alone proves nothing: a clock that is set forward,
    or a machine that slept, makes every file old at once."""
    found = _PID.search(name)
    try:
        held = list(os.scandir(f"/proc/{found[1]}/fd")) if found is not None else []
    except OSError:
        return False  # gone, or somebody else's
    return any(_same_file(entry, status) for entry in held)


def _same_file(entry: os.DirEntry[str], status: os.stat_result) -> bool:
    try:
        return os.path.samestat(entry.stat(), status)
    except OSError:
        return False  # closed meanwhile


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
