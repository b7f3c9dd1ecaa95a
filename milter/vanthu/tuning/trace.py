"""A condition with the value that it saw: one step of an explanation, for each node of a compiled policy.

The truth of a step is what the node itself says (``Node.truth``), so an explanation cannot disagree with a decision.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from ..facts.model import Missing
from ..policy.nodes import Count, DetectorLeaf, Each, Group, Leaf, Node, Not, View
from ..policy.truth import Truth

Word = Literal["true", "false", "unknown"]
StepKind = Literal["condition", "all", "any", "not", "each", "element", "count"]


class Step(Struct, frozen=True):
    """``name`` is the condition as a rule writes it, ``expects`` what it asks, ``saw`` the value in the facts.

    ``missing`` tells why it is unknown. An ``element`` is one document, attachment … of an ``each``, by its place.
    """

    kind: StepKind
    name: str
    truth: Word
    expects: str | None = None
    saw: Any = None
    missing: tuple[Missing, ...] = ()
    steps: tuple[Step, ...] = ()


def word(truth: Truth) -> Word:
    """The truth as it is written down."""
    return ("true" if truth else "false") if isinstance(truth, bool) else "unknown"


def trace(node: Node, view: View) -> Step:
    """What ``node`` and all below it say of the mail, the current recipient and the current element."""
    truth = node.truth(view)
    if isinstance(node, Leaf):
        return _step("condition", node.condition.path, truth, str(node.predicate), node.read(view))
    if isinstance(node, DetectorLeaf):
        found = view.facts.detected.get(node.key)
        name = f"detected.{node.key.partition('@')[0]}.{node.field}"
        return _step("condition", name, truth, str(node.predicate), getattr(found, node.field, None))
    if isinstance(node, Group):
        steps = tuple(trace(child, view) for child in node.children)
        return _step("all" if node.kind == "all" else "any", node.kind, truth, steps=steps)
    if isinstance(node, Not):
        return _step("not", "not", truth, steps=(trace(node.child, view),))
    if isinstance(node, Each):
        name = f"{'every' if node.every else 'any'}_{node.elements.name}"
        return _step("each", name, truth, steps=_elements(node, view))
    if isinstance(node, Count):
        asked = _everybody(node, view)
        sure = sum(step.truth == "true" for step in asked)
        return _step("count", "recipients.count", truth, str(node.limits), sure, asked)
    raise TypeError(f"an unknown kind of node: {type(node).__name__}")


def _step(
    kind: StepKind, name: str, truth: Truth, expects: str | None = None, saw: Any = None, steps: tuple[Step, ...] = ()
) -> Step:
    missing = () if isinstance(truth, bool) else tuple(sorted(truth, key=lambda one: (one.fact, one.reason)))
    return Step(kind, name, word(truth), expects, saw, missing, steps)


def _elements(node: Each, view: View) -> tuple[Step, ...]:
    found = []
    for index, element in enumerate(node.read(view)):
        view.element = element
        view.places[node.elements.name] = f"{node.elements.pointer}/{index}"
        inner = trace(node.child, view)
        where = getattr(element, "where", None) or str(index + 1)
        found.append(Step("element", where, inner.truth, missing=inner.missing, steps=(inner,)))
    return tuple(found)


def _everybody(node: Count, view: View) -> tuple[Step, ...]:
    """The counted conditions for each recipient; afterwards the view looks at whom it looked before."""
    now, found = view.index, []
    for index, recipient in enumerate(view.facts.recipients):
        view.turn_to(index)
        inner = trace(node.child, view)
        found.append(Step("element", recipient.address, inner.truth, missing=inner.missing, steps=(inner,)))
    if now >= 0:
        view.turn_to(now)
    return tuple(found)
