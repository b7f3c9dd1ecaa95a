"""The monthly report as a value: everything that any of its formats shows, and nothing else. It goes to JSON.

No person stands in it unless ``mailboxes`` was asked for. Keys may be added; none is renamed without a new version.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from .figures import Figures

SMALL = 20
"""Agencies with fewer mailboxes are not ranked and not called on: their numbers point at persons."""


class Compared(Struct, frozen=True):
    """The same figures of the month, of the month before, and of the same month last year."""

    now: Figures
    before: Figures
    year_ago: Figures


class AgencyLine(Struct, frozen=True, kw_only=True):
    """One agency: ``own`` without, ``tree`` (None where nobody is below it) with all agencies below it."""

    slug: str
    name: str
    parent: str | None
    depth: int
    ranked: bool
    own: Compared
    tree: Figures | None = None


class TrendPoint(Struct, frozen=True):
    """One month of the twelve that end with that of the report."""

    month: str
    figures: Figures


class Action(Struct, frozen=True):
    """An agency that needs to act: ``reasons`` are keys of words.yaml with the figure that led there."""

    slug: str
    name: str
    reasons: tuple[tuple[str, float], ...]


class ExceptionUse(Struct, frozen=True):
    """How many messages an exception lifted a rule for; owner and last day as the policy in force has them."""

    rule: str
    exception: str
    messages: int
    owner: str | None = None
    expires: str | None = None


class MailboxLine(Struct, frozen=True):
    """One mailbox, only on demand."""

    address: str
    name: str
    agency: str
    days: int
    messages: int
    official: int
    official_to_public: int


class AnswerLine(Struct, frozen=True):
    """A public-service mailbox: questions that outside addresses asked it, how many of them it answered by mail, and
    half of these answers came within ``median_hours``."""

    address: str
    asked: int
    answered: int
    median_hours: float | None = None


class ReasonLine(Struct, frozen=True):
    """A reason that senders of an agency gave for sending in spite of a challenge, and how often."""

    slug: str
    name: str
    reason: str
    messages: int


class Report(Struct, frozen=True, kw_only=True):
    """One month of one installation, or one year (``month`` is then ``2026``, ``before`` the year before).

    ``working_days`` is how many it has, ``days_required`` how many a month count as regular use; ``unread_reasons``,
    ``failures``, ``relaxed_hours`` (policy mild by break-glass) and ``stopped_hours`` (at most so long the filter did
    not run) are of the whole installation. ``reasons`` are of
    ranked agencies only."""

    version: int = 1
    month: str
    made: datetime
    installation: str
    timezone: str
    working_days: int
    days_required: int
    complete: bool
    total: Compared
    agencies: tuple[AgencyLine, ...]
    outside: tuple[AgencyLine, ...]
    trend: tuple[TrendPoint, ...]
    actions: tuple[Action, ...]
    small_agencies: int
    exceptions: tuple[ExceptionUse, ...]
    unread_reasons: tuple[tuple[str, int], ...]
    withheld: int
    failures: int
    mailboxes: tuple[MailboxLine, ...] | None = None
    answers: tuple[AnswerLine, ...] = ()
    reasons: tuple[ReasonLine, ...] = ()
    relaxed_hours: float = 0.0
    stopped_hours: float = 0.0
    rolled_up: bool = False

    @property
    def yearly(self) -> bool:
        """Whether it is about a year."""
        return "-" not in self.month
