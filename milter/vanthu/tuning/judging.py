"""Runs test cases by the code that decides live mail, and tells what no case reaches."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..errors import Problem
from ..facts.model import Facts
from ..inspection.effects import carry_out
from ..mail.message import Message
from ..policy.decide import decide
from ..policy.decision import Decision
from ..policy.model import Policy
from .cases import Case, ExpectShape
from .short_facts import ShortFacts, ShortFactsError, merged, nested

_KEY = b"a key for test cases, never used"
_NOTHING = Message(0, (), (), (), ())


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case; no ``wrong`` means that it passed."""

    case: Case
    decision: Decision | None
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ids that are reached of those that there are; an exception is ``RULE/EXCEPTION``."""

    rules: frozenset[str]
    exceptions: frozenset[str]
    reached_rules: frozenset[str]
    reached_exceptions: frozenset[str]

    @property
    def missed(self) -> tuple[str, ...]:
        """What no case reaches, as lines of a report."""
        rules = (f"rule {one}" for one in sorted(self.rules - self.reached_rules))
        exceptions = (f"exception {one}" for one in sorted(self.exceptions - self.reached_exceptions))
        return (*rules, *exceptions)


def in_force(policy: Policy) -> Policy:
    """The policy as if every rule that is not off were enforced everywhere."""
    rules = [dataclasses.replace(rule, mode="enforce", agencies=None, starts=None) for rule in policy.rules]
    return policy.with_rules(rules)


class Judge:
    """One policy; ``of_mail`` gives the facts of a case that names a mail file."""

    def __init__(self, policy: Policy, short: ShortFacts, of_mail: Callable[[Case], Facts]) -> None:
        self._written = policy
        self._enforced = in_force(policy)
        self._short = short
        self._of_mail = of_mail

    def results(self, cases: Iterable[Case]) -> Iterator[Result]:
        """One result a case, in order."""
        for case in cases:
            facts = self._facts(case)
            if isinstance(facts, Problem):
                yield Result(case, None, (str(facts),))
                continue
            policy = self._enforced if case.assume == "enforce" else self._written
            decision = decide(policy, facts)
            reply = carry_out(decision, facts, _NOTHING, policy, "ID", (_KEY,)).reply
            decision = decision.with_reply(None if reply is None else str(reply))
            yield Result(case, decision, tuple(_differences(case.shape.expect, decision)))

    def coverage(self, results: Iterable[Result]) -> Coverage:
        """What the cases reached, whether or not they passed."""
        decisions = [result.decision for result in results if result.decision is not None]
        return Coverage(
            rules=frozenset(rule.id for rule in self._written.rules),
            exceptions=frozenset(f"{rule.id}/{one.id}" for rule in self._written.rules for one in rule.lifters),
            reached_rules=frozenset(hit.id for decision in decisions for hit in decision.rules),
            reached_exceptions=frozenset(
                f"{one.rule}/{one.by}" for decision in decisions for one in decision.exempted
            ),
        )

    def _facts(self, case: Case) -> Facts | Problem:
        if case.shape.facts is None:
            return self._of_mail(case)
        try:
            return self._short.facts(merged(nested(case.defaults), nested(case.shape.facts)), case.people)
        except ShortFactsError as error:
            return case.problem(str(error), "facts", *error.path)


def _differences(expect: ExpectShape, decision: Decision) -> Iterator[str]:
    got = {
        "verdict": decision.verdict,
        "shadow": decision.shadow,
        "recipients": decision.recipients,
        "rules": tuple(sorted({hit.id for hit in decision.rules})),
        "exempted": tuple(sorted({one.by for one in decision.exempted})),
        "unknown": tuple(sorted({one.rule for one in decision.unknown})),
    }
    for key, value in got.items():
        wanted = getattr(expect, key)
        if isinstance(wanted, tuple) and key != "recipients":
            wanted = tuple(sorted(wanted))
        if wanted is not None and wanted != value:
            yield f"{key}: expected {_shown(wanted)}, got {_shown(value)}"
    if expect.reply is not None and expect.reply not in (decision.reply or ""):
        yield f"reply: expected to contain {expect.reply!r}, got {decision.reply!r}"


def _shown(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else f"[{', '.join(value)}]"
