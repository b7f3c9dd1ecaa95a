"""``decide(policy, facts)``: what the rules say of one mail. Pure, total and deterministic.

A rule hits a recipient if ``when and not any(unless, exceptions)`` is true for it (three-valued, exceptions as
``lifting`` reads them; an unknown rule does the milder of ``on_unknown`` and its own action). Then mode, rollout and
the caps of contracts.md ("Policy files", 3 and 4) say what a hit does, and ``settle`` what the hits do together. The
only clock is ``facts.time``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..facts.model import Facts, Missing
from .decision import SEVERITY, Action, Decision, Exempted, Mode, RuleHit, Unknown, Verdict
from .lifting import lifts
from .model import Batch, Policy, Rule
from .nodes import Node, View
from .settle import Hit, milder, settle
from .truth import Truth, conjunction, negation

_SERVICE_MAILBOXES = ("postmaster", "abuse")


def decide(policy: Policy, facts: Facts) -> Decision:
    """The decision; ``reply`` is left to whoever carries it out."""
    positions = list(policy.index.candidates(facts))
    if not positions:  # most mail
        return _accepted(facts)
    case = _Case(policy, facts)
    for position in positions:
        case.judge(policy.batches[position])
    return case.decision()


def _accepted(facts: Facts) -> Decision:
    """What is said of a mail that no rule has anything to do with."""
    accepted: Verdict = "accept"
    return Decision(accepted, (accepted,) * len(facts.recipients))


@dataclass(slots=True)
class _Findings:
    """What one rule found, by recipient."""

    hits: dict[tuple[Mode, Action, Action], list[int]] = field(default_factory=dict)
    lifted: dict[str, list[int]] = field(default_factory=dict)
    missing: set[Missing] = field(default_factory=set)


class _Case:
    """One mail before one policy."""

    def __init__(self, policy: Policy, facts: Facts) -> None:
        self.policy = policy
        self.facts = facts
        self.view = View(facts)
        self.hits: list[Hit] = []
        self.exempted: list[Exempted] = []
        self.unknown: list[Unknown] = []
        self._today: date | None = None
        self._gentle: bool | None = None

    @property
    def today(self) -> date:
        """The local day of the mail."""
        if self._today is None:
            self._today = self.policy.calendar.day(self.facts.time)
        return self._today

    @property
    def gentle(self) -> bool:
        """Whether refusing would tell an outsider about a private mailbox, or make bounces loop."""
        if self._gentle is None:
            self._gentle = _gentle(self.facts)
        return self._gentle

    def judge(self, batch: Batch) -> None:
        """Ask what these rules share, about the mail or about each recipient; where it may hold, ask each rule."""
        truths = [batch.when.truth(self.view)] if not batch.when.per_recipient else list(self._of_each(batch.when))
        if any(truth is not False for truth in truths):
            for rule in batch.rules:
                self._rule(rule, truths)

    def _of_each(self, when: Node) -> Iterator[Truth]:
        for index in range(len(self.facts.recipients)):
            self.view.turn_to(index)
            yield when.truth(self.view)

    def _rule(self, rule: Rule, truths: list[Truth]) -> None:
        """One rule whose ``when`` is known: about each recipient, or about all together where they do not differ."""
        found = _Findings()
        everybody = range(len(self.facts.recipients))
        by_agency = rule.agencies is not None and self.facts.direction == "inbound" and bool(everybody)
        if rule.per_recipient or by_agency:
            for index in everybody:
                truth = truths[index if rule.when.per_recipient else 0]
                if truth is not False:
                    self.view.turn_to(index)
                    self._ask(rule, truth, (index,), found)
        else:
            self._ask(rule, truths[0], everybody, found)
        for (mode, action, leaving_nobody), indexes in found.hits.items():
            self.hits.append(Hit(rule, mode, action, leaving_nobody, tuple(indexes)))
        self.exempted += [Exempted(rule.id, by, tuple(indexes)) for by, indexes in found.lifted.items()]
        self.unknown += [Unknown(rule.id, missing.fact, missing.reason) for missing in found.missing]

    def _ask(self, rule: Rule, truth: Truth, indexes: Sequence[int], found: _Findings) -> None:
        lifted, truth = self._lift(rule, truth)
        for by in lifted:
            found.lifted.setdefault(by, []).extend(indexes)
        if truth is False:
            return
        action: Action = rule.action
        if truth is not True:
            found.missing |= truth
            if rule.on_unknown == "skip":
                return
            action = milder(rule.on_unknown, rule.action)
            if rule.secrecy and action in ("strip", "challenge"):
                action = "hold"
        mode = self._mode(rule, indexes[0] if indexes else None)
        cap = self._cap(rule, mode)
        leaving_nobody: Action = "reject" if rule.action == "strip" else rule.action
        key = mode, _capped(action, cap), _capped(leaving_nobody, cap)
        found.hits.setdefault(key, []).extend(indexes)

    def _lift(self, rule: Rule, truth: Truth) -> tuple[list[str], Truth]:
        """Who lifts the rule, and what remains of its truth."""
        lifted: list[str] = []
        hit = truth is True
        challenge = self.facts.challenge
        if challenge.status == "valid" and rule.action == "challenge" and rule.id in challenge.rules:
            lifted.append("challenge")
        for lifter in rule.lifters:
            if lifter.expires < self.today:
                continue
            holds = negation(lifts(lifter.node.truth(self.view)))
            if holds is False:
                lifted.append(lifter.id)
            elif holds is not True:
                truth = conjunction((truth, holds))
        if not lifted:
            return lifted, truth
        return (lifted if hit else []), False

    def _mode(self, rule: Rule, index: int | None) -> Mode:
        """Outside of its rollout a rule is in shadow."""
        if rule.mode == "shadow" or (rule.starts is None and rule.agencies is None):
            return rule.mode
        if rule.starts is not None and self.today < rule.starts:
            return "shadow"
        if rule.agencies is not None and self._agency(index) not in rule.agencies:
            return "shadow"
        return rule.mode

    def _agency(self, index: int | None) -> str | None:
        """Whose agency counts: the sender's; inbound the recipient's; of an automatic forward the forwarder's."""
        facts = self.facts
        if facts.forward.kind == "automatic":
            return facts.forward.agency
        if facts.direction == "inbound":
            return None if index is None else facts.recipients[index].agency
        return facts.sender.agency

    def _cap(self, rule: Rule, mode: Mode) -> Action:
        """The harshest that the rule may do to this mail."""
        if mode == "warn":
            return "warn"
        return "hold" if self.gentle and not rule.null_sender else "reject"

    def decision(self) -> Decision:
        """All findings, in an order that does not depend on that of rules."""
        if not (self.hits or self.exempted or self.unknown):
            return _accepted(self.facts)
        count = len(self.facts.recipients)
        real = [hit for hit in self.hits if hit.mode != "shadow"]
        verdict, recipients = settle(real, count)
        shadow = verdict if len(real) == len(self.hits) else settle(self.hits, count)[0]
        hits = [RuleHit(hit.rule.id, hit.mode, hit.action, hit.recipients) for hit in self.hits]
        return Decision(
            verdict,
            recipients,
            rules=tuple(sorted(hits, key=lambda hit: (hit.id, hit.mode, hit.action, hit.recipients))),
            exempted=tuple(sorted(self.exempted, key=lambda lifted: (lifted.rule, lifted.by))),
            unknown=tuple(sorted(self.unknown, key=lambda one: (one.rule, one.fact, one.reason))),
            shadow=shadow,
            notify=tuple(sorted({who for hit in real for who in self._notify(hit)})),
            tag_subject=" ".join(sorted({hit.rule.tag_subject for hit in real if hit.rule.tag_subject})) or None,
        )

    def _notify(self, hit: Hit) -> Iterator[str]:
        """Who is told; a forwarder instead of a sender outside, nobody for a null sender."""
        default = ("sender",) if SEVERITY[hit.action] >= SEVERITY["warn"] else ()
        for who in default if hit.rule.notify is None else hit.rule.notify:
            if who != "sender":
                yield who
            elif self.facts.forward.kind == "automatic":
                yield "forwarder"
            elif self.facts.sender.address:
                yield who


def _capped(action: Action, cap: Action) -> Action:
    """A challenge needs somebody who can answer it; where nobody can, it is a hold."""
    return "hold" if cap == "hold" and action == "challenge" else milder(action, cap)


def _gentle(facts: Facts) -> bool:
    if facts.forward.kind == "automatic" or facts.sender.address == "":
        return True
    local_parts = {recipient.address.rpartition("@")[0].lower() for recipient in facts.recipients}
    return bool(local_parts) and local_parts.issubset(_SERVICE_MAILBOXES)
