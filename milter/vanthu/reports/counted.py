"""One month as it is counted: figures by agency from the store and from the register as it was on the last day.

Of months whose records are over, the roll-up tells the figures (``rollup``); records that came late are added to it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from ..directory.model import Register, is_valid
from ..mail.address import key
from ..policy.hours import Calendar
from ..projections.catalogue import EXTERNAL, UNREGISTERED
from ..projections.store_counts import Details
from ..projections.store_queries import Questions
from .figures import Figures, by_agency, with_mailboxes
from .months import Month, between
from .rollup import Rollup, read

REGULAR = 10
"""On so many working days a mailbox that is used regularly sent mail or was logged in to (6806 §1, M9)."""
NOTHING = Figures()
_key = lru_cache(100_000)(key)  # the same people write every day


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures by recorded agency, and on how many working days each mailbox was used (nothing of roll-ups)."""

    figures: dict[str, Figures]
    days: Counter[str]
    withheld: int
    failures: int


def count_month(
    store: Questions, register: Register, month: Month, calendar: Calendar, details: Details | None = None
) -> Counted:
    """The figures of a month; ``details`` adds what is only asked of the month of a report."""
    counts = store.counts(month.span(calendar.zone))
    figures = by_agency(counts, details)
    figures.pop(EXTERNAL, None)
    kept = store.rollups.get(str(month))
    if kept is not None:
        before = read(kept)
        figures = {slug: _sum(before, figures, slug) for slug in before.figures.keys() | figures.keys()}
        return Counted(figures, Counter(), before.withheld + counts.withheld, before.failures + counts.failures)
    days, anybody = _used(store, month, calendar, bool(counts.messages))
    issued: Counter[str] = Counter()
    used: Counter[str] = Counter()
    sending: Counter[str] = Counter()
    last = month.last
    tree = register.tree(last)
    for mailbox in register.mailboxes:
        agency = mailbox.agency if mailbox.agency in tree else UNREGISTERED
        if agency is not None and mailbox.role != "system" and is_valid(mailbox, last):
            address = _key(mailbox.address)
            issued[agency] += 1
            used[agency] += days[address] >= REGULAR
            sending[agency] += address in anybody
    for agency in figures.keys() | issued.keys():
        mine = figures.get(agency, NOTHING)
        figures[agency] = with_mailboxes(mine, issued[agency], used[agency], sending[agency])
    return Counted(figures, days, counts.withheld, counts.failures)


def _used(store: Questions, month: Month, calendar: Calendar, any_mail: bool) -> tuple[Counter[str], set[str]]:
    """On how many working days each mailbox sent mail or was logged in to; and who sent at all."""
    by_day = {
        day: {key(address) for address in found} for day, found in store.logins(month.first, month.last).items()
    }
    days: Counter[str] = Counter()
    anybody: set[str] = set()
    working = set(month.working_days(calendar))
    for day in month.days():
        senders = set(map(_key, store.senders(between(day, day, calendar.zone)))) if any_mail else set()
        anybody |= senders
        if day in working:
            days.update(senders | by_day.get(day, set()))
    return days, anybody


def _sum(before: Rollup, late: dict[str, Figures], slug: str) -> Figures:
    return before.figures.get(slug, NOTHING) + late.get(slug, NOTHING)
