"""A mail that breaks workers is remembered, also when the worker had no time to say so."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

from vanthu.inspection.quota import HoldQuota
from vanthu.inspection.suspects import InHand, Suspects

MAIL = "ab" * 16
OTHER = "cd" * 16


def test_strikes_are_counted_and_cleared(tmp_path: Path) -> None:
    suspects = Suspects(tmp_path / "suspects")
    assert suspects.strikes(MAIL) == 0
    assert [suspects.mark(MAIL) for _ in range(3)] == [1, 2, 3]
    assert suspects.strikes(MAIL) == 3
    assert suspects.strikes(OTHER) == 0
    suspects.clear(MAIL)
    assert suspects.strikes(MAIL) == 0


def test_a_killed_process_leaves_what_it_had_in_hand(tmp_path: Path) -> None:
    suspects = Suspects(tmp_path / "suspects")
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        table = InHand(tmp_path, os.getpid(), 8)
        done = table.take(OTHER)
        table.take(MAIL)
        table.drop(done)
        os.write(write, b"x")
        signal.pause()
    os.read(read, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert suspects.bury(pid) == [MAIL]
    assert suspects.strikes(MAIL) == 1
    assert suspects.strikes(OTHER) == 0
    assert suspects.bury(pid) == []


def test_a_full_table_watches_no_more_but_goes_on(tmp_path: Path) -> None:
    table = InHand(tmp_path, 1, 2)
    slots = [table.take(MAIL), table.take(MAIL)]
    assert table.take(MAIL) is None
    table.drop(None)
    table.drop(slots[0])
    assert table.take(OTHER) is not None


def test_the_quota_counts_over_processes_and_starts_anew_each_hour(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    one, two = HoldQuota(tmp_path, 3), HoldQuota(tmp_path, 3)
    assert [quota.take(noon) for quota in (one, two, one, two)] == [True, True, True, False]
    assert one.take(noon.replace(hour=13))
    assert [path.name for path in tmp_path.iterdir()] == ["holds-2026112313"]
