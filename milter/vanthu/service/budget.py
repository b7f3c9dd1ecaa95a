"""How much a worker has in hand: sessions, and bytes of mail in memory. Past the limit, mail waits at the client."""

from __future__ import annotations

import threading
import time


class Budget:
    """Counts bytes in flight against a limit; safe between threads."""

    def __init__(self, most_bytes: int, most_sessions: int) -> None:
        self.most_bytes = most_bytes
        self.most_sessions = most_sessions
        self.bytes = 0
        self.sessions = 0
        self._room = threading.Condition()

    def account(self, size: int) -> bool:
        """Takes bytes (or gives them back, when negative); False when the limit is passed."""
        with self._room:
            self.bytes += size
            if size < 0:
                self._room.notify_all()
            return self.bytes <= self.most_bytes

    def wait_for(self, size: int, seconds: float) -> bool:
        """Takes bytes for a large inspection as soon as there is room; False (nothing taken) past the deadline.

        A mail larger than the whole budget may pass when nothing else is in hand.
        """
        deadline = time.monotonic() + seconds
        with self._room:
            while self.bytes > 0 and self.bytes + size > self.most_bytes:
                if not self._room.wait(deadline - time.monotonic()):
                    return False
            self.bytes += size
            return True

    def opened(self) -> None:
        """A connection begins."""
        with self._room:
            self.sessions += 1

    def closed(self) -> None:
        """A connection has ended."""
        with self._room:
            self.sessions -= 1

    @property
    def full(self) -> bool:
        """Whether more sessions are open than settings allow."""
        return self.sessions > self.most_sessions
