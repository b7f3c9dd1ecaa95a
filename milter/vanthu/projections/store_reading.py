"""Opening the store to read: over an engine that cannot write, one consistent view, nothing made by looking.

UsageError where the store cannot be asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from ..errors import UsageError, first_line
from .store import open_engine


class View:
    """An open store; use it with ``with``. All answers are of the moment when it was opened; a store that was never
    filled, or is not there yet, answers with nothing."""

    def __init__(self, url: str) -> None:
        self._engine = _readable(url)
        self._connection: Connection | None = None
        if self._engine is not None:
            try:
                connection = self._engine.connect()
                filled = inspect(connection).has_table("rollups")
            except SQLAlchemyError as error:
                raise _unreadable(error) from None
            if filled:
                self._connection = connection
            else:
                connection.close()

    @classmethod
    def over(cls, connection: Connection) -> Self:
        """The same over a connection of somebody else's, inside his transaction."""
        view = cls.__new__(cls)
        view._engine, view._connection = None, connection
        return view

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._engine is not None:
            self._engine.dispose()
        if isinstance(error, SQLAlchemyError):
            raise _unreadable(error) from None

    def column(self, asked: Any) -> Sequence[Any]:
        """The values of a selection of one column."""
        return self._connection.scalars(asked).all() if self._connection is not None else ()

    def rows(self, asked: Any) -> Iterator[Any]:
        """What a selection gives."""
        if self._connection is not None:
            yield from self._connection.execute(asked, execution_options={"yield_per": 1000})


def moment(time: datetime) -> datetime:
    """A time as it was put in: SQLite gives it back without its zone."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _readable(url: str) -> Engine | None:
    """An engine that cannot write, or None where an SQLite file is not there: looking must not make one."""
    found = make_url(url)
    if found.get_backend_name() != "sqlite":
        return open_engine(url).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    if not found.database or not Path(found.database).exists():
        return None
    engine = create_engine(url)
    event.listen(engine, "connect", _read_only)
    event.listen(engine, "begin", _begin)
    return engine


def _unreadable(error: SQLAlchemyError) -> UsageError:
    return UsageError(f"the store cannot be read: {first_line(error)[:300]}; check store.url in the settings")


def _read_only(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions by itself
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA cache_size=-65536")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
