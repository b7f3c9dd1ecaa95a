"""Makes the yearly report (506/BTTTT-UDCNTT 2013, 6806/UBND-TTTH 2010 §4: use counts in the yearly emulation).

It is a report like the monthly one: flows are sums over the months, mailboxes issued are those of the last month, and
those in use the mean of the months, so that the share in use is that of an ordinary month. Beside the year stands the
year before. Months to come count nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from ..directory.model import Register
from ..projections.store_counts import Span
from ..projections.store_queries import Questions
from .counted import NOTHING, Counted, count_month
from .figures import Figures, total, with_mailboxes
from .monthly import Period, Place, build
from .months import Month
from .report import Report


def make(store: Questions, register: Register, year: int, place: Place, made: datetime) -> Report:
    """The report of a year; ``made`` is the present time."""
    zone = place.calendar.zone
    present = Month.of(place.calendar.day(made))
    months = [month for month in (Month(year, number) for number in range(1, 13)) if month <= present]
    span = Span(Month(year, 1).span(zone).begin, Month(year, 12).span(zone).end)
    details = [store.details(month.span(zone)) for month in months]
    of_months = [
        count_month(store, register, month, place.calendar, told) for month, told in zip(months, details, strict=True)
    ]
    before = _year([count_month(store, register, Month(year - 1, number), place.calendar) for number in range(1, 13)])
    now = _year(of_months)
    last = months[-1].last if months else Month(year, 12).last
    trend = zip(months, of_months, strict=True)
    period = Period(str(year), span, months, last)
    return build(store, register, period, place, made, (now, before, before), trend, details)


def _year(months: Sequence[Counted]) -> Counted:
    """The months of a year as one."""
    figures = {}
    for slug in {slug for one in months for slug in one.figures}:
        each = [one.figures.get(slug, NOTHING) for one in months]
        figures[slug] = with_mailboxes(total(each), each[-1].issued, _mean(each, "used"), _mean(each, "sending"))
    withheld, failures = sum(one.withheld for one in months), sum(one.failures for one in months)
    return Counted(figures, Counter(), withheld, failures)


def _mean(months: Sequence[Figures], name: str) -> int:
    """Of the months that had mailboxes at all."""
    found = [getattr(one, name) for one in months if one.issued]
    return round(sum(found) / len(found)) if found else 0
