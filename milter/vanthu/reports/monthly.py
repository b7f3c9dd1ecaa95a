"""Makes the monthly report (6806/UBND-TTTH 2010 §2, §4): from the store's counts and the register of each month.

``make`` asks for thirteen months: twelve of the trend, and the same month last year. Each is put into the tree of
agencies as it was on its last day. A store without records gives a report of zeros.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..directory.model import Agency, Mailbox, Register, is_valid
from ..mail.address import key
from ..policy.hours import Calendar
from ..projections.catalogue import EXTERNAL, UNREGISTERED, WITHHELD
from ..projections.store_counts import Details
from ..projections.store_queries import Questions
from .actions import needed
from .figures import Figures, by_agency, total, with_mailboxes
from .months import Month, between
from .report import (
    SMALL,
    AgencyLine,
    Compared,
    ExceptionUse,
    MailboxLine,
    Report,
    TrendPoint,
)  # fmt: skip

REGULAR = 10
"""So many working days with a sent mail make regular use (6806 §1, M9)."""
_NAMES = {UNREGISTERED: "Chưa có trong danh bạ", WITHHELD: "Không nêu tên (nghi có dấu mật)"}
_NOTHING = Figures()


@dataclass(frozen=True, slots=True)
class Place:
    """What an installation says of itself, and owner and last day of its exceptions by id."""

    installation: str
    calendar: Calendar
    owners: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Counted:
    """One month: figures by recorded agency, and on how many working days each mailbox sent."""

    figures: dict[str, Figures]
    days: Counter[str]
    withheld: int
    failures: int


def make(
    store: Questions, register: Register, month: Month, place: Place, made: datetime, *, by_mailbox: bool = False
) -> Report:
    """The report of a month; ``made`` is the present time."""
    span = month.span(place.calendar.zone)
    details = store.details(span)
    months = {month.back(back): month.back(back) for back in range(13)}
    counted = {one: _count(store, register, one, place.calendar, details if one == month else None) for one in months}
    now, before, year_ago = (counted[month.back(back)] for back in (0, 1, 12))
    tree = register.tree(month.last)
    lines = _lines(tree, now, before, year_ago)
    outside = tuple(
        AgencyLine(slug=slug, name=_name(register, slug), parent=None, depth=0, ranked=False,
                   own=_compared(slug, now, before, year_ago))
        for slug in sorted(now.figures.keys() - tree.keys())
    )  # fmt: skip
    return Report(
        month=str(month),
        made=made,
        installation=place.installation,
        timezone=str(place.calendar.zone),
        working_days=len(month.working_days(place.calendar)),
        days_required=REGULAR,
        complete=made >= span.end,
        total=Compared(*(total(one.figures.values()) for one in (now, before, year_ago))),
        agencies=lines,
        outside=outside,
        trend=tuple(
            TrendPoint(str(month.back(back)), total(counted[month.back(back)].figures.values()))
            for back in range(11, -1, -1)
        ),
        actions=needed(lines),
        small_agencies=sum(not line.ranked for line in lines),
        exceptions=_exceptions(details, place.owners),
        unread_reasons=_reasons(details),
        withheld=now.withheld,
        failures=now.failures,
        mailboxes=_mailboxes(store, register, month, place.calendar, now.days) if by_mailbox else None,
    )


def _count(
    store: Questions, register: Register, month: Month, calendar: Calendar, details: Details | None
) -> _Counted:
    counts = store.counts(month.span(calendar.zone))
    figures = by_agency(counts, details)
    figures.pop(EXTERNAL, None)
    days: Counter[str] = Counter()
    anybody: set[str] = set()
    working = set(month.working_days(calendar)) if counts.messages else set()
    for day in month.days() if counts.messages else ():
        senders = {key(sender) for sender in store.senders(between(day, day, calendar.zone))}
        anybody |= senders
        if day in working:
            days.update(senders)
    issued: Counter[str] = Counter()
    used: Counter[str] = Counter()
    sending: Counter[str] = Counter()
    last = month.last
    tree = register.tree(last)
    for mailbox in register.mailboxes:
        agency = mailbox.agency if mailbox.agency in tree else UNREGISTERED
        if agency is not None and mailbox.role != "system" and is_valid(mailbox, last):
            address = key(mailbox.address)
            issued[agency] += 1
            used[agency] += days[address] >= REGULAR
            sending[agency] += address in anybody
    for agency in figures.keys() | issued.keys():
        mine = figures.get(agency, _NOTHING)
        figures[agency] = with_mailboxes(mine, issued[agency], used[agency], sending[agency])
    return _Counted(figures, days, counts.withheld, counts.failures)


def _lines(tree: Mapping[str, Agency], *counted: _Counted) -> tuple[AgencyLine, ...]:
    """All agencies of the tree, each before those below it, in the order of the register."""
    below: dict[str | None, list[str]] = {}
    for slug, agency in tree.items():
        below.setdefault(agency.parent if agency.parent in tree else None, []).append(slug)
    lines: list[AgencyLine] = []
    seen: set[str] = set()

    def walk(slug: str, depth: int) -> Figures:
        seen.add(slug)
        place = len(lines)
        own = _compared(slug, *counted)
        issued = own.now.issued
        parent = tree[slug].parent
        line = AgencyLine(
            slug=slug, name=tree[slug].name, parent=parent, depth=depth, ranked=issued >= SMALL, own=own
        )
        lines.append(line)
        children = [walk(child, depth + 1) for child in below.get(slug, ()) if child not in seen]
        whole = total([own.now, *children])
        if children:
            lines[place] = AgencyLine(
                slug=slug, name=line.name, parent=parent, depth=depth, ranked=line.ranked, own=own, tree=whole
            )
        return whole

    # Former versions may stand in a circle, which only the present ones are checked for: nobody is left out for that.
    for root in (*below.get(None, ()), *tree):
        if root not in seen:
            walk(root, 0)
    return tuple(lines)


def _name(register: Register, slug: str) -> str:
    known = register.agencies.get(slug)
    return known.name if known is not None else _NAMES.get(slug, slug)


def _compared(slug: str, *counted: _Counted) -> Compared:
    return Compared(*(one.figures.get(slug, _NOTHING) for one in counted))


def _exceptions(details: Details, owners: Mapping[str, tuple[str, str]]) -> tuple[ExceptionUse, ...]:
    uses = sorted(details.exceptions.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ExceptionUse(rule, by, count, *owners.get(by, (None, None))) for (rule, by), count in uses)


def _reasons(details: Details) -> tuple[tuple[str, int], ...]:
    reasons: Counter[str] = Counter()
    for (agency, reason), count in details.unread.items():
        if agency != EXTERNAL:
            reasons[reason] += count
    return tuple(reasons.most_common())


def _mailboxes(
    store: Questions, register: Register, month: Month, calendar: Calendar, days: Counter[str]
) -> tuple[MailboxLine, ...]:
    sent = {key(sender): counts for sender, counts in store.by_sender(month.span(calendar.zone)).items() if sender}
    issued = [(key(one.address), one) for one in sorted(register.mailboxes, key=_place) if is_valid(one, month.last)]
    return tuple(
        MailboxLine(one.address, one.name, one.agency or "", days[address], *sent.get(address, (0, 0, 0)))
        for address, one in issued
    )  # fmt: skip


def _place(mailbox: Mailbox) -> tuple[str, str]:
    return mailbox.agency or "", mailbox.address
