"""Who keeps dying is replaced later and later; who lived long, at once."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from vanthu.service.children import Child
from vanthu.service.successors import Successors


@pytest.fixture
def end() -> Iterator[socket.socket]:
    with socket.socket() as one:
        yield one


def test_a_child_of_long_life_is_replaced_at_once(end: socket.socket) -> None:
    successors = Successors()
    successors.of(Child(1, "worker", 1, end, started=time.monotonic() - 60))
    assert successors.wait() <= 0
    assert successors.due() == ["worker"]
    assert successors.due() == []


def test_children_that_keep_dying_are_replaced_later_and_later(end: socket.socket) -> None:
    successors = Successors()
    for pause in (0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0):
        before = time.monotonic()
        successors.of(Child(1, "broker", 1, end))
        after = time.monotonic()
        assert before + pause <= successors._due[-1][0] <= after + pause
    assert successors.wait() <= 0.1
    waiting = [at for at, _ in successors._due]
    come = len(successors.due())  # none, unless this machine has just slept
    assert come <= sum(at <= time.monotonic() for at in waiting)
