"""The fork server: a small process that imports the readers, shows them no document of others, forks a child a job.

A fork behind any call of a PDF library hangs, and what a stranger's document does to a process stays in it: before it
forks it reads only what it makes itself (``child_rehearsal``). It is a program of its own, started with an
environment of its own, not a fork of the house, which has keys, passwords and the register in its memory. So it knows
no mail, no policy and no document, and a child inherits nothing worth stealing. It keeps the deadlines: who passes
one is killed, with all that it may have started.

Over its channel (one message a packet): ``Job`` with the document and the pipe for the answer comes in; ``Up`` goes
out when the readers are loaded, ``Ended`` when a child is gone. End of file means that the broker is gone:
everybody dies.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import msgspec
from msgspec import Struct

from . import child, child_sandbox, child_view, wire
from .child_rehearsal import rehearse
from .model import DocumentLimits
from .seals import checking

READER, OCR = "vanthu.documents.read", "vanthu.documents.ocr"
_CHANNEL, _BIRTH = 3, 4  # descriptors of a new fork server
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "LD_PRELOAD")
How = Literal["done", "timeout", "crashed"]


class Birth(Struct, frozen=True):
    """What a new fork server is told: how to read, by which module, and its folder."""

    limits: DocumentLimits
    reader: str
    home: str


class Up(Struct, frozen=True, tag=True):
    """The readers are loaded, or ``trouble`` says why not. ``narrowed``: children see no file of the house."""

    trouble: str | None = None
    narrowed: bool = True


class Ended(Struct, frozen=True, tag=True):
    """A child has ended; ``signal`` is what ended it, or 0."""

    number: int
    how: How
    signal: int = 0


reports = msgspec.msgpack.Decoder(Up | Ended)
_encoder = msgspec.msgpack.Encoder()
_jobs = msgspec.msgpack.Decoder(child.Job)
_births = msgspec.msgpack.Decoder(Birth)


@dataclass(slots=True, eq=False)
class _Running:
    number: int
    pid: int
    handle: int  # pidfd
    deadline: float
    late: bool = False


class Server:
    """``reader`` is a module with ``read``, ``ocr`` one with ``ocr_ready``."""

    def __init__(self, channel: socket.socket, limits: DocumentLimits, reader: str, ocr: str) -> None:
        self._channel = channel
        self._limits = limits
        module = importlib.import_module(reader)
        self._read: child.Read = module.read
        if reader == READER:
            rehearse(self._read, limits)
        checking.prepare(limits.trust)
        self._ready: Callable[[], str | None] = importlib.import_module(ocr).ocr_ready
        child_sandbox.prepare()
        child_sandbox.give_way()
        self._running: dict[int, _Running] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(channel, selectors.EVENT_READ)

    def run(self) -> None:
        """Serves until the broker is gone."""
        gc.collect()
        gc.freeze()
        self._report(Up(narrowed=child_view.landlocked()))
        while True:
            for ready, _ in self._selector.select(self._patience()):
                if ready.data is None:
                    if not self._take():
                        return
                else:
                    self._bury(ready.data)
            now = time.monotonic()
            for one in self._running.values():
                if one.deadline <= now and not one.late:
                    one.late = True
                    _kill(one.pid)

    def _patience(self) -> float | None:
        waits = [one.deadline - time.monotonic() for one in self._running.values() if not one.late]
        return max(0.0, min(waits)) if waits else None

    def _take(self) -> bool:
        packet, descriptors, _, _ = socket.recv_fds(self._channel, 16 << 10, 2)
        if not packet:
            return False
        job = _jobs.decode(packet)
        answer, content = descriptors[0], descriptors[1] if len(descriptors) > 1 else None
        me = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self._become_child(job, answer, content)
                child.live(job, content, answer, self._limits, self._read, self._ready, me)
            finally:
                os._exit(1)
        wire.close(*descriptors)
        running = _Running(job.number, pid, os.pidfd_open(pid), time.monotonic() + child.wall(job, self._limits))
        self._running[pid] = running
        self._selector.register(running.handle, selectors.EVENT_READ, running)
        return True

    def _become_child(self, job: child.Job, answer: int, content: int | None) -> None:
        if child.with_ocr(job):
            os.setsid()
            child_sandbox.give_way(ocr=True)
        else:
            os.setpgid(0, 0)
        kept = (answer, content, child_view.ruleset())
        wire.keep_only(*(one for one in kept if one is not None))

    def _bury(self, one: _Running) -> None:
        self._selector.unregister(one.handle)
        os.close(one.handle)
        _kill(one.pid)  # whatever it has started, while its number is still its own
        _, status = os.waitpid(one.pid, 0)
        del self._running[one.pid]
        code = os.waitstatus_to_exitcode(status)
        late = one.late or code == -signal.SIGXCPU
        how: How = "done" if code == 0 else "timeout" if late else "crashed"
        self._report(Ended(one.number, how, max(0, -code)))

    def _report(self, report: Up | Ended) -> None:
        self._channel.send(_encoder.encode(report))


def _kill(pid: int) -> None:
    """The child and its process group; the group may not be there yet, or no more."""
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)


def main() -> None:
    """The life of a fork server, from its first line; does not return."""
    try:
        birth = _births.decode(wire.content_of(_BIRTH))
        channel = socket.socket(fileno=_CHANNEL)
        channel.set_inheritable(False)
        _settle(channel, birth.home)
        try:
            server = Server(channel, birth.limits, birth.reader, OCR)
        except Exception as error:
            channel.send(_encoder.encode(Up(f"{type(error).__name__}: {error}"[:500])))
        else:
            server.run()
    finally:
        os._exit(0)


def _settle(channel: socket.socket, home: str) -> None:
    """Nothing of the house that started us stays open; libraries' chatter may quote a document, so it goes nowhere;
    and what they think they may write goes to a folder of our own, one thread at a time."""
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    wire.keep_only(channel.fileno())
    os.environ.update(HOME=home, TMPDIR=home, XDG_CACHE_HOME=home, OMP_THREAD_LIMIT="1", OMP_NUM_THREADS="1")
    os.chdir(home)


def start(limits: DocumentLimits, reader: str, home: str) -> tuple[int, socket.socket]:
    """Starts a fork server; its process id and our end of the channel. OSError when the program cannot be started."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    birth = wire.seal(_encoder.encode(Birth(limits, reader, home)))
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    command = [sys.executable, "-B", "-P", "-s", "-m", __name__]
    try:
        # By way of numbers that are not in use: what is moved last must not have been overwritten by the first.
        above = max(theirs.fileno(), birth, _BIRTH) + 1
        moves = [(theirs.fileno(), above), (birth, above + 1), (above, _CHANNEL), (above + 1, _BIRTH)]
        moved = [(os.POSIX_SPAWN_DUP2, here, there) for here, there in moves]
        closed = [(os.POSIX_SPAWN_CLOSE, number) for number in (above, above + 1)]
        pid = os.posix_spawn(command[0], command, environment, file_actions=[*moved, *closed])
    finally:
        theirs.close()
        os.close(birth)
    return pid, ours


def submit(channel: socket.socket, job: child.Job, answer: int, content: int | None) -> None:
    """Hands a job over; OSError when the fork server is gone."""
    descriptors = [answer] if content is None else [answer, content]
    socket.send_fds(channel, [_encoder.encode(job)], descriptors)


if __name__ == "__main__":
    main()
