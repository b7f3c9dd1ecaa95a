"""Signals as something that a selector waits for: handlers only wake, and the loop asks which came.

Those that came before there were handlers, while a supervisor turned into its successor, are heard, too.
"""

from __future__ import annotations

import signal
import socket
from types import FrameType

KNOWN = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR2)


class Signals:
    """From now on, all in ``KNOWN`` are taken; ``reader`` is readable when some have come."""

    def __init__(self) -> None:
        self.reader, self._writer = socket.socketpair()
        self.reader.setblocking(False)
        self._writer.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in KNOWN:
            signal.signal(number, _queue)
        attend()

    def come(self) -> set[int]:
        """Which came since the last time."""
        return set(self.reader.recv(4096))


def put_off() -> None:
    """Signals wait, across execve(2) too, until somebody attends to them again."""
    signal.pthread_sigmask(signal.SIG_BLOCK, KNOWN)


def attend() -> None:
    """Signals come from now on, those that waited first."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, KNOWN)


def _queue(number: int, frame: FrameType | None) -> None:
    """The wake-up descriptor carries the number; nothing else may happen inside a signal handler."""
