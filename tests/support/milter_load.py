"""Load on a filter over the raw protocol: many sessions in one thread, as cheap on our side as Python allows.

Frames are built before the clock runs; events that the filter does not answer go out in one write with the next
that it does, as through Postfix's output buffer.
"""

from __future__ import annotations

import select
import socket
import struct
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .milter_client import connect
from .milter_wire import ABORT, OFFERED, QUIT, Agreement, Mail, ProtocolError, Stage, Step, opening, transaction

_VERDICTS = {b"c": "accept", b"a": "accept", b"r": "reject", b"y": "reply", b"t": "tempfail", b"d": "discard"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of it: seconds from the first byte to the last answer, verdicts, each mail's seconds in order."""

    seconds: float
    verdicts: Counter[str]
    latencies: list[float]


@dataclass(frozen=True, slots=True)
class _Turn:
    """Bytes up to an event that is answered."""

    data: bytes
    stage: Stage


class _Session:
    def __init__(self, address: str, mails: Sequence[Mail]) -> None:
        self.socket = connect(address, 60.0)
        self.socket.sendall(OFFERED)
        agreed = Agreement.read(_frame(self.socket)[1])
        _play(self.socket, list(opening(mails[0], agreed)))
        self.scripts = [list(_turns(transaction(mail, agreed))) for mail in mails]
        self.script: list[_Turn] = []
        self.at = 0
        self.started = 0.0
        self.buffer = b""

    def begin(self, number: int) -> None:
        self.script = self.scripts[number % len(self.scripts)]
        self.at = 0
        self.started = time.perf_counter()
        self.socket.sendall(self.script[0].data)

    def answered(self) -> str | None:
        """Take what has come; the verdict, if that was the last answer of the mail."""
        self.buffer += self.socket.recv(65_536)
        if not self.buffer:
            raise ProtocolError("the filter hung up")
        while len(self.buffer) >= 5:
            (length,) = struct.unpack_from("!I", self.buffer)
            if len(self.buffer) < length + 4:
                break
            command = self.buffer[4:5]
            self.buffer = self.buffer[length + 4 :]
            if verdict := self._step(command):
                return verdict
        return None

    def _step(self, command: bytes) -> str | None:
        stage = self.script[self.at].stage
        if command in (b"c", b"s") and stage != "eob":
            self.at += 1
            while command == b"s" and self.script[self.at].stage == "body":
                self.at += 1
            self.socket.sendall(self.script[self.at].data)
            return None
        if command in _VERDICTS:
            self.socket.sendall(ABORT)
            return _VERDICTS[command]
        if stage != "eob" and command != b"p":
            raise ProtocolError(f"{command!r} at {stage}")
        return None  # an edit, or a sign of life


def load(address: str, mails: Sequence[Mail], *, messages: int, sessions: int = 8) -> Loaded:
    """Send ``messages`` mails, those given in turn, over ``sessions`` connections that stay open.

    Raises OSError and ProtocolError where the filter fails.
    """
    opened = [_Session(address, mails) for _ in range(min(sessions, messages))]
    poll = select.epoll()
    by_number = {one.socket.fileno(): one for one in opened}
    latencies: list[float] = []
    verdicts: Counter[str] = Counter()
    start = time.perf_counter()
    for number, one in enumerate(opened):
        poll.register(one.socket, select.EPOLLIN)
        one.begin(number)
    given = len(opened)
    while len(latencies) < messages:
        ready = poll.poll(60.0)
        if not ready:
            raise ProtocolError("the filter has said nothing for a minute")
        for descriptor, _ in ready:
            session = by_number[descriptor]
            if verdict := session.answered():
                latencies.append(time.perf_counter() - session.started)
                verdicts[verdict] += 1
                if given < messages:
                    session.begin(given)
                    given += 1
    seconds = time.perf_counter() - start
    poll.close()
    for one in opened:
        one.socket.sendall(QUIT)
        one.socket.close()
    return Loaded(seconds, verdicts, latencies)


def _turns(steps: Iterator[Step]) -> Iterator[_Turn]:
    waiting = bytearray()  # to which a chunk of 50 MB is added without a copy of all that is there
    for step in steps:
        waiting += step.data
        if step.answered:
            yield _Turn(bytes(waiting), step.stage)
            waiting = bytearray()


def _play(connection: socket.socket, steps: Sequence[Step]) -> None:
    for step in steps:
        connection.sendall(step.data)
        if step.answered and _frame(connection)[0] != b"c":
            raise ProtocolError(f"turned away at {step.stage}")


def _frame(connection: socket.socket) -> tuple[bytes, bytes]:
    head = connection.recv(5, socket.MSG_WAITALL)
    if len(head) < 5:
        raise ProtocolError("the filter hung up")
    (length,) = struct.unpack_from("!I", head)
    return head[4:], connection.recv(length - 1, socket.MSG_WAITALL) if length > 1 else b""
