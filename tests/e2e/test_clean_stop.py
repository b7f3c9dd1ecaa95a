"""A daemon that is stopped says so last, so that the report knows how long there was none."""

from __future__ import annotations

from pathlib import Path

from support.vanthu import Vanthu

POLICIES = Path(__file__).parent / "policies"


def stops(vanthu: Vanthu) -> list[str]:
    return [one["time"] for one in vanthu.records("worker") if one["details"].get("event") == "stopped"]


def test_a_stop_is_the_last_thing_that_a_daemon_says() -> None:
    with Vanthu(policies=POLICIES) as vanthu:
        assert stops(vanthu) == []
        assert vanthu.stop() == 0
        (stop,) = stops(vanthu)
        assert stop == max(one["time"] for one in vanthu.records(None) if one["kind"] not in ("open", "close"))
        vanthu.start()
        vanthu.kill_supervisor()
        assert stops(vanthu) == [stop]
