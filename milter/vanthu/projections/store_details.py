"""What reports read from whole records, since no table has a column for it; pure, decoding only what is asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import msgspec


@dataclass(slots=True)
class Details:
    """What stands only in whole records."""

    unread: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(agency, reason) of attachments that could not be read"""
    exceptions: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(rule, exception or unless entry) by the number of messages"""
    confirmed: Counter[str] = field(default_factory=Counter)
    """Messages sent on with a challenge code, by agency"""
    false_alarms: Counter[str] = field(default_factory=Counter)
    """Those of them whose sender called the challenge a false alarm, by agency"""


class _Attachment(msgspec.Struct):
    inspected: bool = True
    reason: str | None = None


class _Challenge(msgspec.Struct):
    status: str = "none"
    false_alarm: bool = False


class _Facts(msgspec.Struct):
    attachments: tuple[_Attachment, ...] = ()
    challenge: _Challenge = msgspec.field(default_factory=_Challenge)


class _Exempted(msgspec.Struct, frozen=True):
    rule: str
    by: str


class _Decision(msgspec.Struct):
    exempted: tuple[_Exempted, ...] = ()


class _Whole(msgspec.Struct):
    facts: _Facts | None = None
    decision: _Decision | None = None


_decoder = msgspec.json.Decoder(_Whole)


def add(found: Details, agency: str, raw: str, *, first: bool) -> None:
    """Adds what one record tells; attachments and challenges count at the first hop only."""
    record = _decoder.decode(raw)
    if record.facts is not None and first:
        for attachment in record.facts.attachments:
            if not attachment.inspected:
                found.unread[agency, attachment.reason or "unknown"] += 1
        if record.facts.challenge.status == "valid":
            found.confirmed[agency] += 1
            found.false_alarms[agency] += record.facts.challenge.false_alarm
    if record.decision is not None:
        found.exceptions.update({(one.rule, one.by) for one in record.decision.exempted})
