"""Reads the journal from where a cursor stands: whole lines only, and nothing is skipped in silence.

A torn last line waits for its rest. Once its writer is gone (no process of that id, file untouched for a while) it is
reported as damage, as is everything else that is not as it was written: garbage, a broken chain, a file that became
shorter or vanished. A line with a broken chain before it is handed out: it is the line *before* that was changed.
"""

from __future__ import annotations

import os
import re
import time
from hashlib import sha256
from pathlib import Path

from .batch import Batch, Damage, Line
from .cursor import Cursor, Place
from .lines import decode, whole_lines
from .recent import Recent, Stretch

SUFFIX = ".jsonl"
_UNTRUSTED = ""
_PID = re.compile(r"-(\d+)(?:\.\d+)?\.jsonl\Z")
_QUIET = 60.0  # seconds without a change after which the file of a vanished process is finished
_FORGOTTEN = 86_400.0  # the same where the process id is in use, by somebody else


class Reader:
    """Reads one folder for one reader. It keeps no place of its own, only what it has seen of the folder.

    ``recent``: what several readers of this folder share.
    """

    def __init__(self, folder: Path, *, quiet: float = _QUIET, recent: Recent | None = None) -> None:
        self._folder = folder
        self._quiet = quiet
        self._recent = recent
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
            left -= self._file(name, cursor.get(name, Place()), left, items, changed)
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

    def _file(self, name: str, place: Place, left: int, items: list[Line | Damage], changed: dict[str, Place]) -> int:
        """Reads on in one file; how many lines."""
        path = self._folder / name
        try:
            status = path.stat()
        except FileNotFoundError:
            return 0  # between the listing and now: the next listing tells
        if status.st_size < place.offset:
            items.append(Damage("cut", name, status.st_size, f"{place.offset} bytes had been read"))
            changed[name] = Place(place.offset, place.head, True)
            return 0
        count = 0
        while count < left and place.offset < status.st_size and not place.done:
            stretch = self._stretch(name, path, place, left - count)
            items += stretch.items
            place = stretch.after
            if not stretch.count:
                break
            count += stretch.count
        rest = status.st_size - place.offset
        if place.done and rest > 0:
            items.append(Damage("garbage", name, place.offset, f"{rest} bytes after the close line"))
        if not place.done and count == 0 and self._finished(name, status):
            place = Place(place.offset, place.head, True)
            if rest > 0:
                items.append(Damage("torn", name, place.offset, f"{rest} bytes without a line end"))
        # One of which nothing was read stays out: its writer takes it back where a full disk has no room for a line.
        if count or place.done:
            changed[name] = place
        return count

    def _stretch(self, name: str, path: Path, place: Place, most: int) -> Stretch:
        """The next lines of a file: what another reader has just found there, or else what stands in it."""
        known = self._recent.find(name, place) if self._recent is not None else None
        if known is not None and known.count <= most:
            return known
        read = _read(name, path, place, most)
        if self._recent is not None and read.count:
            self._recent.keep(name, place, read)
        return read

    def _finished(self, name: str, status: os.stat_result) -> bool:
        """Whether nobody will write to the file any more, though it has no ``close`` line."""
        age = time.time() - status.st_mtime
        if age < self._quiet:
            return False
        return not _writer_lives(name) or (age > _FORGOTTEN and not _writer_holds(name, status))


def read_new(folder: Path, cursor: Cursor, max_lines: int = 1000) -> Batch:
    """One look at a folder; see ``Reader.read``."""
    return Reader(folder).read(cursor, max_lines)


def _read(name: str, path: Path, place: Place, most: int) -> Stretch:
    """Whole lines from a place on, at most so many, and none after a ``close``."""
    items: list[Line | Damage] = []
    offset, head, done, count = place.offset, place.head, False, 0
    for at, raw in whole_lines(path, offset):
        head, done = _take(name, at, raw, head, items)
        offset = at + len(raw) + 1
        count += 1
        if count >= most or done:
            break
    return Stretch(tuple(items), count, Place(offset, head, done))


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
