"""Notices as a projection of the journal: who is to hear of a decision goes into the outbox, with the cursor.

Who is told: ``notice_targets``; in which words: ``notice_templates``. One notice for each target and rule within
an hour, the rest in a digest. A record older than two days is no news any more: if this memory is lost, the whole
journal is read anew and must not be mailed anew.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec

from ..journal.batch import Batch
from ..journal.cursor import Cursor
from ..journal.record import Record
from ..settings.model import Notices as NoticeSettings
from . import justifications
from .justifications import Month, due, forget, keep
from .notice_targets import Offices, targets
from .notice_templates import Templates
from .notice_text import Describe, Entry, Kind, digest_values, entry, values
from .state import State

WINDOW = 3600.0  # seconds in which a target hears of a rule once
_NEWS = 2 * 86_400.0
_TOTAL = "vanthu_notices_total"
_encoder = msgspec.json.Encoder()
_entries = msgspec.json.Decoder(Entry)


class Notices:
    """The projection. ``sweep`` turns digests that are due into notices; ``postman`` sends."""

    name = "notices"

    def __init__(
        self,
        state: State,
        settings: NoticeSettings,
        describe: Describe,
        zone: ZoneInfo,
        report: Callable[[str], None],
        clock: Callable[[], float] = time.time,
        offices: Offices = lambda slug: (slug, ()),
    ) -> None:
        self._state = state
        self._settings = settings
        self._describe = describe
        self._zone = zone
        self._report = report
        self._clock = clock
        self._offices = offices
        self._templates = Templates(settings.templates, report)

    def cursor(self) -> Cursor:
        """Where reading for notices stands."""
        return self._state.cursor(self.name)

    def take(self, batch: Batch, before: Cursor) -> None:
        """Puts what is to be told into the outbox, together with the cursor; sqlite3.Error changes nothing."""
        with self._state.transaction() as connection:
            for record in batch.records:
                if self._settings.enabled and record.kind == "message":
                    self._told(connection, record)
            self._state.advance(self.name, before, batch.cursor)

    def sweep(self) -> int:
        """Makes notices of the digests and months that are due; how many digests."""
        now = self._clock()
        with self._state.transaction() as connection:
            waiting = connection.execute(
                "SELECT kind, target FROM digests GROUP BY kind, target HAVING min(due) <= ?", (now,)
            ).fetchall()
            for kind, target in waiting:
                self._digest(connection, kind, target, now)
            connection.execute("DELETE FROM windows WHERE until <= ?", (now,))
            for month in due(connection, datetime.fromtimestamp(now, self._zone)):
                self._monthly(connection, month, now)
        return len(waiting)

    def _told(self, connection: sqlite3.Connection, record: Record) -> None:
        try:
            self._record(connection, record)
        except sqlite3.Error:
            raise
        except Exception as error:  # one odd record must not silence all notices after it
            self._report(f"notices: {record.id}: no notice: {type(error).__name__}: {error}")

    def _record(self, connection: sqlite3.Connection, record: Record) -> None:
        if record.facts is None or record.decision is None:
            return
        now = self._clock()
        keep(connection, record.id, record.facts, record.decision, datetime.fromtimestamp(now, self._zone))
        for kind, target in dict.fromkeys(targets(record.facts, record.decision, self._settings, self._offices)):
            if now - record.time.timestamp() > _NEWS:
                count(connection, kind, "expired")
                continue
            one = entry(record.id, record.facts, record.decision)
            until = {rule: _until(connection, kind, target, rule) for rule in one.rules}
            if any(end <= now for end in until.values()):
                _close_window(connection, kind, target, one.rules, now)
                mail = self._templates.mail("notice", values(kind, one, self._describe, self._zone))
                self._post(connection, kind, target, one.record, mail, now)
            else:
                count(connection, kind, "digested")
                connection.execute(
                    "INSERT OR IGNORE INTO digests VALUES (?, ?, ?, ?, ?)",
                    (kind, target, one.record, _encoder.encode(one).decode(), max(until.values())),
                )

    def _digest(self, connection: sqlite3.Connection, kind: Kind, target: str, now: float) -> None:
        rows = connection.execute(
            "SELECT entry FROM digests WHERE kind = ? AND target = ? ORDER BY record", (kind, target)
        )
        entries = [_entries.decode(text) for (text,) in rows]
        mail = self._templates.mail("digest", digest_values(kind, entries, self._describe, self._zone))
        self._post(connection, kind, target, entries[0].record, mail, now)
        for one in entries:
            _close_window(connection, kind, target, one.rules, now)
        connection.execute("DELETE FROM digests WHERE kind = ? AND target = ?", (kind, target))

    def _monthly(self, connection: sqlite3.Connection, month: Month, now: float) -> None:
        """The reasons of one agency's month, to its contacts; where it has none, to the security team."""
        name, contacts = self._offices(month.agency) if month.agency else ("", ())
        mail = self._templates.mail("monthly", justifications.values(month, name, self._describe, self._zone))
        for target in contacts or self._settings.security:
            self._post(connection, "monthly", target, month.entries[0].record, mail, now)
        if not (contacts or self._settings.security):
            count(connection, "monthly", "refused")
            self._report(f"notices: {month.agency or 'unregistered'} has no contact for its reasons of {month.name}")
        forget(connection, month)

    def _post(
        self, connection: sqlite3.Connection, kind: Kind, target: str, record: str, told: tuple[str, str, str],
        now: float,
    ) -> None:  # fmt: skip
        subject, text, html = told
        message_id = f"<{record}.{kind}.{sha256(target.encode()).hexdigest()[:8]}@{self._domain()}>"
        mail = EmailMessage(policy=SMTP.clone(utf8=not target.isascii()))
        mail["From"] = self._settings.from_
        mail["To"] = target
        mail["Subject"] = subject
        mail["Date"] = format_datetime(datetime.fromtimestamp(now, UTC).astimezone(self._zone))
        mail["Message-ID"] = message_id
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
        mail["X-Vanthu-Notice"] = kind
        mail.set_content(text, charset="utf-8", cte="quoted-printable")
        mail.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
        connection.execute(
            "INSERT OR IGNORE INTO notices (message_id, kind, target, mail, due, made) VALUES (?, ?, ?, ?, ?, ?)",
            (message_id, kind, target, mail.as_bytes(), now, now),
        )

    def _domain(self) -> str:
        return self._settings.from_.rpartition("@")[2].strip("> ") or "localhost"


def count(connection: sqlite3.Connection, kind: str, status: str) -> None:
    """One more notice of this kind came to this; call it inside the transaction that made it so."""
    connection.execute(
        "INSERT INTO metrics VALUES (?, json_array(?, ?), 1)"
        " ON CONFLICT (name, labels) DO UPDATE SET value = value + 1",
        (_TOTAL, kind, status),
    )


def counts(state: State) -> list[tuple[tuple[str, ...], float]]:
    """Samples of vanthu_notices_total."""
    rows = state.connection.execute(
        "SELECT json_extract(labels, '$[0]'), json_extract(labels, '$[1]'), value FROM metrics WHERE name = ?",
        (_TOTAL,),
    )
    return [((kind, status), value) for kind, status, value in rows]


def pending(state: State) -> float:
    """How many notices wait, digests included."""
    (waiting,) = state.connection.execute(
        "SELECT (SELECT count(*) FROM notices) + (SELECT count(*) FROM digests)"
    ).fetchone()
    return float(waiting)


def _until(connection: sqlite3.Connection, kind: str, target: str, rule: str) -> float:
    row = connection.execute(
        "SELECT until FROM windows WHERE kind = ? AND target = ? AND rule = ?", (kind, target, rule)
    ).fetchone()
    return float(row[0]) if row is not None else 0.0


def _close_window(
    connection: sqlite3.Connection, kind: str, target: str, rules: tuple[str, ...], now: float
) -> None:  # fmt: skip
    connection.executemany(
        "INSERT OR REPLACE INTO windows VALUES (?, ?, ?, ?)", [(kind, target, rule, now + WINDOW) for rule in rules]
    )
