"""Mails go out when they are due, wait for no session of another, and their time counts from when they were due."""

from __future__ import annotations

import os
import statistics
import threading
from itertools import pairwise
from pathlib import Path

import pytest

from bench import arrivals, workload
from bench.arrivals import Arrival, Pool, on_time, poisson
from support.places import open_folder
from support.recorder import Recorder

_OPEN_SESSION = 0xFF080  # protocol flags: no answer but at the end, as vanthu asks
MAILS = workload.mails("plain", 3)


@pytest.mark.parametrize("flags", [0, _OPEN_SESSION])
def test_time_counts_from_when_a_mail_was_due(flags: int) -> None:
    due = [Arrival(number * 0.01, MAILS[number % 3]) for number in range(20)]
    reached = threading.Barrier(len(due))
    with open_folder("arrivals") as folder, Recorder(folder / "socket", flags, lambda: reached.wait(20)) as recorder:
        pool = Pool(f"unix:{folder}/socket", MAILS[0])
        answers = pool.play(due)
        pool.close()
        recorder.wait_for_end(len(due))
    # The filter answered nobody before it had all mails, so none waited for another's session.
    assert pool.most == len(due) == len(recorder.sessions)
    assert {one.verdict for one in answers} == {"accept"}
    for sent, answer in zip(due, answers, strict=True):
        assert answer.late >= 0
        assert answer.seconds >= due[-1].due - sent.due


def test_sessions_are_used_again_in_turn() -> None:
    with open_folder("arrivals") as folder, Recorder(folder / "socket", _OPEN_SESSION) as recorder:
        pool = Pool(f"unix:{folder}/socket", MAILS[0])
        pool.play([Arrival(0.0, MAILS[0])] * 4)
        pool.play([Arrival(0.0, MAILS[1])] * 4)
        pool.close()
        recorder.wait_for_end(4)
        assert [sum(command == b"E" for command, _ in one) for one in recorder.sessions] == [2, 2, 2, 2]


def test_a_silent_filter_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "_SILENCE", 0.1)
    never = threading.Event()
    with open_folder("arrivals") as folder, Recorder(folder / "socket", _OPEN_SESSION, never.wait):
        pool = Pool(f"unix:{folder}/socket", MAILS[0])
        with pytest.raises(arrivals.ProtocolError, match="said nothing"):
            pool.play([Arrival(0.0, MAILS[0])])
        never.set()


def test_poisson() -> None:
    times = poisson(200.0, 50.0, seed=3)
    assert times == poisson(200.0, 50.0, seed=3) != poisson(200.0, 50.0, seed=4)
    assert times == sorted(times)
    assert times[0] > 0
    assert times[-1] < 50
    assert 9_500 < len(times) < 10_500
    gaps = [later - sooner for sooner, later in pairwise(times)]
    # As far apart on average as they vary: what is at even distances does not vary.
    assert statistics.stdev(gaps) == pytest.approx(statistics.mean(gaps), rel=0.1)


def test_on_time_ends() -> None:
    before = os.sched_getscheduler(0)
    with pytest.raises(RuntimeError), on_time():
        if os.geteuid() == 0 and Path("/proc/self/autogroup").exists():
            assert os.sched_getscheduler(0) in (os.SCHED_RR, before)
        raise RuntimeError
    assert os.sched_getscheduler(0) == before
