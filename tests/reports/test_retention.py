"""Months become roll-ups: what is kept compares as before, and no person is left; on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from support import month as made_up
from support import records
from support.month import LATER, OCTOBER, PLACE
from support.postgres import Postgres
from support.store_loader import load
from vanthu.facts.model import Sender
from vanthu.journal.record import Record
from vanthu.journal.writer import Writer
from vanthu.projections import store_tables as tables
from vanthu.projections.store import open_engine
from vanthu.projections.store_queries import Questions
from vanthu.reports.monthly import make
from vanthu.reports.report import Report
from vanthu.reports.retention import retire


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        yield server.database()


def put(url: str, journal: Path, made: list[Record]) -> None:
    journal.mkdir(exist_ok=True)
    writer = Writer(journal, "mx1", sync="none")
    for record in made:
        writer.append(record)
    writer.close()
    load(url, journal, "mx1")


def report(url: str) -> Report:
    with Questions(url) as store:
        return make(store, made_up.register(), OCTOBER, PLACE, LATER)


def rows(url: str, table: object) -> int:
    engine = open_engine(url)
    with engine.connect() as connection:
        count = connection.scalar(select(func.count()).select_from(table))  # type: ignore[arg-type]
    engine.dispose()
    return int(count or 0)


def test_a_report_over_roll_ups_says_what_it_said_over_records(url: str, tmp_path: Path) -> None:
    put(url, tmp_path / "journal", list(made_up.months(3, 1_500, datetime(2026, 10, 31, 10, tzinfo=UTC))))
    before = report(url)
    done = retire(url, made_up.register(), PLACE.calendar, date(2026, 11, 2), 2)
    assert (done[0], done[-1], len(done)) == ("2025-10", "2026-09", 12)
    after = report(url)
    assert after.total.now == before.total.now
    for one, other in zip(after.trend, before.trend, strict=True):
        assert msgspec.structs.replace(one.figures, unread=0, confirmed=0, false_alarms=0) == msgspec.structs.replace(
            other.figures, unread=0, confirmed=0, false_alarms=0
        )
    assert rows(url, tables.rollups) >= 11
    with Questions(url) as store:
        since = store.since()
        assert since is not None and since >= datetime(2026, 9, 30, 17, tzinfo=UTC)
        assert "@" not in "".join(store.rollups.values())
    assert retire(url, made_up.register(), PLACE.calendar, date(2026, 11, 2), 2) == []


def test_what_belongs_to_a_record_goes_with_it(url: str, tmp_path: Path) -> None:
    put(url, tmp_path / "journal", records.a_day(1, 300))
    assert rows(url, tables.recipients) > 300
    assert retire(url, made_up.register(), PLACE.calendar, date(2027, 3, 1), 2) == ["2026-11"]
    for table in (
        tables.records,
        tables.recipients,
        tables.documents,
        tables.rule_hits,
        tables.unread,
        tables.exempted,
    ):
        assert rows(url, table) == 0
    assert rows(url, tables.cursors) > 0


def test_a_record_that_comes_late_is_added_to_its_month(url: str, tmp_path: Path) -> None:
    time = datetime(2026, 8, 5, 3, tzinfo=UTC)
    sender = Sender("u1.so-y-te@x.gov.vn", class_="official", registered=True, agency="so-y-te")
    for _ in range(2):
        put(url, tmp_path / "journal", [records.message(time=time, sender=sender)])
        assert retire(url, made_up.register(), PLACE.calendar, date(2026, 11, 2), 2) == ["2026-08"]
    put(url, tmp_path / "journal", [records.message(time=time, sender=sender)])
    (august,) = (point.figures for point in report(url).trend if point.month == "2026-08")
    assert (august.sent, august.issued, august.sending) == (3, 63, 1)
