"""Why a mail was decided as it was: every rule, asked condition by condition, beside the decision of ``decide``.

``explain(policy, facts)`` is pure. Recipients of whom a rule saw the same are told together.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from msgspec import Struct, structs

from ..facts.model import Facts, Missing
from ..policy.decide import decide
from ..policy.decision import Action, Decision, Mode
from ..policy.lifting import lifts, unreadable
from ..policy.model import Basis, Lifter, Policy, Rule
from ..policy.nodes import View
from ..policy.truth import Truth, conjunction, negation
from .trace import Step, Word, trace, word

Outcome = Literal["hit", "lifted", "unknown", "no"]


class LifterTrace(Struct, frozen=True):
    """An ``unless`` entry or an exception that was tried; one that has expired lifts nothing."""

    id: str
    truth: Word
    expired: bool
    expires: date
    reason: str
    owner: str
    when: Step


class Case(Struct, frozen=True):
    """What a rule says of these recipients (indexes from 0); ``action`` and ``mode`` are those of the hit, if any.

    ``missing`` tells why the outcome is unknown.
    """

    recipients: tuple[int, ...]
    outcome: Outcome
    when: Step
    lifters: tuple[LifterTrace, ...] = ()
    lifted_by: tuple[str, ...] = ()
    action: Action | None = None
    mode: Mode | None = None
    missing: tuple[Missing, ...] = ()


class RuleTrace(Struct, frozen=True):
    """One rule: what it is, what it rests on, and what it says."""

    id: str
    title: dict[str, str]
    bases: tuple[Basis, ...]
    mode: Mode
    agencies: tuple[str, ...] | None
    starts: date | None
    action: Action
    on_unknown: str
    cases: tuple[Case, ...]

    @property
    def outcome(self) -> Outcome:
        """The most telling outcome of all recipients."""
        found = {case.outcome for case in self.cases}
        outcomes: tuple[Outcome, ...] = ("hit", "unknown", "lifted")
        return next((one for one in outcomes if one in found), "no")

    @property
    def unread(self) -> tuple[Missing, ...]:
        """What was missing, where the rule did nothing for no other reason than unreadable parts of the mail."""
        if self.outcome != "unknown" or any(case.action for case in self.cases):
            return ()
        found = {one for case in self.cases if case.outcome == "unknown" for one in case.missing}
        return tuple(sorted(found, key=lambda one: (one.fact, one.reason))) if unreadable(frozenset(found)) else ()


class Explanation(Struct, frozen=True):
    """``off`` are the rules that are not asked."""

    policy: str
    facts: Facts
    decision: Decision
    rules: tuple[RuleTrace, ...]
    off: tuple[str, ...] = ()


def explain(policy: Policy, facts: Facts) -> Explanation:
    """The decision of one mail and how each rule came to its part in it."""
    decision = decide(policy, facts)
    view = View(facts)
    today = policy.calendar.day(facts.time)
    rules = tuple(_rule(rule, view, today, decision) for rule in policy.rules)
    off = tuple(sorted(rule.id for rule in policy.off))
    return Explanation(policy.digest, facts, decision, rules, off)


def _rule(rule: Rule, view: View, today: date, decision: Decision) -> RuleTrace:
    return RuleTrace(
        id=rule.id,
        title=dict(rule.title),
        bases=rule.bases,
        mode=rule.mode,
        agencies=None if rule.agencies is None else tuple(sorted(rule.agencies)),
        starts=rule.starts,
        action=rule.action,
        on_unknown=rule.on_unknown,
        cases=_grouped(list(_cases(rule, view, today, decision))),
    )


def _cases(rule: Rule, view: View, today: date, decision: Decision) -> Iterator[Case]:
    """One case a recipient; a single one where the rule asks nothing about recipients and all fare alike."""
    everybody = tuple(range(len(view.facts.recipients)))
    if rule.per_recipient or rule.agencies is not None:
        if rule.per_recipient and not everybody:
            return
        for index in everybody or (-1,):
            if index >= 0:
                view.turn_to(index)
            yield _case(rule, view, (index,) if index >= 0 else (), today, decision)
    else:
        yield _case(rule, view, everybody, today, decision)


def _case(rule: Rule, view: View, indexes: tuple[int, ...], today: date, decision: Decision) -> Case:
    lifters = tuple(_lifter(lifter, view, today) for lifter in rule.lifters)
    lifted_by = [one.id for one in lifters if one.truth == "true" and not one.expired]
    challenge = view.facts.challenge
    if rule.action == "challenge" and challenge.status == "valid" and rule.id in challenge.rules:
        lifted_by.insert(0, "challenge")
    when = rule.when.truth(view)
    truth = _truth(rule, view, today, when, lifted=bool(lifted_by))
    hit = next((one for one in decision.rules if one.id == rule.id and set(indexes) <= set(one.recipients)), None)
    return Case(
        recipients=indexes,
        outcome=_outcome(truth, when, lifted=bool(lifted_by)),
        when=trace(rule.when, view),
        lifters=lifters,
        lifted_by=tuple(lifted_by) if when is True else (),
        action=hit.action if hit else None,
        mode=hit.mode if hit else None,
        missing=() if isinstance(truth, bool) else tuple(sorted(truth, key=lambda one: (one.fact, one.reason))),
    )


def _outcome(truth: Truth, when: Truth, *, lifted: bool) -> Outcome:
    if truth is False:
        return "lifted" if lifted and when is True else "no"
    return "hit" if truth is True else "unknown"


def _truth(rule: Rule, view: View, today: date, when: Truth, *, lifted: bool) -> Truth:
    if lifted:
        return False
    valid = [lifts(lifter.node.truth(view)) for lifter in rule.lifters if lifter.expires >= today]
    return conjunction((when, *map(negation, valid)))


def _lifter(lifter: Lifter, view: View, today: date) -> LifterTrace:
    return LifterTrace(
        id=lifter.id,
        truth=word(lifter.node.truth(view)),
        expired=lifter.expires < today,
        expires=lifter.expires,
        reason=lifter.reason,
        owner=lifter.owner,
        when=trace(lifter.node, view),
    )


def _grouped(cases: list[Case]) -> tuple[Case, ...]:
    """Cases that differ in nothing but the recipient, as one."""
    groups: dict[str, Case] = {}
    for case in cases:
        key = repr(structs.replace(case, recipients=()))
        known = groups.get(key)
        recipients = case.recipients if known is None else known.recipients + case.recipients
        groups[key] = structs.replace(case, recipients=recipients)
    return tuple(groups.values())
