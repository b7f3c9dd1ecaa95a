"""Makes the monthly report (6806/UBND-TTTH 2010 §2, §4): from the store's counts and the register of each month.

``make`` asks for thirteen months: twelve of the trend, and the same month last year. Each is put into the tree of
agencies as it was on its last day. A store without records gives a report of zeros.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from msgspec.structs import replace

from ..directory.model import Agency, Register, is_valid
from ..mail.address import key
from ..policy.hours import Calendar
from ..projections.catalogue import EXTERNAL, UNREGISTERED, WITHHELD
from ..projections.store_counts import Details, Span
from ..projections.store_queries import Questions
from . import answers
from .actions import needed
from .counted import NOTHING, REGULAR, Counted, count_month
from .figures import Figures, total
from .idle import relaxed_hours, stopped_hours
from .months import Month
from .report import SMALL, AgencyLine, Compared, ExceptionUse, MailboxLine, ReasonLine, Report, TrendPoint
from .tree import in_order

_NAMES = {UNREGISTERED: "Chưa có trong danh bạ", WITHHELD: "Không nêu tên (nghi có dấu mật)"}
_MOST_REASONS, _LONGEST_REASON = 5, 120


@dataclass(frozen=True, slots=True)
class Place:
    """What an installation says of itself, and owner and last day of its exceptions by id."""

    installation: str
    calendar: Calendar
    owners: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about. ``months`` are those that count; the tree of agencies is that of ``last``."""

    name: str
    span: Span
    months: Sequence[Month]
    last: date


def make(
    store: Questions, register: Register, month: Month, place: Place, made: datetime, *, by_mailbox: bool = False
) -> Report:
    """The report of a month; ``made`` is the present time."""
    span = month.span(place.calendar.zone)
    details = store.details(span)
    counted = {
        one: count_month(store, register, one, place.calendar, details if one == month else None)
        for one in (month.back(back) for back in range(13))
    }
    now, before, year_ago = (counted[month.back(back)] for back in (0, 1, 12))
    trend = [(one, counted[one]) for one in (month.back(back) for back in range(11, -1, -1))]
    period = Period(str(month), span, [month], month.last)
    report = build(store, register, period, place, made, (now, before, year_ago), trend, [details])
    return replace(
        report,
        mailboxes=_mailboxes(store, register, period, now.days) if by_mailbox else None,
        answers=answers.lines(store.exchanges(Span(span.begin, span.end + answers.PATIENCE)), span),
        reasons=_reasons(details, report.agencies),
    )


def build(
    store: Questions,
    register: Register,
    period: Period,
    place: Place,
    made: datetime,
    compared: tuple[Counted, Counted, Counted],
    trend: Iterable[tuple[Month, Counted]],
    details: Sequence[Details],
) -> Report:
    """What the reports of a month and of a year have in common; ``compared`` are now, before and a year ago."""
    tree = register.tree(period.last)
    lines = _agency_lines(tree, *compared)
    return Report(
        month=period.name,
        made=made,
        installation=place.installation,
        timezone=str(place.calendar.zone),
        working_days=sum(len(month.working_days(place.calendar)) for month in period.months),
        days_required=REGULAR,
        complete=made >= period.span.end,
        total=Compared(*(total(one.figures.values()) for one in compared)),
        agencies=lines,
        outside=_outside_lines(register, tree, *compared),
        trend=tuple(TrendPoint(str(month), total(one.figures.values())) for month, one in trend),
        actions=needed(lines),
        small_agencies=sum(not line.ranked for line in lines),
        exceptions=_exceptions(details, place.owners),
        unread_reasons=_unread_reasons(details),
        withheld=compared[0].withheld,
        failures=compared[0].failures,
        relaxed_hours=relaxed_hours(store, period.span, made),
        stopped_hours=stopped_hours(store, period.span),
        rolled_up=any(str(month) in store.rollups for month in period.months),
    )


def _agency_lines(tree: Mapping[str, Agency], *counted: Counted) -> tuple[AgencyLine, ...]:
    """All agencies of the tree, each before those below it, in the order of the register."""
    found: list[AgencyLine] = []
    sums: dict[int, list[Figures]] = {}  # by depth, of those whose agency above is yet to come
    for slug, depth in reversed(list(in_order(tree))):
        own = _compared(slug, *counted)
        below = sums.pop(depth + 1, [])
        whole = total([own.now, *below])
        sums.setdefault(depth, []).append(whole)
        agency = tree[slug]
        found.append(
            AgencyLine(
                slug=slug,
                name=agency.name,
                parent=agency.parent,
                depth=depth,
                ranked=own.now.issued >= SMALL,
                own=own,
                tree=whole if below else None,
            )
        )
    return tuple(reversed(found))


def _name(register: Register, slug: str) -> str:
    known = register.agencies.get(slug)
    return known.name if known is not None else _NAMES.get(slug, slug)


def _compared(slug: str, *counted: Counted) -> Compared:
    return Compared(*(one.figures.get(slug, NOTHING) for one in counted))


def _outside_lines(register: Register, tree: Mapping[str, Agency], *counted: Counted) -> tuple[AgencyLine, ...]:
    """Mail recorded under a name that the tree does not have: of nobody, withheld, or of former agencies."""
    return tuple(
        AgencyLine(
            slug=slug, name=_name(register, slug), parent=None, depth=0, ranked=False, own=_compared(slug, *counted)
        )
        for slug in sorted(counted[0].figures.keys() - tree.keys())
    )


def _reasons(details: Details, lines: Iterable[AgencyLine]) -> tuple[ReasonLine, ...]:
    """The most frequent reasons given at challenges, of agencies large enough that they point at nobody."""
    names = {line.slug: line.name for line in lines if line.ranked}
    found = []
    for slug, name in names.items():
        mine = Counter({reason: n for (agency, reason), n in details.reasons.items() if agency == slug})
        found += [ReasonLine(slug, name, text[:_LONGEST_REASON], n) for text, n in mine.most_common(_MOST_REASONS)]
    return tuple(found)


def _exceptions(details: Iterable[Details], owners: Mapping[str, tuple[str, str]]) -> tuple[ExceptionUse, ...]:
    """For how many messages each exception lifted a rule, with its owner and last day."""
    found: Counter[tuple[str, str]] = Counter()
    for one in details:
        found.update(one.exceptions)
    uses = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ExceptionUse(rule, by, number, *owners.get(by, (None, None))) for (rule, by), number in uses)


def _unread_reasons(details: Iterable[Details]) -> tuple[tuple[str, int], ...]:
    """Why attachments could not be read, the most frequent reason first."""
    found: Counter[str] = Counter()
    for one in details:
        for (agency, reason), number in one.unread.items():
            if agency != EXTERNAL:
                found[reason] += number
    return tuple(found.most_common())


def _mailboxes(store: Questions, register: Register, period: Period, days: Counter[str]) -> tuple[MailboxLine, ...]:
    """What each mailbox sent that was issued on the last day, and on how many days; in the order of slug and name."""
    sent = {key(sender): counts for sender, counts in store.by_sender(period.span).items() if sender}
    listed = sorted(register.mailboxes, key=lambda one: (one.agency or "", one.address))
    issued = [(key(one.address), one) for one in listed if is_valid(one, period.last)]
    return tuple(
        MailboxLine(one.address, one.name, one.agency or "", days[address], *sent.get(address, (0, 0, 0)))
        for address, one in issued
    )  # fmt: skip
