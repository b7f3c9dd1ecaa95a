"""Near misses: mail that a rule would have hit but for one thing, and what that one thing is.

One thing is an exception that lifted it, or one condition of its ``when`` that did not hold while all others did. A
condition counts as nearly held only where there was something to see: a score at least half of what is asked, a
document of another kind, a mailbox of another class. Mail without a document nearly breaks no rule about documents.
"""

from __future__ import annotations

from collections.abc import Callable

from ..facts.model import Facts
from ..policy.decide import decide
from ..policy.model import Policy, Rule
from ..policy.nodes import Each, Group, Leaf, Node, View
from ..policy.predicates import Between
from .trace import trace

HIT = "hit"
_WAYS = ("direction", "origin", "hop.name")
_SCORES: dict[str, Callable[[Facts], bool]] = {
    "secrecy": lambda facts: facts.secrecy.score >= 0.2,
    "forward": lambda facts: facts.forward.score > 0,
    "quoted": lambda facts: facts.quoted.class_ is not None,
}


def stratum(policy: Policy, rule: Rule, facts: Facts) -> str | None:
    """``hit``, the condition or ``exception ID`` that alone stood in the way, or None. ``policy`` is the rule alone.

    A mail that was sent again with a challenge code is none: its first try was the hit.
    """
    decision = decide(policy, facts)
    if decision.rules:
        return HIT
    if decision.exempted:
        by = decision.exempted[0].by
        return None if by == "challenge" else f"exception {by}"
    whens = _parts(rule)
    view = View(facts)
    indexes = range(len(facts.recipients)) if rule.when.per_recipient else (None,)
    for index in indexes:
        if index is not None:
            view.turn_to(index)
        failed = [node for node in whens if node.truth(view) is not True]
        if len(failed) == 1 and _near(failed[0], view, alone=len(whens) == 1):
            return trace(failed[0], view).name
    return None


def concerned(rule: Rule, view: View) -> bool:
    """Whether the mail goes the way that the rule is about: only such mail could be stopped wrongly, so only such is
    counted. Mail that comes in is no evidence for a rule about mail that goes out."""
    return all(
        node.truth(view) is not False
        for node in _parts(rule)
        if isinstance(node, Leaf) and node.condition.path in _WAYS
    )


def _parts(rule: Rule) -> tuple[Node, ...]:
    when = rule.when
    return when.children if isinstance(when, Group) and when.kind == "all" else (when,)


def _near(node: Node, view: View, *, alone: bool) -> bool:
    """Whether there was something that the condition looked at, and did not quite find."""
    if isinstance(node, Each):
        return bool(node.read(view))
    if isinstance(node, Leaf):
        if isinstance(node.predicate, Between) and isinstance(node.predicate.low, int | float):
            value = node.read(view)
            return isinstance(value, int | float) and value >= node.predicate.low / 2
        seen = _SCORES.get(node.condition.path.partition(".")[0])
        if seen is not None:
            return seen(view.facts)
    return not alone
