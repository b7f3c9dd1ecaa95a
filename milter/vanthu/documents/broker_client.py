"""Asking the broker: one connection, one batch, one deadline.

Never raises: where the broker is away or falls silent, the answers are ``unavailable``. A broker that dies while we
ask is asked again as soon as its successor is there, since reading is the same the second time.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from pathlib import Path

from . import wire
from .wire import Answer, Answers, Item, WireError

PROMPT = 2.0  # seconds for the first word, which a living broker says at once
_MARGIN = 0.5  # seconds that the broker's last word may be late
_PAUSE = 0.05
_TRIES = 3


class Enquiry:
    """A question that has been put, with the documents that the broker lacked handed over.

    ``answers`` are there at once where everything was known; else ``finish`` waits for them. Closed before that, the
    documents are read all the same, and known to whoever asks next.
    """

    def __init__(self, state: Path, items: Sequence[Item], contents: Sequence[bytes], until: float) -> None:
        """``state`` is the folder with the broker's socket, ``until`` monotonic seconds."""
        self._state = state
        self._items = tuple(items)
        self._contents = contents
        self._until = until
        self._connection: socket.socket | None = None
        self.answers: tuple[Answer, ...] | None = None
        self._put()

    def finish(self) -> tuple[Answer, ...]:
        """Waits for the answers; at the deadline there is what there is."""
        for attempt in range(_TRIES):
            if self.answers is None:
                self._wait()
            if self.answers is not None:
                return self.answers
            if attempt == _TRIES - 1 or time.monotonic() + _PAUSE >= self._until:
                break
            time.sleep(_PAUSE)
            self._put()
        self.close()
        return self.answers or tuple(Answer("failed", "unavailable") for _ in self._items)

    def close(self) -> None:
        """Nobody waits any more."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _put(self) -> None:
        """Connects, asks and hands over; without a connection at the end, the broker is away."""
        self.close()
        try:
            self._connection = wire.connect(self._state, PROMPT)
            wire.send(self._connection, wire.Enquiry(self._until, self._items))
            reply = wire.receive_reply(self._connection)
            if isinstance(reply, wire.Wanted):
                for index in reply.indexes:
                    self._hand_over(self._connection, index)
                return
            self._take(reply)
        except (OSError, WireError):
            pass
        self.close()

    def _hand_over(self, connection: socket.socket, index: int) -> None:
        if not 0 <= index < len(self._contents):
            raise WireError("a document that was not asked about")
        descriptor = wire.seal(self._contents[index])
        try:
            wire.send(connection, wire.Content(index), [descriptor])
        finally:
            wire.close(descriptor)

    def _wait(self) -> None:
        if self._connection is None:
            return
        try:
            self._connection.settimeout(max(0.001, self._until + _MARGIN - time.monotonic()))
            self._take(wire.receive_reply(self._connection))
        except TimeoutError:
            self.answers = tuple(Answer("late", "timeout") for _ in self._items)
        except (OSError, WireError):
            pass
        self.close()

    def _take(self, reply: wire.Reply | None) -> None:
        if isinstance(reply, Answers) and len(reply.answers) == len(self._items):
            self.answers = reply.answers


def statistics(state: Path, seconds: float = PROMPT) -> wire.Statistics | None:
    """How the broker is; None when nobody answers."""
    try:
        with wire.connect(state, seconds) as connection:
            wire.send(connection, wire.Ask())
            reply = wire.receive_reply(connection)
    except (OSError, WireError):
        return None
    return reply if isinstance(reply, wire.Statistics) else None
