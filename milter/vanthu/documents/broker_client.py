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
    """A question that has been put. ``answers`` are there at once when everything was known; else ``finish``."""

    def __init__(self, state: Path, items: Sequence[Item], contents: Sequence[bytes], until: float) -> None:
        """``state`` is the folder with the broker's socket, ``until`` monotonic seconds."""
        self._state = state
        self._items = tuple(items)
        self._contents = contents
        self._until = until
        self._connection, first = self._put()
        self.answers = first.answers if isinstance(first, Answers) else None
        self._wanted = first.indexes if isinstance(first, wire.Wanted) else ()
        if self.answers is not None:
            self.close()

    def finish(self) -> tuple[Answer, ...]:
        """Hands over what is wanted and waits for the rest; at the deadline with what there is."""
        for _ in range(_TRIES):
            if self.answers is not None:
                break
            self.answers = self._once()
            if self.answers is None:
                self._again()
        if self.answers is None:
            self.answers = tuple(Answer("failed", "unavailable") for _ in self._items)
        self.close()
        return self.answers

    def close(self) -> None:
        """Nobody waits any more."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _put(self) -> tuple[socket.socket | None, wire.Reply | None]:
        """Connects and asks: the connection and the first word, both None where nobody answers."""
        connection = None
        try:
            connection = wire.connect(self._state, PROMPT)
            wire.send(connection, wire.Enquiry(self._until, self._items))
            first = wire.receive_reply(connection)
            if first is not None:
                return connection, first
        except (OSError, WireError):
            pass
        if connection is not None:
            connection.close()
        return None, None

    def _once(self) -> tuple[Answer, ...] | None:
        if self._connection is None:
            return None
        try:
            self._connection.settimeout(max(0.001, self._until + _MARGIN - time.monotonic()))
            for index in self._wanted:
                descriptor = wire.seal(self._contents[index])
                try:
                    wire.send(self._connection, wire.Content(index), [descriptor])
                finally:
                    wire.close(descriptor)
            reply = wire.receive_reply(self._connection)
        except TimeoutError:
            return tuple(Answer("late", "timeout") for _ in self._items)
        except (OSError, WireError):
            return None
        return reply.answers if isinstance(reply, Answers) and len(reply.answers) == len(self._items) else None

    def _again(self) -> None:
        """The broker is gone: its successor may be there in a moment."""
        self.close()
        if time.monotonic() + _PAUSE >= self._until:
            return
        time.sleep(_PAUSE)
        self._connection, first = self._put()
        self.answers = first.answers if isinstance(first, Answers) else None
        self._wanted = first.indexes if isinstance(first, wire.Wanted) else ()


def statistics(state: Path, seconds: float = PROMPT) -> wire.Statistics | None:
    """How the broker is; None when nobody answers."""
    try:
        with wire.connect(state, seconds) as connection:
            wire.send(connection, wire.Ask())
            reply = wire.receive_reply(connection)
    except (OSError, WireError):
        return None
    return reply if isinstance(reply, wire.Statistics) else None
