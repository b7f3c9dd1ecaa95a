"""One threshold at several values: ``official.score=0.5..0.95`` asks what each value would do.

Every ``{min: …}`` of that condition, in all rules of the policy, is set to the value; everything else stays.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from ..errors import UsageError
from ..policy.conditions import MESSAGE, RECIPIENT
from ..policy.model import Lifter, Policy, Rule
from ..policy.nodes import Count, Each, Group, Leaf, Node, Not
from ..policy.predicates import Between
from ..validation import did_you_mean

_FORM = re.compile(r"([a-z_.]+)=(-?[0-9.]+)\.\.(-?[0-9.]+?)(?:/([0-9]+))?\Z")
_STEPS = 9


@dataclass(frozen=True, slots=True)
class Sweep:
    """A condition and the values that its minimum takes, ascending."""

    path: str
    values: tuple[float, ...]

    @classmethod
    def parse(cls, text: str) -> Sweep:
        """``CONDITION=FROM..TO`` with an optional ``/STEPS``; UsageError where it is something else."""
        found = _FORM.match(text)
        try:
            low, high = (float(found[2]), float(found[3])) if found else (1.0, 0.0)
        except ValueError:
            low, high = 1.0, 0.0
        if found is None or low >= high:
            raise UsageError(f"--sweep {text}: write CONDITION=FROM..TO, such as official.score=0.5..0.95")
        known = {path: one for path, one in {**MESSAGE, **RECIPIENT}.items() if one.kind == "number"}
        if found[1] not in known:
            raise UsageError(f"--sweep: {found[1]} is no condition with a number{did_you_mean(found[1], known)}")
        steps = min(max(int(found[4] or _STEPS), 1), 50)
        return cls(found[1], tuple(round(low + (high - low) * step / steps, 4) for step in range(steps + 1)))

    def policies(self, policy: Policy) -> tuple[Policy, ...]:
        """One policy a value; UsageError where no rule has such a minimum."""
        if not any(_asks(rule.when, self.path) for rule in policy.rules):
            raise UsageError(f"--sweep: no rule asks {self.path}: {{min: …}}")
        return tuple(_with(policy, self.path, value) for value in self.values)


def _with(policy: Policy, path: str, value: float) -> Policy:
    known: dict[int, Node] = {}
    rules = [_rule(rule, path, value, known) for rule in policy.rules]
    return policy.with_rules(rules, digest=f"{policy.digest}+{path}={value}")


def _rule(rule: Rule, path: str, value: float, known: dict[int, Node]) -> Rule:
    lifters: list[Lifter] = [
        dataclasses.replace(one, node=_node(one.node, path, value, known)) for one in rule.lifters
    ]
    return dataclasses.replace(rule, when=_node(rule.when, path, value, known), lifters=tuple(lifters))


def _node(node: Node, path: str, value: float, known: dict[int, Node]) -> Node:
    """The same tree with the other minimum; what nothing changes in is shared, what is shared stays so."""
    if not _asks(node, path):
        return node
    if node.number not in known:
        fresh = known[node.number] = _rebuilt(node, path, value, known)
        fresh.shared = node.shared
    return known[node.number]


def _rebuilt(node: Node, path: str, value: float, known: dict[int, Node]) -> Node:
    if isinstance(node, Group):
        return Group(node.number, node.kind, [_node(child, path, value, known) for child in node.children])
    if isinstance(node, Not):
        return Not(node.number, _node(node.child, path, value, known))
    if isinstance(node, Each):
        child = _node(node.child, path, value, known)
        return Each(node.number, node.elements, child, node.read, every=node.every)
    if isinstance(node, Count):
        return Count(node.number, _node(node.child, path, value, known), node.limits)
    assert isinstance(node, Leaf)
    assert isinstance(node.predicate, Between)
    return Leaf(node.number, node.condition, Between(value, node.predicate.high), node.read)


def _asks(node: Node, path: str) -> bool:
    if isinstance(node, Leaf):
        predicate = node.predicate
        return node.condition.path == path and isinstance(predicate, Between) and predicate.low is not None
    if isinstance(node, Group):
        return any(_asks(child, path) for child in node.children)
    return isinstance(node, Not | Each | Count) and _asks(node.child, path)
