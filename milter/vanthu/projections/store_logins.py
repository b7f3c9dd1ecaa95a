"""Puts days with a login into the store: for reports (use) and for ``directory stale`` (last login).

A mailbox and a local day are one row, so a log that is read twice changes nothing. UsageError where the store cannot
be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import case
from sqlalchemy.exc import SQLAlchemyError

from ..errors import UsageError, first_line
from . import store_tables as tables
from .store import insert, migrate, open_engine

_AT_ONCE = 1000  # rows of one statement


def put(url: str, days: Mapping[tuple[str, date], datetime]) -> None:
    """``days``: the last login of each mailbox (by its key) and day."""
    engine = open_engine(url)
    try:
        migrate(engine)
        rows = [{"address": address, "day": day, "last": last} for (address, day), last in sorted(days.items())]
        with engine.begin() as connection:
            new = insert(connection, tables.logins)
            later = case((new.excluded.last > tables.logins.c.last, new.excluded.last), else_=tables.logins.c.last)
            statement = new.on_conflict_do_update(index_elements=["address", "day"], set_={"last": later})
            for start in range(0, len(rows), _AT_ONCE):
                connection.execute(statement, rows[start : start + _AT_ONCE])
    except SQLAlchemyError as error:
        raise UsageError(f"the store cannot be written: {first_line(error)[:300]}") from None
    finally:
        engine.dispose()
