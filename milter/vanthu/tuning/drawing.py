"""A random sample of what a rule hits and nearly hits, from a journal or from kept messages.

Each mail has a rank: a hash of the rule's id and the mail's Message-ID (``comparing.key_of``), so that every try of a
mail is one mail, everybody who draws gets the same sample, and drawing more adds to what was drawn before. The sample
of a stratum is its mails of lowest rank: uniformly random, found in one pass, by all cores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from heapq import nsmallest
from pathlib import Path

from ..facts.model import Facts
from ..policy.model import Policy, Rule
from ..policy.nodes import View
from .comparing import key_of
from .judging import in_force
from .near import concerned, stratum
from .replay import Mail, Piece, mails

REPORTED = "reported"  # mail whose sender said that the rule was wrong; not random, so it counts for itself


@dataclass(frozen=True, slots=True)
class Drawn:
    """One mail of the sample. ``id`` is that of its record, or the path of its file."""

    rank: bytes
    id: str
    stratum: str
    facts: Facts


@dataclass(slots=True)
class Sample:
    """``ranks`` are all mails by stratum, ``drawn`` keeps the lowest of each; ``first`` and ``last`` are times."""

    size: int
    mails: set[bytes] = field(default_factory=set)
    ranks: dict[str, set[bytes]] = field(default_factory=dict)
    drawn: dict[str, list[Drawn]] = field(default_factory=dict)
    first: datetime | None = None
    last: datetime | None = None

    def add(self, one: Drawn) -> None:
        """A mail, unless another try of it is in already."""
        ranks = self.ranks.setdefault(one.stratum, set())
        if one.rank in ranks:
            return
        ranks.add(one.rank)
        kept = self.drawn.setdefault(one.stratum, [])
        kept.append(one)
        if len(kept) >= 2 * self.size + 100:
            self.drawn[one.stratum] = self._lowest(kept)

    def seen(self, rank: bytes, time: datetime) -> None:
        """A mail was looked at."""
        self.mails.add(rank)
        self._span(time)

    def _span(self, time: datetime) -> None:
        self.first = time if self.first is None else min(self.first, time)
        self.last = time if self.last is None else max(self.last, time)

    def join(self, other: Sample) -> None:
        """What another process drew."""
        self.mails |= other.mails
        for time in filter(None, (other.first, other.last)):
            self._span(time)
        for name, ranks in other.ranks.items():
            for one in other.drawn[name]:
                self.add(one)
            self.ranks[name] = self.ranks.get(name, set()) | ranks

    def found(self, name: str) -> int:
        """How many mails belong to a stratum."""
        return len(self.ranks.get(name, ()))

    def of(self, name: str) -> list[Drawn]:
        """The sample of a stratum, in order of rank."""
        return self._lowest(self.drawn.get(name, []))

    def _lowest(self, kept: list[Drawn]) -> list[Drawn]:
        return nsmallest(self.size, kept, key=lambda one: (one.rank, one.id))


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is asked: ``size`` mails of each stratum of one rule, as if it were enforced everywhere."""

    alone: Policy
    rule: Rule
    size: int
    since: datetime | None = None
    read_mail: Callable[[Path], Iterator[Facts]] | None = None

    @classmethod
    def of(
        cls, policy: Policy, rule_id: str, size: int, since: datetime | None = None,
        read_mail: Callable[[Path], Iterator[Facts]] | None = None,
    ) -> Drawing:  # fmt: skip
        """The drawing for a rule of this policy; KeyError where it has none of that id."""
        alone = in_force(only(policy, rule_id))
        return cls(alone, alone.rules[0], size, since, read_mail)

    def empty(self) -> Sample:
        """Where a run begins."""
        return Sample(self.size)

    def run(self, piece: Piece) -> Sample:
        """The sample of one piece."""
        sample = self.empty()
        for mail in mails(piece, self.since, self.read_mail):
            self._look(sample, mail)
        return sample

    def _look(self, sample: Sample, mail: Mail) -> None:
        facts = mail.facts
        if not concerned(self.rule, View(facts)):
            return
        rank = sha256(f"{self.rule.id}\0{key_of(facts, mail.message_id)}".encode("utf-8", "replace")).digest()[:8]
        sample.seen(rank, facts.time)
        challenge = facts.challenge
        if challenge.false_alarm and challenge.status == "valid" and self.rule.id in challenge.rules:
            sample.add(Drawn(rank, mail.id, REPORTED, facts))
        elif (name := stratum(self.alone, self.rule, facts)) is not None:
            sample.add(Drawn(rank, mail.id, name, facts))


def only(policy: Policy, rule_id: str) -> Policy:
    """A policy of this one rule, which may be off."""
    return policy.with_rules([policy.by_id[rule_id]])
