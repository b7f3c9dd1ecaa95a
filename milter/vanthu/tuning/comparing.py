"""What changes between two decisions of one mail, and the sums of it over many. Values that processes pass around.

A mail has changed when its verdict or that of a recipient is another one. A rule may gain or lose hits without that,
for instance in shadow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..facts.model import Facts
from ..policy.decision import SEVERITY, Decision
from ..projections.counting import agency_of

_KEPT = 50_000  # changes that are kept one by one; beyond that they are only counted


@dataclass(frozen=True, slots=True)
class Change:
    """One mail that is decided otherwise. ``key`` is equal for every try to send it."""

    key: str
    id: str
    time: datetime
    sender: str
    recipients: int
    agency: str
    before: str
    after: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """Sums over records. ``unknown`` counts, by rule and reason, records that the new policy could not judge."""

    records: int = 0
    not_judged: int = 0
    damaged: int = 0
    over: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    hits_before: Counter[str] = field(default_factory=Counter)
    hits_after: Counter[str] = field(default_factory=Counter)
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    marginal: Counter[str] = field(default_factory=Counter)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    sweep: list[Counter[str]] = field(default_factory=list)

    def add(self, facts: Facts, before: Decision, after: Decision, id_: str, message_id: str | None) -> None:
        """One mail under both policies."""
        self.records += 1
        self.verdicts[after.verdict] += 1
        if after.unknown:
            self._not_known(after)
        old = new = _NONE
        if before.rules or after.rules:
            old, new = _hits(before), _hits(after)
            self._rules(old, new, after)
        if before.verdict != after.verdict or before.recipients != after.recipients:
            if len(self.changes) >= _KEPT:
                self.over += 1
                return
            change = Change(
                key_of(facts, message_id), id_, facts.time, facts.sender.address, len(facts.recipients),
                agency_of(facts),
                _told(before), _told(after), tuple(sorted(new - old)), tuple(sorted(old - new)),
            )  # fmt: skip
            self.changes.append(change)

    def join(self, other: Tally) -> None:
        """What another process counted."""
        for name in ("records", "not_judged", "damaged", "over"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("verdicts", "hits_before", "hits_after", "gained", "lost", "marginal", "unknown"):
            getattr(self, name).update(getattr(other, name))
        room = _KEPT - len(self.changes)
        self.changes += other.changes[: max(room, 0)]
        self.over += max(len(other.changes) - max(room, 0), 0)
        if len(self.sweep) < len(other.sweep):
            self.sweep += [Counter() for _ in range(len(other.sweep) - len(self.sweep))]
        for mine, theirs in zip(self.sweep, other.sweep, strict=False):
            mine.update(theirs)

    def _not_known(self, after: Decision) -> None:
        self.not_judged += 1
        self.unknown.update({(one.rule, one.reason) for one in after.unknown})

    def _rules(self, old: frozenset[str], new: frozenset[str], after: Decision) -> None:
        self.hits_before.update(old)
        self.hits_after.update(new)
        self.gained.update(new - old)
        self.lost.update(old - new)
        self.marginal.update(_marginal(after))


@dataclass(frozen=True, slots=True)
class Group:
    """One mail that is decided otherwise, with how often it was tried."""

    change: Change
    tries: int


def grouped(changes: Iterable[Change]) -> list[Group]:
    """Tries of one mail with one outcome, as one, in order of time."""
    found: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        found.setdefault((change.key, change.before, change.after), []).append(change)
    groups = [Group(min(same, key=lambda one: (one.time, one.id)), len(same)) for same in found.values()]
    return sorted(groups, key=lambda group: (group.change.time, group.change.id))


def key_of(facts: Facts, message_id: str | None) -> str:
    """Equal for every try: the Message-ID, else who wrote what to whom."""
    if message_id:
        return message_id
    return repr((facts.sender.address, facts.subject, facts.size, tuple(one.address for one in facts.recipients)))


def _hits(decision: Decision) -> frozenset[str]:
    return frozenset(hit.id for hit in decision.rules) if decision.rules else _NONE


_NONE: frozenset[str] = frozenset()


def _told(decision: Decision) -> str:
    """The verdict, and whether it is not that of every recipient."""
    mixed = any(one != decision.verdict for one in decision.recipients)
    return f"{decision.verdict}*" if mixed else decision.verdict


def _marginal(decision: Decision) -> set[str]:
    """Shadow rules that would do more, to some recipient, than all rules in force do already."""
    shadow: list[Any] = [hit for hit in decision.rules if hit.mode == "shadow"]
    if not shadow:
        return set()
    in_force = [hit for hit in decision.rules if hit.mode != "shadow"]
    found = set()
    for hit in shadow:
        done = {
            index: max((SEVERITY[one.action] for one in in_force if index in one.recipients), default=0)
            for index in hit.recipients
        }
        if not hit.recipients or any(SEVERITY[hit.action] > severity for severity in done.values()):
            found.add(hit.id)
    return found
