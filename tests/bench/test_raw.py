"""Rounds go in parts, every peer's in turn, and what a part cost counts by how many mails it had."""

from __future__ import annotations

from typing import Any

import pytest

from bench import raw
from bench.peers import Peer
from bench.raw import Sample, Turn


def test_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def sample(peer: Peer, mails: Any, *, messages: int, sessions: int) -> Sample:
        asked.append((peer.name, messages))
        return Sample(messages, 0.001, 0.5, [0.01])

    monkeypatch.setattr(raw, "sample", sample)
    turns = [Turn(name, Peer(name, "", 1), [], 400) for name in "abc"]
    rows = list(raw.in_turn(turns, 0))
    assert [(row["peer"], row["messages"]) for row in rows] == [("a", 400), ("b", 400), ("c", 400)]
    assert "".join(name for name, _ in asked) == "abccba" * 2
    assert {messages for _, messages in asked} == {100}
    asked.clear()
    list(raw.in_turn(turns, 1))
    assert asked[0][0] == "c"  # nobody is always first


def test_row() -> None:
    row = raw.row([Sample(100, 0.1, 1.0, [0.001] * 99 + [0.2]), Sample(300, 0.1, 1.0, [0.003] * 300)])
    assert row["cpu_us"] == pytest.approx(500)
    assert row["rate"] == pytest.approx(200)
    assert row["p50_ms"] == pytest.approx(3)
    assert row["p99_ms"] == pytest.approx(3)
