"""What reports ask of the SQL store: counts of a span of time, as plain values. Reads only, from one consistent view.

A message counts once, at its first hop; recipients and forwards count where they were judged (docs/metrics.md). A
store that was never filled, or is not there yet, counts nothing. UsageError where the store cannot be asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Select,
    and_,
    case,
    create_engine,
    event,
    exists,
    func,
    inspect,
    literal,
    or_,
    select,
)  # fmt: skip
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from ..errors import UsageError
from ..journal.redaction import SUSPECTED
from . import store_tables as tables
from .store import open_engine
from .store_details import Details, add

OFFICIAL = 0.8
"""From this score on a mail counts as one that carries an official document."""
PUBLIC = ("public", "disposable", "isp", "relay")
"""Classes of recipients that are counted as public mailboxes."""

_OWN = ("outbound", "internal")
_r, _to, _docs = tables.records.c, tables.recipients.c, tables.documents.c
_AGENCY = func.coalesce(_r.agency, literal("")).label("agency")


@dataclass(frozen=True, slots=True)
class Span:
    """From ``begin`` to before ``end``; both with time zone."""

    begin: datetime
    end: datetime


@dataclass(slots=True)
class Counts:
    """Keys begin with the agency as recorded (a slug, ``unregistered``, ``withheld`` or ``external``)."""

    messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(agency, direction)"""
    documents: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    """(agency, direction, signed)"""
    recipients: Counter[tuple[str, str, str, bool, str]] = field(default_factory=Counter)
    """(agency, direction, class, whether the mail carries an official document, verdict) of our own mail"""
    forwards: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    """(agency, kind, whether a public mailbox is among the recipients)"""
    failures: int = 0
    withheld: int = 0


class Questions:
    """An open store; use it with ``with``. All answers are of the moment when it was opened."""

    def __init__(self, url: str) -> None:
        self._engine = _readable(url)
        self._connection: Connection | None = None
        if self._engine is not None:
            try:
                connection = self._engine.connect()
                filled = inspect(connection).has_table("records")
            except SQLAlchemyError as error:
                raise _unreadable(error) from None
            if filled:
                self._connection = connection
            else:
                connection.close()

    def __enter__(self) -> Questions:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._engine is not None:
            self._engine.dispose()
        if isinstance(error, SQLAlchemyError):
            raise _unreadable(error) from None

    def counts(self, span: Span) -> Counts:
        """Everything that is counted by agency."""
        found = Counts()
        within = and_(_r.time >= span.begin, _r.time < span.end)
        outside = exists().where(_to.record_id == _r.id, _to["class"].in_(PUBLIC))
        # One pass over the records for all that stands in them: their rows are long.
        for *row, count in self._grouped(
            select(
                _AGENCY,
                _r.direction,
                _r.kind,
                case((_r.hop_parent.is_(None), 1), else_=0).label("first"),
                _r.forward_kind.label("forward"),
                case((and_(_r.forward_kind != "none", outside), 1), else_=0).label("public"),
                case((_r.secrecy_score >= SUSPECTED, 1), else_=0).label("withheld"),
            ).where(within, _r.kind.in_(("message", "failure")))
        ):
            _count(found, count, *row)
        for slug, direction, signed, count in self._grouped(
            select(_AGENCY, _r.direction, _docs.signed)
            .join(tables.records, _docs.record_id == _r.id)
            .where(_message(span), _r.hop_parent.is_(None))
        ):
            found.documents[slug, direction, bool(signed)] += count
        official = case((_r.official_score >= OFFICIAL, 1), else_=0).label("official")
        for slug, direction, class_, carries, verdict, count in self._grouped(
            select(_AGENCY, _r.direction, _to["class"], official, _to.verdict)
            .join(tables.records, _to.record_id == _r.id)
            .where(_message(span), _r.direction.in_(_OWN))
        ):
            found.recipients[slug, direction, class_, bool(carries), verdict or "accept"] += count
        return found

    def senders(self, span: Span) -> frozenset[str]:
        """Envelope senders of our own mail."""
        asked = select(_r.sender).where(_message(span), _r.direction.in_(_OWN)).distinct()
        return frozenset(sender for (sender,) in self._rows(asked) if sender)

    def since(self) -> datetime | None:
        """When the oldest record was made, or None."""
        found = next((time for (time,) in self._rows(select(func.min(_r.time)))), None)
        return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found

    def addressees(self, span: Span) -> frozenset[str]:
        """Recipients of inbound and internal mail."""
        asked = (
            select(_to.address)
            .join(tables.records, _to.record_id == _r.id)
            .where(_message(span), _r.direction.in_(("inbound", "internal")))
            .distinct()
        )
        return frozenset(address for (address,) in self._rows(asked) if address)

    def by_sender(self, span: Span) -> dict[str, tuple[int, int, int]]:
        """Of every envelope sender: messages, those with an official document, those of them to a public mailbox."""
        public = exists().where(_to.record_id == _r.id, _to["class"].in_(PUBLIC))
        official = _r.official_score >= OFFICIAL
        asked = (
            select(_r.sender, official.label("official"), case((and_(official, public), 1), else_=0).label("public"))
            .where(_message(span), _r.hop_parent.is_(None), _r.direction.in_(_OWN))
            .subquery()
        )
        totals = select(asked.c.sender, func.count(), _sum(asked.c.official), func.sum(asked.c.public)).group_by(
            asked.c.sender
        )
        return {sender: (count, int(carry or 0), int(out or 0)) for sender, count, carry, out in self._rows(totals)}

    def details(self, span: Span) -> Details:
        """What only whole records tell; those that can tell nothing are passed over by the database."""
        found = Details()
        telling = or_(
            _r.raw.like('%"inspected":false%'), _r.raw.like('%"exempted":[{%'), _r.raw.like('%"status":"valid"%')
        )
        asked = select(_r.agency, _r.hop_parent, _r.raw).where(_message(span), telling)
        for slug, parent, raw in self._rows(asked):
            add(found, slug or "", raw, first=parent is None)
        return found

    def _grouped(self, asked: Select[Any]) -> Iterator[Any]:
        """The different rows of a selection, each with its count. PostgreSQL groups by names, not by expressions that
        hold parameters; hence the subquery."""
        inner = asked.subquery()
        return self._rows(select(*inner.c, func.count()).group_by(*inner.c))

    def _rows(self, asked: Any) -> Iterator[Any]:
        if self._connection is not None:
            yield from self._connection.execution_options(yield_per=1000).execute(asked)


def _count(
    found: Counts, count: int, agency: str, direction: str, kind: str, first: int, forward: str | None, public: int,
    withheld: int,
) -> None:  # fmt: skip
    """Adds one group of records to what was found."""
    if kind == "failure":
        found.failures += count
        return
    if first:
        found.messages[agency, direction] += count
        found.withheld += count * withheld
    if forward not in (None, "none"):
        found.forwards[agency, forward, bool(public)] += count


def _message(span: Span) -> ColumnElement[bool]:
    return and_(_r.time >= span.begin, _r.time < span.end, _r.kind == "message")


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0), type_=Integer), 0)


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
    return UsageError(
        f"the store cannot be read: {str(error).splitlines()[0][:300]}; check store.url in the settings"
    )


def _read_only(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions by itself
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
