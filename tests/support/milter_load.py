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
from collections.abc import Iterable, Iterator, Sequence
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
class Turn:
    """Bytes up to an event that is answered."""

    data: bytes
    stage: Stage


Script = Sequence[Turn]


def script(steps: Iterable[Step]) -> Script:
    """The turns of these steps; what follows the last answered one is left out."""
    turns = []
    waiting = bytearray()  # to which a chunk of 50 MB is added without a copy of all that is there
    for step in steps:
        waiting += step.data
        if step.answered:
            turns.append(Turn(bytes(waiting), step.stage))
            waiting = bytearray()
    return turns


def first_mail(mail: Mail, agreed: Agreement) -> Iterator[Step]:
    """A session from its first byte to the end of its first mail, where it is known what the filter agrees to."""
    yield Step("connect", OFFERED, answered=True)
    yield from opening(mail, agreed)
    yield from transaction(mail, agreed)


def open_session(address: str, mail: Mail) -> tuple[Session, Agreement]:
    """A session behind HELO, ready for mails with the client of this one; and what the filter agreed to."""
    connection = connect(address, 60.0)
    connection.sendall(OFFERED)
    agreed = Agreement.read(_frame(connection)[1])
    _play(connection, list(opening(mail, agreed)))
    return Session(connection), agreed


class Session:
    """One connection, on which scripts are played, one at a time: ``begin``, then ``answered`` when there is
    something to be read."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.script: Script = ()
        self.at = 0
        self.started = 0.0
        self.buffer = b""

    def begin(self, script: Script) -> None:
        self.script = script
        self.at = 0
        self.started = time.perf_counter()
        self.socket.sendall(script[0].data)

    def close(self) -> None:
        self.socket.sendall(QUIT)
        self.socket.close()

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
        if command in (b"c", b"s", b"O") and stage != "eob":
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
    opened = []
    for _ in range(min(sessions, messages)):
        session, agreed = open_session(address, mails[0])
        opened.append(session)
    scripts = [script(transaction(mail, agreed)) for mail in mails]
    poll = select.epoll()
    by_number = {one.socket.fileno(): one for one in opened}
    latencies: list[float] = []
    verdicts: Counter[str] = Counter()
    start = time.perf_counter()
    for number, one in enumerate(opened):
        poll.register(one.socket, select.EPOLLIN)
        one.begin(scripts[number % len(scripts)])
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
                    session.begin(scripts[given % len(scripts)])
                    given += 1
    seconds = time.perf_counter() - start
    poll.close()
    for one in opened:
        one.close()
    return Loaded(seconds, verdicts, latencies)


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
