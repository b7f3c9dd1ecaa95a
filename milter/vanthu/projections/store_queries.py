"""What reports ask of the SQL store: counts of a span of time, as plain values. Reads only, from one consistent view.

A message counts once, at its first hop; recipients and forwards count where they were judged (docs/metrics.md). A
store that was never filled, or is not there yet, counts nothing. UsageError where the store cannot be asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, distinct, func, literal, select

from ..journal.redaction import SUSPECTED
from . import store_tables as tables
from .store_counts import Counts, Details, Exchange, Pause, Relaxation, Span
from .store_reading import View, moment
from .store_rows import SIGNS_OF_LIFE, STARTED, STOPPED

OFFICIAL = 0.8
"""From this score on a mail counts as one that carries an official document."""

_SORTS = ("recipients", "offices", "public", *STOPPED.values())
_SUMMED = ("documents", "signed", *_SORTS)
_OWN = ("outbound", "internal")
_r, _to, _said = tables.records.c, tables.recipients.c, tables.reviews.c
_unread, _lifted, _logins = tables.unread.c, tables.exempted.c, tables.logins.c
_AGENCY = func.coalesce(_r.agency, literal("")).label("agency")


class Questions(View):
    """An open store and what may be asked of it."""

    def counts(self, span: Span) -> Counts:
        """Everything that is counted by agency in every month."""
        found = Counts()
        groups = (
            _AGENCY,
            _r.direction,
            _r.kind,
            case((_r.hop_parent.is_(None), 1), else_=0).label("first"),
            _r.forward_kind.label("forward"),
            case((_r.public > 0, 1), else_=0).label("outside"),
            case((_r.official_score >= OFFICIAL, 1), else_=0).label("official"),
            case((_r.secrecy_score >= SUSPECTED, 1), else_=0).label("withheld"),
        )
        inner = (
            select(*groups, *(_r[name].label(name) for name in _SUMMED))
            .where(_r.time >= span.begin, _r.time < span.end, _r.kind.in_(("message", "failure")))
            .subquery()
        )
        names = [inner.c[group.name] for group in groups]
        for row in self.rows(
            select(*names, func.count(), *(func.sum(inner.c[name]) for name in _SUMMED)).group_by(*names)
        ):
            _count(found, row[: len(names)], row[len(names)], dict(zip(_SUMMED, row[len(names) + 1 :], strict=True)))
        return found

    def details(self, span: Span) -> Details:
        """Everything that is counted in the month of a report alone."""
        found = Details()
        for slug, reason, count in self._grouped(
            select(_AGENCY, _unread.reason)
            .join(tables.records, _unread.record_id == _r.id)
            .where(_message(span), _r.hop_parent.is_(None))
        ):
            found.unread[slug, reason] += count
        for rule, exception, count in self.rows(
            select(_lifted.rule, _lifted.exception, func.count(distinct(_lifted.record_id)))
            .join(tables.records, _lifted.record_id == _r.id)
            .where(_message(span))
            .group_by(_lifted.rule, _lifted.exception)
        ):
            found.exceptions[rule, exception] += count
        for slug, alarm, reason, count in self._grouped(
            select(_AGENCY, _r.false_alarm, _r.challenge_reason).where(
                _message(span), _r.hop_parent.is_(None), _r.challenge == "valid"
            )
        ):
            found.confirmed[slug] += count
            found.false_alarms[slug] += count * bool(alarm)
            if reason and not alarm:
                found.reasons[slug, reason] += count
        found.upheld, found.dismissed = self._reviewed(span)
        return found

    def _reviewed(self, span: Span) -> tuple[Counter[str], Counter[str]]:
        """What reviews found of false alarms that senders of the span had reported; one that any rule's review
        upholds is upheld."""
        asked = (
            select(_AGENCY, _said.about, _said.rule, _said.upheld)
            .join(tables.records, _said.about == _r.id)
            .where(_message(span), _r.hop_parent.is_(None), _r.challenge == "valid", _r.false_alarm)
            .order_by(_said.record_id)  # ids are in the order of time
        )
        last = {(about, rule): (slug, upheld) for slug, about, rule, upheld in self.rows(asked)}
        mails: dict[str, tuple[str, bool]] = {}
        for (about, _), (slug, upheld) in last.items():
            if upheld is not None:
                mails[about] = slug, upheld or mails.get(about, (slug, False))[1]
        return (
            Counter(slug for slug, upheld in mails.values() if upheld),
            Counter(slug for slug, upheld in mails.values() if not upheld),
        )

    def senders(self, span: Span) -> frozenset[str]:
        """Envelope senders of our own mail."""
        asked = select(_r.sender).where(_message(span), _r.direction.in_(_OWN)).distinct()
        return frozenset(filter(None, self.column(asked)))

    def since(self) -> datetime | None:
        """When the oldest record was made, or None."""
        found = next((time for (time,) in self.rows(select(func.min(_r.time)))), None)
        return moment(found) if found is not None else None

    def addressees(self, span: Span) -> frozenset[str]:
        """Recipients of inbound and internal mail."""
        asked = (
            select(_to.address)
            .join(tables.records, _to.record_id == _r.id)
            .where(_message(span), _r.direction.in_(("inbound", "internal")))
            .distinct()
        )
        return frozenset(filter(None, self.column(asked)))

    def by_sender(self, span: Span) -> dict[str, tuple[int, int, int]]:
        """Of every envelope sender: messages, those with an official document, those of them to a public mailbox."""
        official = _r.official_score >= OFFICIAL
        asked = (
            select(
                _r.sender,
                official.label("official"),
                case((and_(official, _r.public > 0), 1), else_=0).label("public"),
            )
            .where(_message(span), _r.hop_parent.is_(None), _r.direction.in_(_OWN))
            .subquery()
        )
        totals = select(asked.c.sender, func.count(), _sum(asked.c.official), func.sum(asked.c.public)).group_by(
            asked.c.sender
        )
        return {sender: (count, int(carry or 0), int(out or 0)) for sender, count, carry, out in self.rows(totals)}

    def exchanges(self, span: Span) -> Iterator[Exchange]:
        """Mail between the outside and public-service mailboxes, in the order of time."""
        asked = (
            select(_r.time, _r.direction, _r.sender, _to.address)
            .join(tables.recipients, _to.record_id == _r.id)
            .where(
                _message(span),
                _r.hop_parent.is_(None),
                ((_r.direction == "inbound") & (_to.role == "public_service"))
                | ((_r.direction == "outbound") & (_r.sender_role == "public_service")),
                _r.sender != "",
            )
            .order_by(_r.time)
        )
        for time, direction, sender, address in self.rows(asked):
            inbound = direction == "inbound"
            mailbox, outside = (address, sender) if inbound else (sender, address)
            yield Exchange(mailbox, outside, moment(time), inbound)

    def logins(self, first: date, last: date) -> dict[date, set[str]]:
        """Who logged in on which local day, both inclusive; empty where no logs were read in."""
        found: dict[date, set[str]] = {}
        asked = select(_logins.day, _logins.address).where(_logins.day >= first, _logins.day <= last)
        for day, address in self.rows(asked):
            found.setdefault(day, set()).add(address)
        return found

    def last_logins(self) -> dict[str, datetime]:
        """When each mailbox was last logged in to, as far as logs were read in."""
        asked = select(_logins.address, func.max(_logins.last)).group_by(_logins.address)
        return {address: moment(last) for address, last in self.rows(asked)}

    def relaxations(self, span: Span) -> list[Relaxation]:
        """Relaxations of the policy that began in a span, in the order of time; the next of the same node ends the
        one before."""
        asked = (
            select(_r.node, _r.time, _r.until)
            .where(_r.time >= span.begin, _r.time < span.end, _r.kind == "relax")
            .order_by(_r.time)
        )
        return [Relaxation(node, moment(time), moment(end or time)) for node, time, end in self.rows(asked)]

    def pauses(self, span: Span) -> list[Pause]:
        """Before every start in a span: since when the node had done nothing."""
        started = select(_r.node, _r.time).where(
            _r.time >= span.begin, _r.time < span.end, _r.kind == "reload", _r.detail == STARTED
        )
        found = []
        for node, time in list(self.rows(started)):
            last = (
                select(_r.time)
                .where(_r.node == node, _r.time < moment(time), _r.kind.in_(SIGNS_OF_LIFE))
                .order_by(_r.time.desc())
                .limit(1)
            )
            found += [Pause(node, moment(before), moment(time)) for (before,) in self.rows(last)]
        return found

    @cached_property
    def rollups(self) -> dict[str, str]:
        """What is left of months whose records are over: JSON by month (``reports.rollup``)."""
        kept: dict[str, str] = {}
        for month, content in self.rows(select(tables.rollups.c.month, tables.rollups.c.content)):
            kept[month] = content
        return kept

    def _grouped(self, asked: Select[Any]) -> Iterator[Any]:
        """The different rows of a selection, each with its count. PostgreSQL groups by names, not by expressions that
        hold parameters; hence the subquery."""
        inner = asked.subquery()
        return self.rows(select(*inner.c, func.count()).group_by(*inner.c))


def _count(found: Counts, group: Any, count: int, sums: dict[str, int | None]) -> None:
    """Adds one group of records to what was found."""
    agency, direction, kind, first, forward, public, carries, withheld = group
    if kind == "failure":
        found.failures += count
        return
    if first:
        found.messages[agency, direction] += count
        found.withheld += count * withheld
        signed, documents = int(sums["signed"] or 0), int(sums["documents"] or 0)
        for with_signature, number in ((True, signed), (False, documents - signed)):
            if number:
                found.documents[agency, direction, with_signature] += number
    if direction in _OWN:
        for name in _SORTS:
            if sums[name]:
                found.recipients[agency, name, bool(carries)] += int(sums[name] or 0)
    if forward not in (None, "none"):
        found.forwards[agency, forward, bool(public)] += count


def _message(span: Span) -> ColumnElement[bool]:
    return and_(_r.time >= span.begin, _r.time < span.end, _r.kind == "message")


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0), type_=Integer), 0)
