"""The timer interrupts what stands below it, and is gone afterwards."""

from __future__ import annotations

import os
import signal
import time

import pytest

from vanthu.documents.seals import clock
from vanthu.documents.seals.clock import Overdue, within


def test_what_takes_too_long_is_interrupted_even_if_it_catches_that() -> None:
    caught = 0
    with pytest.raises(Overdue), within(0.01):
        while True:
            try:
                time.sleep(1)
            except Overdue:
                caught += 1
                if caught == 3:
                    raise
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize("when", ["before", "behind"])
def test_an_alarm_at_the_very_end_leaves_no_timer(when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGALRM)
    set_timer = signal.setitimer

    def ringing(which: int, seconds: float, again: float = 0.0) -> tuple[float, float]:
        if seconds == 0 and when == "before":
            os.kill(os.getpid(), signal.SIGALRM)
        result = set_timer(which, seconds, again)
        if seconds == 0 and when == "behind":
            os.kill(os.getpid(), signal.SIGALRM)
        return result

    monkeypatch.setattr(clock.signal, "setitimer", ringing)
    try:
        with within(10):
            pass
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
        assert signal.getsignal(signal.SIGALRM) is before
    finally:
        set_timer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
