"""Ends the life of records in the store: months that are old enough become roll-ups, one transaction each.

Later reports compare with the roll-up. Records that came in after their month was rolled up are added to it the next
time. Raises sqlalchemy.exc.SQLAlchemyError where the store is away; then nothing of that month has changed.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from ..directory.model import Register
from ..policy.hours import Calendar
from ..projections.store_queries import Questions
from ..projections.store_retention import Emptying
from .counted import count_month
from .months import Month
from .rollup import Rollup, written


def retire(url: str, register: Register, calendar: Calendar, today: date, keep: int) -> list[str]:
    """Rolls up every month before the ``keep`` last ones, that of today included; their names, oldest first."""
    oldest_kept = Month(today.year, today.month).back(keep - 1)
    done = []
    with Emptying(url) as store:
        while (first := store.since()) is not None:
            month = Month.of(calendar.day(first))
            if month >= oldest_kept:
                break
            store.empty(str(month), month.span(calendar.zone), month.last, partial(_left, register, month, calendar))
            done.append(str(month))
    return done


def _left(register: Register, month: Month, calendar: Calendar, asked: Questions) -> str:
    """What is kept of a month."""
    details = asked.details(month.span(calendar.zone))
    found = count_month(asked, register, month, calendar, details)
    return written(Rollup(found.figures, found.withheld, found.failures))
