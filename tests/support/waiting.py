"""Waiting for a state instead of sleeping: returns as soon as it is there, and gives up only after a long time."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(holds: Callable[[], bool], seconds: float = 60.0, told: Callable[[], str] = str) -> None:
    """Returns when ``holds()``. Raises TimeoutError, with what ``told()`` says by then.

    It goes by a clock that tests do not set: some replace ``time.monotonic``.
    """
    end = time.perf_counter() + seconds
    while not holds():
        if time.perf_counter() > end:
            raise TimeoutError(told())
        time.sleep(0.02)
