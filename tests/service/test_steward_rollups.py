"""The steward's thread that rolls months up: it does so, says so, and survives a store that is away."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support import month, records
from support.waiting import wait_until
from vanthu.directory.model import Register
from vanthu.projections.store_queries import Questions
from vanthu.service.steward_rollups import tidy
from vanthu.settings.model import Settings


def run(settings: Settings, until: str) -> list[str]:
    """What it logs, up to a text."""
    said: list[str] = []
    stop = threading.Event()
    thread = threading.Thread(target=tidy, args=(settings, Register({}, {}), said.append, stop, 0.01))
    thread.start()
    try:
        wait_until(lambda: any(until in line for line in said), told=lambda: "\n".join(said))
    finally:
        stop.set()
        thread.join(60)
    return said


def test_old_months_are_rolled_up_and_the_present_ones_stay(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    made = [records.message(time=now), records.message(time=now - timedelta(days=400))]
    settings = Settings.model_validate({"store": {"url": month.fill(tmp_path, made)}})
    said = run(settings, "rolled up")
    assert len(said) == 1
    with Questions(settings.store.url) as store:
        since = store.since()
        assert since is not None and since.date() == now.date()
        assert len(store.rollups) == 1


def test_a_store_that_is_away_is_told_and_nothing_else(tmp_path: Path) -> None:
    settings = Settings.model_validate({"store": {"url": f"sqlite:///{tmp_path}/no/folder/store.db"}})
    assert run(settings, "retention")[0].startswith("store: retention: OperationalError")
