"""The SQL store as a projection of the journal (sole importer of SQLAlchemy, with its tables and migrations).

SQLite (WAL) or PostgreSQL. A batch and the node's cursor are committed in one transaction, and rows that are there
already are left alone, so every record is loaded exactly once whatever ends in between, and the store can be built
anew from the journal. Tables are migrated when the store is opened. Raises sqlalchemy.exc.SQLAlchemyError.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, DateTime, Dialect, Engine, Table, create_engine, delete, event, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, IntegrityError

from ..errors import first_line
from ..journal.batch import Batch, Line
from ..journal.cursor import Cursor, from_text, to_text
from . import store_tables as tables
from .store_rows import TABLES, Row, rows

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATING = 0x76616E746875  # key of PostgreSQL's advisory lock: "vanthu"
_UNFIT = (DataError, IntegrityError, OverflowError, ValueError)  # of a value, not of the database
_SQLITE = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA cache_size=-8192",
)
# A server behind a cut line must be noticed in seconds: libpq would wait for minutes or for ever.
_POSTGRESQL = {
    "connect_timeout": 5,
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "options": "-c statement_timeout=120s -c lock_timeout=60s",
}


def open_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL; nothing is connected yet."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_size=1, max_overflow=1, connect_args=_POSTGRESQL)
    engine = create_engine(url)
    event.listen(engine, "connect", _tune)
    event.listen(engine, "begin", _begin)
    return engine


def migrate(engine: Engine) -> None:
    """Brings the tables to the present version, all or nothing; stewards of other nodes wait for each other."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def open_migrated(url: str) -> Engine:
    """An engine over tables of the present version; nothing stays open where that fails."""
    engine = open_engine(url)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


class Store:
    """The projection of one node's journal; several nodes may share one PostgreSQL."""

    def __init__(self, url: str, node: str, report: Callable[[str], None]) -> None:
        self._node = node
        self._report = report
        self._engine = open_migrated(url)

    def close(self) -> None:
        """Ends all connections."""
        self._engine.dispose()

    def cursor(self) -> Cursor:
        """Where this node's loading stands."""
        own = select(tables.cursors.c.file, tables.cursors.c.place).where(tables.cursors.c.node == self._node)
        with self._engine.begin() as connection:
            return {file: from_text(place) for file, place in connection.execute(own)}

    def take(self, batch: Batch, before: Cursor) -> None:
        """Loads a batch and moves the cursor, or raises and has done neither."""
        lines = [item for item in batch.items if isinstance(item, Line)]
        try:
            with self._engine.begin() as connection:
                _load(connection, lines)
                self._advance(connection, before, batch.cursor)
        except _UNFIT:
            self._one_by_one(lines, batch.cursor, before)

    def _one_by_one(self, lines: list[Line], after: Cursor, before: Cursor) -> None:
        """The same for a batch that holds a line no database takes: that line is reported, and stops nobody."""
        with self._engine.begin() as connection:
            for line in lines:
                try:
                    with connection.begin_nested():
                        _load(connection, [line])
                except _UNFIT as error:
                    self._report(f"store: {line.file}:{line.offset}: left out: {first_line(error)}")
            self._advance(connection, before, after)

    def _advance(self, connection: Connection, before: Cursor, after: Cursor) -> None:
        own = tables.cursors.c.node == self._node
        gone = [file for file in before if file not in after]
        if gone:
            connection.execute(delete(tables.cursors).where(own, tables.cursors.c.file.in_(gone)))
        moved: list[Row] = [
            {"node": self._node, "file": file, "place": to_text(place)}
            for file, place in after.items()
            if before.get(file) != place
        ]
        if moved:
            new = insert(connection, tables.cursors)
            changed = {"place": new.excluded.place}
            connection.execute(new.on_conflict_do_update(index_elements=["node", "file"], set_=changed), moved)


def _load(connection: Connection, lines: list[Line]) -> None:
    found = rows(lines)
    for name in TABLES:
        _add(connection, tables.METADATA.tables[name], found[name])


def _add(connection: Connection, table: Table, found: list[Row]) -> None:
    """Straight to the driver: to go over every value once more would cost as much as the database itself."""
    if not found:
        return
    statement = _compiled(connection.dialect, table)
    if not statement.positional:
        connection.exec_driver_sql(str(statement), found)
        return
    times = [column.name for column in table.columns if isinstance(column.type, DateTime)]
    for row in found if times else ():
        row.update({name: _text(row[name]) for name in times if row[name] is not None})
    in_order = itemgetter(*statement.positiontup)
    connection.exec_driver_sql(str(statement), [in_order(row) for row in found])


@lru_cache(32)
def _compiled(dialect: Dialect, table: Table) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing().compile(dialect=dialect)


def _text(time: datetime) -> str:
    """As SQLite keeps it: UTC, without a zone."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def insert(connection: Connection, table: Table) -> Any:
    """Both dialects know ON CONFLICT, each by its own class."""
    return _insert(connection.dialect, table)


def _insert(dialect: Dialect, table: Table) -> Any:
    return (postgresql if dialect.name == "postgresql" else sqlite).insert(table)


def _tune(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver would commit behind our back before a CREATE TABLE
    cursor = connection.cursor()
    for pragma in _SQLITE:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
