"""Takes records out of the store when their time is over, and leaves a roll-up in their place.

What is left of a span and the deletion of its records are one transaction; stewards of other nodes wait meanwhile.
Raises sqlalchemy.exc.SQLAlchemyError.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Self

from sqlalchemy import and_, delete, func, select, text

from . import store_tables as tables
from .store import insert, open_migrated
from .store_counts import Span
from .store_queries import Questions
from .store_reading import moment

_EMPTYING = 0x76616E746873  # key of PostgreSQL's advisory lock: "vanths"


class Emptying:
    """A store that is open for it; use it with ``with``."""

    def __init__(self, url: str) -> None:
        self._engine = open_migrated(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def since(self) -> datetime | None:
        """When the oldest record was made, or None."""
        with self._engine.begin() as connection:
            found = connection.scalar(select(func.min(tables.records.c.time)))
        return moment(found) if found is not None else None

    def empty(self, month: str, span: Span, last: date, left: Callable[[Questions], str]) -> None:
        """Deletes the records of a span, and logins until ``last``; ``left`` tells what is kept as ``month``."""
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _EMPTYING})
            row = {"month": month, "made": datetime.now(UTC), "content": left(Questions.over(connection))}
            new = insert(connection, tables.rollups)
            changed = {name: new.excluded[name] for name in ("made", "content")}
            connection.execute(new.on_conflict_do_update(index_elements=["month"], set_=changed), row)
            times = tables.records.c.time
            connection.execute(delete(tables.records).where(and_(times >= span.begin, times < span.end)))
            connection.execute(delete(tables.logins).where(tables.logins.c.day <= last))
