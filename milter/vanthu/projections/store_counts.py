"""What reports are told by the store: spans of time and counts, as plain values.

Keys begin with the agency as recorded: a slug, ``unregistered``, ``withheld`` or ``external``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From ``begin`` to before ``end``; both with time zone."""

    begin: datetime
    end: datetime


@dataclass(slots=True)
class Counts:
    """What is counted in every month."""

    messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(agency, direction)"""
    documents: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    """(agency, direction, signed)"""
    recipients: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    """(agency, sort, whether the mail carries an official document) of our own mail; sorts are ``recipients`` (all),
    ``offices``, ``public``, and of the public ones ``warned``, ``challenged``, ``stripped``, ``held``, ``refused``"""
    forwards: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    """(agency, kind, whether a public mailbox is among the recipients)"""
    failures: int = 0
    withheld: int = 0


@dataclass(slots=True)
class Details:
    """What is counted in the month of a report."""

    unread: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(agency, reason) of attachments that could not be read"""
    exceptions: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(rule, exception or unless entry) by the number of messages"""
    confirmed: Counter[str] = field(default_factory=Counter)
    """Messages sent on with a challenge code, by agency"""
    false_alarms: Counter[str] = field(default_factory=Counter)
    """Those of them whose sender called the challenge a false alarm, by agency"""
    upheld: Counter[str] = field(default_factory=Counter)
    """False alarms that whoever reviewed them found to be such, by agency"""
    dismissed: Counter[str] = field(default_factory=Counter)
    """Those that he found to be hit rightly"""
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(agency, what the sender gave as the reason) of messages sent on with a challenge code"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One mail between an outside address and a mailbox of a public-service desk, in either direction."""

    mailbox: str
    outside: str
    time: datetime
    inbound: bool


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The policy of one node was mild from ``begin`` until ``until`` (break-glass)."""

    node: str
    begin: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """The daemon of one node started at ``end``; its last record before that is of ``begin``."""

    node: str
    begin: datetime
    end: datetime
