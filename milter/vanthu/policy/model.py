"""The compiled policy: what ``load`` makes of the files and ``decide`` asks. Frozen; shared by all workers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .decision import Action, Mode
from .detectors import Detector
from .hours import Calendar
from .index import Index
from .nodes import Node

OnUnknown = Literal["skip", "count", "warn", "strip", "challenge", "hold", "reject"]
Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Lifter:
    """What lifts a rule while it holds: an ``unless`` entry or an exception. ``expires`` is its last day."""

    id: str
    node: Node
    expires: date
    reason: str
    owner: str


@dataclass(frozen=True, slots=True)
class Basis:
    """A clause that a rule rests on, as quoted to senders and in reports."""

    id: str
    number: str
    issuer: str
    date: datetime.date
    clause: str
    quotation: str
    valid_from: datetime.date
    valid_to: datetime.date | None
    binds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``whole``: a harsh action is for all recipients; ``secrecy``: it asks for a state secret mark."""

    id: str
    title: Mapping[str, str]
    bases: tuple[Basis, ...]
    mode: Mode
    agencies: frozenset[str] | None
    starts: date | None
    when: Node
    lifters: tuple[Lifter, ...]
    action: Action
    whole: bool
    secrecy: bool
    notify: tuple[str, ...] | None
    tag_subject: str | None
    on_unknown: OnUnknown
    null_sender: bool
    per_recipient: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Rules with the same ``when``: what they share is judged once."""

    when: Node
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules but those that are off; ``digest`` names all that can change a decision, ``text`` is the source."""

    rules: tuple[Rule, ...]
    detectors: tuple[Detector, ...]
    calendar: Calendar
    installation: str
    digest: str
    text: Mapping[str, str]
    by_id: Mapping[str, Rule] = field(repr=False)
    batches: tuple[Batch, ...] = field(repr=False)
    index: Index = field(repr=False)

    @classmethod
    def of(
        cls,
        rules: Iterable[Rule],
        *,
        off: Iterable[Rule] = (),
        detectors: tuple[Detector, ...],
        calendar: Calendar,
        installation: str,
        digest: str,
        text: Mapping[str, str],
    ) -> Policy:
        """A policy of compiled rules; those that are off only keep their titles and bases."""
        ordered = tuple(sorted(rules, key=lambda rule: rule.id))
        by_when: dict[int, list[Rule]] = {}
        for rule in ordered:
            by_when.setdefault(rule.when.number, []).append(rule)
        batches = tuple(Batch(same[0].when, tuple(same)) for same in by_when.values())
        by_id = {rule.id: rule for rule in (*ordered, *off)}
        index = Index([batch.when for batch in batches])
        return cls(ordered, detectors, calendar, installation, digest, text, by_id, batches, index)

    def with_rules(self, rules: Iterable[Rule], *, off: Iterable[Rule] = (), digest: str | None = None) -> Policy:
        """The same policy with other rules; those that are off are only kept where they are given."""
        return Policy.of(
            rules,
            off=off,
            detectors=self.detectors,
            calendar=self.calendar,
            installation=self.installation,
            digest=self.digest if digest is None else digest,
            text=self.text,
        )

    @property
    def off(self) -> tuple[Rule, ...]:
        """The rules that are off."""
        return tuple(rule for rule in self.by_id.values() if rule.mode == "off")

    def title(self, rule_id: str, lang: Language = "vi") -> str:
        """What a reader is told about the rule; its id where it has no title or is not known (any more)."""
        rule = self.by_id.get(rule_id)
        return rule.title.get(lang, rule_id) if rule else rule_id

    def bases(self, rule_id: str) -> tuple[Basis, ...]:
        """The clauses that the rule rests on."""
        rule = self.by_id.get(rule_id)
        return rule.bases if rule else ()
