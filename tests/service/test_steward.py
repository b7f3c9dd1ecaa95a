"""The steward as a process of its own: metrics, store and notices follow the journal, whatever dies or fills up."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import pytest

from support import books, records
from support.places import free_port
from support.sink import Sink
from support.waiting import wait_until
from vanthu.policy.decision import Decision, RuleHit
from vanthu.postfix.forwards import published
from vanthu.projections.state import State
from vanthu.service import steward

from .conftest import Lab


def messages(lab: Lab) -> int:
    return sum(line["kind"] == "message" for line in books.lines(lab.journal))


def test_metrics_follow_the_journal_and_survive_kill_9(lab: Lab) -> None:
    day = records.a_day(1, 900)
    lab.start()
    for start in range(0, 900, 150):
        for record in day[start : start + 150]:
            lab.writer.append(record)
        if start % 300 == 0:
            wait_until(lambda: lab.get("/metrics")[0] == 200)
            lab.kill()
            lab.start()
    wait_until(lab.agrees, told=lab.said.read_text)
    wait_until(lambda: lab.loaded() == messages(lab))


def test_the_page_tells_what_the_last_audit_of_forwards_found(lab: Lab) -> None:
    lab.start()
    wait_until(lambda: lab.get("/metrics")[0] == 200)
    assert "vanthu_configured_forwards{" not in lab.get("/metrics")[1]
    published.put(Path(lab.settings.state.path), datetime(2026, 11, 1, tzinfo=UTC), {("alias", "public"): 3})
    page = lab.get("/metrics")[1]
    assert 'vanthu_configured_forwards{class="public",kind="alias"} 3.0' in page
    assert "vanthu_forwards_audit_timestamp_seconds 1.7934912e+09" in page


def test_the_end_of_the_control_pipe_is_the_end(lab: Lab) -> None:
    lab.start()
    wait_until(lambda: lab.get("/healthz") == (200, "ok\n"))
    for record in records.a_day(2, 50):
        lab.writer.append(record)
    assert lab.stop() == 0
    lab.start()
    wait_until(lab.agrees)


def test_a_second_steward_does_not_start(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steward, "_PATIENCE", 0.3)
    lab.start()
    wait_until(lambda: lab.get("/healthz")[0] == 200)
    first, control = lab.pid, lab.control
    lab.start()
    assert lab.wait() == 1
    assert "another steward" in lab.said.read_text()
    lab.pid, lab.control = first, control


def test_a_store_that_is_away_stops_nobody_and_catches_up(open_lab: Callable[..., Lab], tmp_path: Path) -> None:
    lab = open_lab(store={"url": f"sqlite:///{tmp_path}/away/store.db"})
    lab.store = tmp_path / "away" / "store.db"
    for record in records.a_day(3, 100):
        lab.writer.append(record)
    lab.start()
    wait_until(lab.agrees)
    wait_until(lambda: "store: OperationalError" in lab.said.read_text())
    lab.store.parent.mkdir()
    wait_until(lambda: lab.loaded() == messages(lab))
    wait_until(lambda: "store: works again" in lab.said.read_text())


def test_supervisor_and_workers_do_not_load_the_stewards_libraries() -> None:
    heavy = ["sqlalchemy", "alembic", "prometheus_client"]
    code = f"import vanthu.service.steward, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "milter")},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_a_notice_reaches_the_sender_once_also_when_the_mail_server_comes_late(
    open_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    port = free_port()
    lab = open_lab(notices={"smtp": f"127.0.0.1:{port}", "from": "vanthu@x.gov.vn"})
    hit = RuleHit("official-to-public", "enforce", "strip", (0,))
    lab.writer.append(records.message(time=datetime.now(UTC), decision=Decision("reject", ("strip",), (hit,))))
    lab.start()
    wait_until(lambda: "vanthu_notices_pending 1.0" in lab.get("/metrics")[1])
    lab.kill()
    with Sink(port) as sink:
        # Thirty seconds of pause after a failed try are long for a test.
        state = State(tmp_path / "state")
        state.connection.execute("UPDATE notices SET due = 0")
        state.close()
        lab.start()
        (delivery,) = sink.wait_for(1)
        assert delivery.recipients == (b"an@soyte.x.gov.vn",)
        sent = 'vanthu_notices_total{kind="sender",status="sent"} 1.0'
        wait_until(lambda: sent in lab.get("/metrics")[1])
        assert "vanthu_notices_pending 0.0" in lab.get("/metrics")[1]
        assert len(sink.deliveries) == 1


def test_lags_stay_small_without_traffic_and_grow_while_a_store_is_away(
    open_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    lab = open_lab(store={"url": f"sqlite:///{tmp_path}/away/store.db"})
    lab.start()
    wait_until(lambda: lab.get("/healthz")[0] == 200)
    journal: list[float] = []

    def grown() -> bool:
        journal.append(lab.metric("vanthu_journal_lag"))
        return lab.metric("vanthu_store_lag") > 3.0

    wait_until(grown)
    assert 0.0 <= median(journal) < 1.0
    page = lab.get("/metrics")[1]
    assert 'vanthu_exception_expiry_timestamp_seconds{exception="unless",rule="rule"} 1e+09' in page


def test_a_state_folder_that_cannot_be_used_is_said_and_waited_for(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "state.db").mkdir()
    lab.writer.append(records.message())
    lab.start()
    wait_until(lambda: lab.get("/metrics")[0] == 503)
    wait_until(lambda: lab.loaded() == 1)  # the store needs no state.db
    wait_until(lambda: "metrics: OperationalError" in lab.said.read_text())
    (tmp_path / "state" / "state.db").rmdir()
    wait_until(lab.agrees)


def test_a_full_disk_is_waited_for_and_nothing_is_counted_twice(lab: Lab) -> None:
    """RLIMIT_FSIZE fails the writes of state and store as a full disk does; prlimit then makes room."""
    lab.start()
    wait_until(lambda: lab.get("/metrics")[0] == 200)
    wait_until(lambda: lab.loaded() == 0)
    resource.prlimit(lab.pid, resource.RLIMIT_FSIZE, (120_000, resource.RLIM_INFINITY))
    for record in records.a_day(4, 2500):
        lab.writer.append(record)
    wait_until(lambda: "store: OperationalError" in lab.said.read_text())
    assert lab.get("/metrics")[0] == 200
    resource.prlimit(lab.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    wait_until(lambda: lab.loaded() == messages(lab))
    wait_until(lab.agrees)


def test_a_hanging_projection_stops_nobody(lab: Lab) -> None:
    """A lock on the store that is never given back stands for a database that does not answer."""
    lab.start()
    wait_until(lambda: lab.loaded() == 0)
    with sqlite3.connect(lab.store, isolation_level=None) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        for record in records.a_day(6, 100):
            lab.writer.append(record)
        wait_until(lab.agrees, 4)  # the store waits five seconds for its lock, metrics must not
        assert lab.loaded() == 0
        blocker.execute("ROLLBACK")
    wait_until(lambda: lab.loaded() == messages(lab))
