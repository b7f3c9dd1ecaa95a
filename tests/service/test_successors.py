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
    waits = []
    for _ in range(9):
        successors.of(Child(1, "broker", 1, end))
        waits.append(round(max(at - time.monotonic() for at, _ in successors._due), 1))
    assert waits == sorted(waits)
    assert waits[0] == pytest.approx(0.1, abs=0.05)
    assert waits[-1] == pytest.approx(10, abs=0.5)
    assert successors.due() == []
    assert 0 < successors.wait() < 0.2
