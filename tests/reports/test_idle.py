"""Hours in which the filter did not run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from support import month as made_up
from support import records
from support.month import OCTOBER, PLACE
from vanthu.journal.record import Record
from vanthu.projections.store_queries import Questions
from vanthu.reports.idle import stopped_hours


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


def start(time: datetime, node: str = "mx1", **details: object) -> Record:
    return records.event("reload", time=time, node=node, ok=True, **details)


def test_from_the_last_record_of_a_node_to_its_next_start(tmp_path: Path) -> None:
    made = [
        start(at(1, 1), start=True),  # the first of all: nothing was before it
        records.event("worker", time=at(2, 1), reason="signal"),
        records.message(time=at(2, 2), node="mx2"),
        start(at(2, 4), start=True),  # three hours, whatever the other node did
        start(at(3, 4)),  # a reload
        records.message(time=at(4, 4)),
        start(datetime(2026, 10, 4, 4, 0, 30, tzinfo=UTC), start=True),  # a restart
        start(at(5, 2, 30), "mx2", start=True),
        records.message(time=at(4, 2), node="mx2"),
    ]
    with Questions(made_up.fill(tmp_path, made)) as store:
        assert stopped_hours(store, OCTOBER.span(PLACE.calendar.zone)) == 3 + 24.5


def test_a_pause_counts_in_its_month_only_as_far_as_it_lies_there(tmp_path: Path) -> None:
    made = [
        records.message(time=datetime(2026, 9, 30, 5, tzinfo=UTC)),
        start(datetime(2026, 9, 30, 19, tzinfo=UTC), start=True),
    ]
    with Questions(made_up.fill(tmp_path, made)) as store:
        assert stopped_hours(store, OCTOBER.span(PLACE.calendar.zone)) == 2


def test_a_clean_stop_tells_the_time_exactly_and_what_people_do_meanwhile_does_not(tmp_path: Path) -> None:
    made = [
        records.message(time=at(2, 1)),
        records.event("worker", time=at(2, 20), event="stopped", reason="stopped", child="supervisor"),
        records.event("lookup", time=at(2, 21), what="journal tail", by="attt"),
        records.event("hold", time=at(2, 21), action="release"),
        start(at(2, 22), start=True),
    ]
    with Questions(made_up.fill(tmp_path, made)) as store:
        assert stopped_hours(store, OCTOBER.span(PLACE.calendar.zone)) == 2


def test_a_node_of_second_hops_alone_was_at_work(tmp_path: Path) -> None:
    made = [
        start(at(1, 1), start=True),
        records.event("hop", time=at(9, 1), parent="0" * 26),
        start(at(9, 4), start=True),
    ]
    with Questions(made_up.fill(tmp_path, made)) as store:
        assert stopped_hours(store, OCTOBER.span(PLACE.calendar.zone)) == 3
