"""A time limit on code that knows none: a timer that interrupts it, for the only thread of a process.

Raises ``Overdue`` inside the code. It is no ``Exception``, since what is interrupted catches those; and it comes
again and again, should it be caught all the same.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_AGAIN = 0.05


class Overdue(BaseException):
    """The time is over."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises Overdue in what stands below when ``seconds`` of wall clock are over. Main thread only."""

    over = False

    def ring(_number: int, _frame: object) -> None:
        if not over:
            raise Overdue

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(0.001, seconds), _AGAIN)
        yield
    finally:
        # An alarm may ring in here as well: it must not keep the timer alive, nor raise outside of the code.
        try:
            over = True
            signal.setitimer(signal.ITIMER_REAL, 0)
        finally:  # should it have rung before the first of these lines
            over = True
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before if before is not None else signal.SIG_DFL)
