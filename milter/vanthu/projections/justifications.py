"""The reasons that senders gave for mail which a challenge had stopped: kept until the month is over, then told to
the contacts of their agency, once. Values are pure; rows live in ``state.db`` with the cursor of the notices.

A head of office sees who sent what kind of thing to whom and why, and which rules were called wrong; no subjects.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct, structs

from ..facts.model import Facts
from ..policy.decision import Decision
from .notice_text import Describe, plain

_MORNING = timedelta(hours=7)  # of the first day: what the month's last night brought has been read by then
_MOST = 200  # reasons that one notice lists
_MOST_RECIPIENTS = 3
_STOPPED = ("challenge", "hold", "reject")  # by a rule that the code was not for


class Justification(Struct, frozen=True):
    """One mail that was sent on. No reason means that its sender called the rule wrong."""

    record: str
    time: datetime
    sender: str
    recipients: tuple[str, ...]
    more: int
    rules: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Month:
    """What one agency gave as reasons in one month, oldest first; an empty slug is nobody's agency."""

    name: str
    agency: str
    entries: Sequence[Justification]


_encoder = msgspec.json.Encoder()
_entries = msgspec.json.Decoder(Justification)


def keep(connection: sqlite3.Connection, record: str, facts: Facts, decision: Decision, now: datetime) -> None:
    """Notes the reason of a mail that a code let go, at its first hop; call it inside a transaction.

    What is older than the last month was told long ago: a journal that is read anew does not tell it again.
    """
    challenge = facts.challenge
    if challenge.status != "valid" or facts.hop.parent is not None or decision.verdict in _STOPPED:
        return
    month = f"{facts.time.astimezone(now.tzinfo):%Y-%m}"
    if month < _before(now):
        return
    hit = tuple(plain(one.address) for one in facts.recipients)
    one = Justification(
        record, facts.time, plain(facts.sender.address), hit[:_MOST_RECIPIENTS], max(len(hit) - _MOST_RECIPIENTS, 0),
        challenge.rules, None if challenge.false_alarm else plain(challenge.reason or ""),
    )  # fmt: skip
    connection.execute(
        "INSERT OR IGNORE INTO justifications VALUES (?, ?, ?, ?)",
        (month, facts.sender.agency or "", record, _encoder.encode(one).decode()),
    )


def due(connection: sqlite3.Connection, now: datetime) -> list[Month]:
    """The months that are over, by agency."""
    current = f"{now - _MORNING:%Y-%m}"
    rows = connection.execute(
        "SELECT month, agency, entry FROM justifications WHERE month < ? ORDER BY month, agency, record", (current,)
    )
    found: dict[tuple[str, str], list[Justification]] = {}
    for month, agency, entry in rows:
        found.setdefault((month, agency), []).append(_entries.decode(entry))
    return [Month(month, agency, entries) for (month, agency), entries in found.items()]


def forget(connection: sqlite3.Connection, month: Month) -> None:
    """It was told."""
    connection.execute("DELETE FROM justifications WHERE month = ? AND agency = ?", (month.name, month.agency))


def values(month: Month, office: str, describe: Describe, zone: ZoneInfo) -> dict[str, Any]:
    """What the template of the monthly notice may use."""
    year, number = month.name.split("-")
    alarms = sum(one.reason is None for one in month.entries)
    rules = Counter(rule for one in month.entries for rule in one.rules)
    told = [(count, *describe(rule)[:2]) for rule, count in rules.most_common()]
    return {
        "kind": "monthly",
        "office": plain(office or month.agency),
        "year": year,
        "month": number,
        "given": len(month.entries) - alarms,
        "alarms": alarms,
        "rules": [{"count": count, "vi": plain(vi), "en": plain(en)} for count, vi, en in told],
        "entries": [_told(one, zone) for one in month.entries[:_MOST]],
        "left": max(len(month.entries) - _MOST, 0),
    }


def _told(one: Justification, zone: ZoneInfo) -> dict[str, Any]:
    return {**structs.asdict(one), "when": f"{one.time.astimezone(zone):%d/%m %H:%M}"}


def _before(now: datetime) -> str:
    """The month before this one."""
    return f"{now.replace(day=1) - timedelta(days=1):%Y-%m}"
