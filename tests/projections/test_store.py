"""One suite for both engines, SQLite and a PostgreSQL of our own."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Engine, MetaData, func, select
from sqlalchemy.exc import SQLAlchemyError

from support import books, records
from support.postgres import Postgres
from vanthu.facts.model import Attachment, Challenge, Recipient, Secrecy
from vanthu.journal.batch import Line
from vanthu.journal.reader import read_new
from vanthu.journal.writer import Writer
from vanthu.policy.decision import Decision, Exempted
from vanthu.projections import store as store_module
from vanthu.projections import store_rows
from vanthu.projections import store_tables as tables
from vanthu.projections.store import Store, migrate, open_engine
from vanthu.projections.store_counts import Span
from vanthu.projections.store_queries import Questions
from vanthu.projections.store_retention import Emptying

ENGINES = ("sqlite", "postgresql")


def nothing(text: str) -> None:
    raise AssertionError(text)


@dataclass
class House:
    url: str
    journal: Path

    def write(self, *lines: Any, node: str = "mx1") -> None:
        writer = Writer(self.journal, node, sync="none")
        for line in lines:
            writer.append(line)
        writer.close()

    def load(self, store: Store, max_lines: int = 1000) -> None:
        complete = False
        while not complete:
            cursor = store.cursor()
            batch = read_new(self.journal, cursor, max_lines)
            store.take(batch, cursor)
            complete = batch.complete

    def rows(self, table: Any) -> list[dict[str, Any]]:
        engine = open_engine(self.url)
        with engine.connect() as connection:
            order = table.primary_key.columns
            found = [dict(row._mapping) for row in connection.execute(select(table).order_by(*order))]
        engine.dispose()
        return found

    def count(self, table: Any) -> int:
        return len(self.rows(table))

    def content(self) -> dict[str, list[dict[str, Any]]]:
        return {table.name: self.rows(table) for table in tables.METADATA.sorted_tables}


@pytest.fixture(params=ENGINES)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    journal = tmp_path / "journal"
    journal.mkdir()
    if request.param == "sqlite":
        yield House(f"sqlite:///{tmp_path}/store.db", journal)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        yield House(server.database(), journal)


def test_every_record_is_loaded_once_with_all_that_belongs_to_it(house: House) -> None:
    house.write(*records.a_day(1, 300))
    house.load(Store(house.url, "mx1", nothing), max_lines=41)
    lines = [line for line in books.lines(house.journal) if line["kind"] not in ("open", "close")]
    judged = [line for line in lines if line["kind"] == "message"]
    assert {row["id"] for row in house.rows(tables.records)} == {line["id"] for line in lines}
    assert house.count(tables.recipients) == sum(len(line["facts"]["recipients"]) for line in judged)
    assert house.count(tables.documents) == sum(len(line["facts"]["official"]["documents"]) for line in judged)
    assert house.count(tables.rule_hits) == sum(len(line["decision"]["rules"]) for line in judged)
    some = random.Random(1).choice(judged)
    (row,) = [row for row in house.rows(tables.records) if row["id"] == some["id"]]
    assert (row["verdict"], row["direction"]) == (some["decision"]["verdict"], some["facts"]["direction"])
    assert row["sender"] == some["facts"]["sender"]["address"]
    assert row["time"].replace(tzinfo=None).isoformat() + "Z" == some["time"]


def test_a_batch_that_was_read_twice_is_loaded_once(house: House) -> None:
    house.write(*records.a_day(2, 50))
    store = Store(house.url, "mx1", nothing)
    cursor = store.cursor()
    batch = read_new(house.journal, cursor)
    store.take(batch, cursor)
    before = house.content()
    store.take(batch, cursor)
    assert house.content() == before


def test_a_store_that_fails_in_mid_batch_has_loaded_nothing(house: House) -> None:
    house.write(*records.a_day(3, 50))
    store = Store(house.url, "mx1", nothing)
    cursor = store.cursor()
    with store._engine.begin() as connection:
        tables.documents.drop(connection)
    with pytest.raises(SQLAlchemyError):
        store.take(read_new(house.journal, cursor), cursor)
    with store._engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.records)) == 0
        assert connection.scalar(select(func.count()).select_from(tables.cursors)) == 0


def test_a_rebuild_from_the_journal_has_the_same_content(house: House, tmp_path: Path) -> None:
    for part in range(3):
        house.write(*records.a_day(part, 40))
    house.load(Store(house.url, "mx1", nothing), max_lines=7)
    other = House(f"sqlite:///{tmp_path}/rebuilt.db", house.journal)
    other.load(Store(other.url, "mx1", nothing))
    for name, rows in house.content().items():
        assert [_plain(row) for row in rows] == [_plain(row) for row in other.content()[name]]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.replace(tzinfo=None) if key in ("time", "until") and value else value
            for key, value in row.items()}  # fmt: skip


def test_what_reports_ask_is_in_columns_and_nothing_else_is_kept(house: House) -> None:
    made = records.message(
        subject="Họp giao ban",
        attachments=(Attachment("attachment:1", "tuyệt.docx", "a/b", 1, "0" * 64, False, "encrypted"),),
        challenge=Challenge("valid", ("a",), "gửi gấp", True),
        decision=Decision("accept", ("accept",), exempted=(Exempted("a", "hoa-toc", (0,)),)),
    )
    secret = records.message(challenge=Challenge("valid", ("a",), "bí mật"), secrecy=Secrecy("mat", 0.9))
    relaxed = records.event("relax", until="2026-11-20T07:00:00+00:00", by="attt", reason="mưa bão")
    house.write(made, secret, relaxed)
    house.load(Store(house.url, "mx1", nothing))
    first, second, third = house.rows(tables.records)
    assert (first["challenge"], first["challenge_reason"], first["false_alarm"]) == ("valid", "gửi gấp", True)
    assert second["challenge_reason"] is None
    assert (third["detail"], third["until"].isoformat()[:19]) == ("attt", "2026-11-20T07:00:00")
    assert [row["reason"] for row in house.rows(tables.unread)] == ["encrypted"]
    assert [(row["rule"], row["exception"]) for row in house.rows(tables.exempted)] == [("a", "hoa-toc")]
    kept = str(house.content())
    assert "giao ban" not in kept
    assert "tuyệt" not in kept


@pytest.mark.parametrize("until", ["", "tomorrow", "2026-11-20T07:00:00", None])
def test_a_relaxation_without_a_good_end_ends_at_once(house: House, until: str | None) -> None:
    house.write(records.event("relax", until=until))
    house.load(Store(house.url, "mx1", nothing))
    (row,) = house.rows(tables.records)
    assert row["until"] == row["time"]


def test_nodes_keep_their_own_places(house: House, tmp_path: Path) -> None:
    other = House(house.url, tmp_path / "other")
    other.journal.mkdir()
    house.write(records.message())
    other.write(records.message(node="mx2"), node="mx2")
    house.load(Store(house.url, "mx1", nothing))
    other.load(Store(house.url, "mx2", nothing))
    house.load(Store(house.url, "mx1", nothing))
    assert sorted(row["node"] for row in house.rows(tables.records)) == ["mx1", "mx2"]
    assert sorted(row["node"] for row in house.rows(tables.cursors)) == ["mx1", "mx2"]


def test_text_that_a_database_does_not_like_is_taken(house: House) -> None:
    house.write(records.message(login="a\0b", recipients=(Recipient("x\0@y", "y", "other"),)))
    house.load(Store(house.url, "mx1", nothing))
    assert house.rows(tables.recipients)[0]["address"] == "x\ufffd@y"


def test_the_migrations_end_at_the_tables_of_the_code(house: House) -> None:
    engine = open_engine(house.url)
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.METADATA) == []
    engine.dispose()


@pytest.mark.parametrize("opened", [Emptying, lambda url: Store(url, "mx1", nothing)])
def test_a_store_of_a_later_version_is_refused_and_not_held_open(
    opened: Callable[[str], Any], tmp_path: Path
) -> None:
    file = tmp_path / "store.db"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(CommandError, match="9999") as refused:
        opened(f"sqlite:///{file}")
    assert refused.tb is not None  # whoever keeps the error keeps no connection with it
    assert file not in [one.resolve() for one in Path("/proc/self/fd").iterdir()]


def test_a_store_of_an_earlier_version_is_read_anew(house: House) -> None:
    engine = open_engine(house.url)
    _upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(tables.cursors.insert(), {"node": "mx1", "file": "a.jsonl", "place": '{"offset":9}'})
    engine.dispose()
    house.write(*records.a_day(4, 20))
    store = Store(house.url, "mx1", nothing)
    assert store.cursor() == {}
    house.load(store)
    assert house.count(tables.records) == 20


def test_records_of_an_earlier_version_are_counted_as_new_ones_are(house: House, tmp_path: Path) -> None:
    house.write(*records.a_day(6, 200))
    engine = open_engine(house.url)
    _upgrade(engine, "0002")
    lines = [item for item in read_new(house.journal, {}).items if isinstance(item, Line)]
    with engine.begin() as connection:
        earlier = MetaData()
        earlier.reflect(connection)
        for name, found in store_rows.rows(lines).items():
            if name in earlier.tables and found:
                kept = earlier.tables[name].columns.keys()
                connection.execute(earlier.tables[name].insert(), [{key: one[key] for key in kept} for one in found])
    migrate(engine)
    engine.dispose()
    new = House(f"sqlite:///{tmp_path}/new.db", house.journal)
    new.load(Store(new.url, "mx1", nothing))
    migrated, loaded = house.rows(tables.records), new.rows(tables.records)
    assert [_plain(row) for row in migrated] == [_plain(row) for row in loaded]
    assert sum(row["stripped"] or 0 for row in migrated) > 20
    assert sum(row["signed"] or 0 for row in migrated) == sum(row["signed"] for row in house.rows(tables.documents))


def _upgrade(engine: Engine, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(store_module.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)


def test_reports_are_told_the_same_by_both_engines(house: House, tmp_path: Path) -> None:
    alarm = records.message(challenge=Challenge("valid", ("a",), "nhầm", True))
    said = records.event("review", time=records.NOON, record=alarm.id, rule="a", upheld=True, by="attt")
    house.write(*records.a_day(7, 300), alarm, said)
    house.load(Store(house.url, "mx1", nothing))
    other = House(f"sqlite:///{tmp_path}/other.db", house.journal)
    other.load(Store(other.url, "mx1", nothing))
    day = Span(records.NOON, records.NOON + timedelta(days=1))
    with Questions(house.url) as one, Questions(other.url) as two:
        for asked in ("counts", "details", "senders", "addressees", "by_sender", "relaxations", "pauses"):
            told = getattr(one, asked)(day)
            assert told == getattr(two, asked)(day)
        assert one.details(day).upheld == {"so-y-te": 1}
        assert sum(one.counts(day).messages.values()) > 150
        assert list(one.exchanges(day)) == list(two.exchanges(day))


def test_a_line_that_no_database_takes_is_reported_and_stops_nobody(house: House) -> None:
    """Only somebody who edits the journal can make one; it must not keep the store from what comes after it."""
    good, bad, last = records.message(), records.message(size=2**80), records.message()
    house.write(good, bad, last)
    said: list[str] = []
    house.load(Store(house.url, "mx1", said.append))
    assert [row["id"] for row in house.rows(tables.records)] == [good.id, last.id]
    assert len(said) == 1 and "left out" in said[0]
    house.load(Store(house.url, "mx1", nothing))
