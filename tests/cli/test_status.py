"""``vanthu status`` beside a real daemon: up, in the middle of a reload, and gone."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.vanthu import Vanthu
from support.waiting import wait_until

POLICIES = Path(__file__).resolve().parents[1] / "e2e" / "policies"


@pytest.fixture(scope="module")
def daemon() -> Iterator[Vanthu]:
    with Vanthu(policies=POLICIES) as running:
        yield running


def asked(daemon: Vanthu, *more: str) -> tuple[int, str]:
    done = subprocess.run([*daemon.command, "status", *more], capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return done.returncode, done.stdout


def as_json(daemon: Vanthu) -> tuple[int, dict[str, Any]]:
    code, text = asked(daemon, "--json")
    return code, json.loads(text)


def test_up(daemon: Vanthu) -> None:
    wait_until(lambda: as_json(daemon)[0] == 0)  # the broker may still be starting
    code, text = asked(daemon)
    assert code == 0
    up = [line.split()[0] for line in text.splitlines() if line.split()[1:2] == ["up"]]
    assert up == ["supervisor", "milter", "steward", "documents"]
    assert "journal lag (s)" in text


def test_a_steward_that_is_just_being_replaced_is_not_down(daemon: Vanthu) -> None:
    wait_until(lambda: as_json(daemon)[0] == 0)
    for _ in range(2):
        before = daemon.status()["generation"]
        daemon.signal(signal.SIGHUP)
        wait_until(lambda before=before: daemon.status()["generation"] > before)  # type: ignore[misc]
        _, state = as_json(daemon)
        assert state["steward"] == "up"
        assert state["last_reload"]["ok"] is True


def test_gone() -> None:
    with Vanthu(policies=POLICIES) as daemon:
        wait_until(lambda: as_json(daemon)[0] == 0)
        daemon.stop()
        code, state = as_json(daemon)
    assert code == 1
    assert {one: state[one] for one in ("supervisor", "milter", "steward", "documents")} == dict.fromkeys(
        ("supervisor", "milter", "steward", "documents"), "down"
    )
