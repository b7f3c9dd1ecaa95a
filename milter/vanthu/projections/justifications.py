"""The reasons that senders gave for mail which a challenge had stopped: kept until the month is over, then told to
the contacts of their agency, once. Text is pure; rows live in ``state.db`` with the cursor of the notices.

A head of office sees who sent what kind of thing to whom and why, and which rules were called wrong; no subjects.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from ..facts.model import Facts
from ..policy.decision import Decision
from .notice_text import Describe, plain, wrapped

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


def text(month: Month, office: str, describe: Describe, zone: ZoneInfo) -> tuple[str, str]:
    """Subject and text of the notice to an agency's contacts: Vietnamese, then English."""
    year, number = month.name.split("-")
    alarms = sum(one.reason is None for one in month.entries)
    given = len(month.entries) - alarms
    rules = Counter(rule for one in month.entries for rule in one.rules)
    name = office or month.agency or "không có trong danh bạ"
    vietnamese = [
        f"Trong tháng {number}/{year}, {given} thư của {name} bị hệ thống yêu cầu giải trình đã được người gửi nêu "
        f"lý do và gửi đi; {alarms} thư khác được người gửi báo là hệ thống nhận nhầm.",
        "",
        "Theo quy định:",
        *(f"- {count} × {plain(describe(rule)[0])}" for rule, count in rules.most_common()),
        "",
        "Từng thư (thời gian · người gửi · tới · lý do · mã thư):",
        *(_line(one, zone) for one in month.entries[:_MOST]),
        *([f"- … và {len(month.entries) - _MOST} thư khác"] if len(month.entries) > _MOST else []),
        "",
        "Đề nghị thủ trưởng cơ quan xem xét các lý do nêu trên. Xem đầy đủ một thư: vanthu explain --record MÃ-THƯ",
    ]
    english = [
        f"In {month.name}, senders of {office or month.agency or 'no registered agency'} gave a reason for {given} "
        f"messages that were challenged, and sent them; {alarms} more were reported as false alarms. They are listed "
        "above: time, sender, recipients, reason, reference. Please look whether the reasons hold.",
        "",
        *(f"- {count} x {plain(describe(rule)[1])}" for rule, count in rules.most_common()),
    ]
    return f"Giải trình gửi thư ra ngoài, tháng {number}/{year} ({len(month.entries)})", wrapped(vietnamese, english)


def _line(one: Justification, zone: ZoneInfo) -> str:
    people = ", ".join(one.recipients) + (f" (+{one.more})" if one.more else "")
    reason = "báo nhầm" if one.reason is None else f"“{one.reason}”"
    return f"- {one.time.astimezone(zone):%d/%m %H:%M} · {one.sender} · {people} · {reason} · {one.record}"


def _before(now: datetime) -> str:
    """The month before this one."""
    return f"{now.replace(day=1) - timedelta(days=1):%Y-%m}"
