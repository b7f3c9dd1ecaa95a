"""Appends records to this process's own journal file; a record that ``append`` returned is durable.

One file a process, ``<utc>-<node>-<pid>.jsonl``, made with O_EXCL, never shared: its first line is of kind ``open``
and names this process's file before it, its last is ``close``; every line's ``prev`` is the SHA-256 of the raw line
before it. Files are rolled at a size and an age. Make the writer after the fork.

``sync`` says when a record counts as written: ``group`` shares one fdatasync among all threads that wait, ``always``
does one each, ``none`` leaves it to the kernel. ``siblings`` tells how many threads have a record in the making.

Raises JournalError when a record could not be made durable. A line that was written in part (disk full) is truncated
back. When fdatasync itself fails, the kernel may have dropped any page: the file is given up, every waiting append
fails, and the next one starts a new file; a record that such a file still shows is explained by the logged 451. The
writer recovers by itself: each append tries anew.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import msgspec

from ..errors import JournalError
from .ids import Ids
from .record import Kind, Record

Sync = Literal["group", "always", "none"]

_PATIENCE = 0.002  # seconds that a sync waits for siblings
_encoder = msgspec.json.Encoder()
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


def _utc() -> datetime:
    return datetime.now(UTC)


class Writer:
    """The one writer of a process; safe for many threads."""

    def __init__(
        self,
        folder: Path,
        node: str,
        *,
        sync: Sync = "group",
        max_file_bytes: int = 64 << 20,
        max_file_seconds: float = 3600.0,
        clock: Callable[[], datetime] = _utc,
        ids: Ids | None = None,
        siblings: Callable[[], int] = lambda: 1,
    ) -> None:
        self.ids = ids or Ids()
        self.node = node
        self._folder = folder
        self._sync = sync
        self._max_bytes = max_file_bytes
        self._max_seconds = max_file_seconds
        self._clock = clock
        self._pid = os.getpid()
        self._turn = threading.Condition(threading.Lock())
        self._fd = -1
        self._name: str | None = None
        self._opened = 0.0
        self._size = 0
        self._head: str | None = None
        self._written = 0  # lines of the present file, and how many of them are known to be on disk
        self._synced = 0
        self._syncing = False
        self._waiting = 0
        self._siblings = siblings
        self._given_up: set[int] = set()  # numbers of files whose sync failed
        self._number = 0
        self._before: dict[str, Any] | None = None

    @property
    def file(self) -> str | None:
        """Name of the file in use; None before the first append and after ``close``."""
        return self._name if self._fd >= 0 else None

    def open(self) -> None:
        """Open a file now rather than at the first append, to learn early that the folder cannot be written."""
        self._own()
        with self._turn:
            self._ready()

    def append(self, record: Record) -> Record:
        """Write one record and return it, with its ``prev``, once it is as durable as ``sync`` asks."""
        self._own()
        with self._turn:
            self._ready()
            record = self._write(record)
            if self._sync == "group":
                self._wait(self._number, self._written)
            elif self._sync == "always":
                self._flush()
        return record

    def close(self) -> None:
        """End the file with a ``close`` line; later appends would open a new file."""
        if os.getpid() == self._pid:
            with self._turn:
                self._finish()

    def _own(self) -> None:
        if os.getpid() != self._pid:
            raise JournalError("this journal writer belongs to another process; make one after the fork")

    # Everything below runs with the lock held.

    def _ready(self) -> None:
        if self._fd >= 0 and (self._size >= self._max_bytes or time.monotonic() - self._opened >= self._max_seconds):
            self._finish()
        if self._fd < 0:
            self._start()

    def _start(self) -> None:
        try:
            self._fd, self._name = _create(self._folder, self._clock(), self.node, self._pid)
        except OSError as error:
            raise JournalError(f"cannot open a journal file in {self._folder}: {error.strerror}") from error
        before = self._before
        self._number += 1
        self._opened = time.monotonic()
        self._size = self._written = self._synced = 0
        self._head = None
        try:
            self._write(self._own_line("open", {"pid": self._pid, "file": self._name, "previous": before}))
            self._flush()
        except JournalError:
            # A file without a first line tells nobody anything.
            if self._fd >= 0:
                os.close(self._fd)
                self._fd = -1
            (self._folder / self._name).unlink(missing_ok=True)
            self._before = before
            raise
        self._before = {"file": self._name, "head": None}

    def _finish(self) -> None:
        while self._syncing:
            self._turn.wait()
        if self._fd < 0:
            return
        # A file without its close line is allowed; lines that others still wait for are synced all the same.
        with suppress(JournalError):
            self._write(self._own_line("close", {"lines": self._written + 1}))
        with suppress(JournalError):
            self._flush()
        if self._fd >= 0:
            self._before = {"file": self._name, "head": self._head}
            os.close(self._fd)
            self._fd = -1

    def _own_line(self, kind: Kind, details: dict[str, Any]) -> Record:
        return Record(kind=kind, id=self.ids.new(), time=self._clock(), node=self.node, details=details)

    def _write(self, record: Record) -> Record:
        record = msgspec.structs.replace(record, prev=self._head)
        line = _encoder.encode(record) + b"\n"
        try:
            count = os.write(self._fd, line)
            problem = "disk full" if count < len(line) else None
        except OSError as error:
            problem = error.strerror
        if problem:
            self._take_back()
            raise JournalError(f"cannot write to the journal in {self._folder}: {problem}")
        self._size += len(line)
        self._head = sha256(line[:-1]).hexdigest()
        self._written += 1
        return record

    def _take_back(self) -> None:
        try:
            os.ftruncate(self._fd, self._size)
        except OSError:
            self._give_up()

    def _give_up(self) -> None:
        """Leave a file that cannot be trusted any more; the next append starts another."""
        self._before = {"file": self._name, "head": None}
        self._given_up.add(self._number)
        fd, self._fd = self._fd, -1
        while self._syncing:  # its number must not become another file's while somebody is about to sync it
            self._turn.wait()
        os.close(fd)

    def _flush(self) -> None:
        """One fdatasync with the lock held, for lines that nobody shares."""
        while self._syncing:
            self._turn.wait()
        if self._fd < 0:
            raise JournalError(f"cannot write to the journal in {self._folder}: the file was given up")
        if self._sync == "none":
            return
        problem = _sync_file(self._fd)
        self._settle(self._number, self._written, problem)
        if problem:
            raise JournalError(f"cannot sync the journal in {self._folder}: {problem}")

    def _wait(self, number: int, line: int) -> None:
        """Wait until ``line`` of file ``number`` is on disk; the first who waits syncs for all the others.

        While siblings are on their way here, the first waits a moment for them: one sync then serves them all.
        """
        self._waiting += 1
        if self._waiting >= self._siblings():
            self._turn.notify_all()
        try:
            if not self._syncing and self._waiting < self._siblings():
                self._turn.wait(_PATIENCE)
            self._share_sync(number, line)
        finally:
            self._waiting -= 1

    def _share_sync(self, number: int, line: int) -> None:
        while True:
            if self._number == number and self._synced >= line:
                return
            if number in self._given_up:
                raise JournalError(f"cannot sync the journal in {self._folder}: the file was given up")
            if self._number != number or self._fd < 0:
                return  # a file is rolled and closed only once all of it is on disk
            if self._syncing:
                self._turn.wait()
                continue
            self._syncing = True
            fd, upto = self._fd, self._written
            self._turn.release()
            try:
                problem = _sync_file(fd)
            finally:
                self._turn.acquire()
                self._syncing = False
            self._settle(number, upto, problem)

    def _settle(self, number: int, upto: int, problem: str | None) -> None:
        if number == self._number and self._fd >= 0:  # else the file was given up meanwhile
            if problem:
                self._give_up()
            else:
                self._synced = max(self._synced, upto)
        self._turn.notify_all()


def _create(folder: Path, now: datetime, node: str, pid: int) -> tuple[int, str]:
    stem = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{_UNFIT.sub('_', node) or '_'}-{pid}"
    for count in range(1000):
        name = f"{stem}.{count}.jsonl" if count else f"{stem}.jsonl"
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            fd = os.open(folder / name, flags, 0o640)
        except FileExistsError:
            continue
        try:
            os.fchmod(fd, 0o640)
            parent = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(parent)
            finally:
                os.close(parent)
        except OSError:
            os.close(fd)
            (folder / name).unlink(missing_ok=True)
            raise
        return fd, name
    raise FileExistsError(17, "a thousand files of this name")


def _sync_file(fd: int) -> str | None:
    """fdatasync (Python lets other threads run meanwhile); what went wrong, or None."""
    try:
        if os.fstat(fd).st_nlink == 0:
            return "the file was deleted"
        os.fdatasync(fd)
    except OSError as error:
        return error.strerror or "unknown"
    return None
