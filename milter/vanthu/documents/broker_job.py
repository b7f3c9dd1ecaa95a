"""One child as the broker sees it: a pipe that an answer comes out of, and a word on how it ended."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass

import msgspec

from . import child
from .child_server import How
from .model import UNREADABLE, Reason

_PIPE = 1 << 20
_BLOCK = 1 << 18
_REST = 1 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """``failure`` None: ``payload`` is what was read."""

    failure: Reason | None
    payload: bytes = b""
    pictures: bool = False
    passing: bool = False


_decoder = msgspec.msgpack.Decoder(child.Outcome)


class Pipe:
    """The reading end of a pipe, for a selector."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor


class Job:
    """A task in a child's hands. ``max_text`` in characters bounds what it may answer."""

    def __init__(self, task: child.Job, max_text: int) -> None:
        self.task = task
        reading, self.answer = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(reading, False)
        fcntl.fcntl(reading, fcntl.F_SETPIPE_SZ, _PIPE)
        self.pipe = Pipe(reading)
        self.listening = True
        self._most = 8 * max_text + _REST
        self._data = bytearray()
        self._closed = False

    def handed_over(self) -> None:
        """The child has the writing end; ours is closed."""
        os.close(self.answer)

    def read(self) -> bool:
        """Takes what is there; False when no more is wanted. A child that says too much finds the pipe closed."""
        try:
            block = os.read(self.pipe.fileno(), _BLOCK)
        except BlockingIOError:
            return True
        self._data += block
        if len(self._data) > self._most:
            self._close()
            return False
        return bool(block)

    def _close(self) -> None:
        if not self._closed:
            self._closed = True
            os.close(self.pipe.fileno())

    def finish(self, how: How) -> Outcome:
        """What has become of it, now that the child is gone."""
        while how == "done" and not self._closed:
            before = len(self._data)
            if not self.read() or len(self._data) == before:
                break
        self._close()
        if len(self._data) > self._most:
            return Outcome("too_large")
        if how != "done":
            return Outcome("timeout" if how == "timeout" else "crashed")
        try:
            said = _decoder.decode(self._data)
        except UNREADABLE:
            return Outcome("crashed")
        return Outcome(None, said.payload, said.pictures, said.passing)
