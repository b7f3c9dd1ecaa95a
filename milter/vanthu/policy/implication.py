"""Whether one condition follows from another, as far as their form tells: what lint knows about rules.

Everything here is on the safe side: True is certain, False means "not seen". Missing facts do not disturb it, for a
condition that implies another is True only where the other is.
"""

from __future__ import annotations

from itertools import combinations

from .nodes import Count, DetectorLeaf, Each, Group, Leaf, Node, Not
from .predicates import OneOf, Predicate, contradicts, implies


def follows(one: Node, other: Node) -> bool:
    """Whether ``other`` holds wherever ``one`` does."""
    if one is other:
        return True
    if isinstance(other, Group) and other.kind == "all":
        return all(follows(one, child) for child in other.children)
    if isinstance(one, Group) and one.kind == "any":
        return all(follows(child, other) for child in one.children)
    if isinstance(other, Group) and any(follows(one, child) for child in other.children):
        return True
    if isinstance(one, Group):
        return any(follows(child, other) for child in one.children)
    return _single(one, other)


def impossible(node: Node) -> bool:
    """Whether the conditions exclude each other."""
    if isinstance(node, Group) and node.kind == "any":
        return all(impossible(child) for child in node.children)
    if isinstance(node, Group):
        return any(map(impossible, node.children)) or any(
            _exclude(one, other) for one, other in combinations(node.children, 2)
        )
    if isinstance(node, Each | Count):
        return impossible(node.child)
    return False


def _single(one: Node, other: Node) -> bool:
    if isinstance(one, Not) and isinstance(other, Not):
        return follows(other.child, one.child)
    if isinstance(one, Each) and isinstance(other, Each) and one.elements is other.elements:
        return (one.every or not other.every) and follows(one.child, other.child)
    if isinstance(one, Count) and isinstance(other, Count):
        low = other.limits.high is None and (one.limits.low or 0) >= (other.limits.low or 0)
        return low and follows(one.child, other.child)
    asked, wanted = _leaf(one), _leaf(other)
    return asked is not None and wanted is not None and asked[0] == wanted[0] and implies(asked[1], wanted[1])


def _exclude(one: Node, other: Node) -> bool:
    if isinstance(other, Not):
        return follows(one, other.child)
    if isinstance(one, Not):
        return follows(other, one.child)
    asked, wanted = _leaf(one), _leaf(other)
    if asked is None or wanted is None:
        return False
    return (asked[0] == wanted[0] and contradicts(asked[1], wanted[1])) or _against_direction(one, other)


def _leaf(node: Node) -> tuple[tuple[str, str], Predicate] | None:
    """What a leaf asks about, and how."""
    if isinstance(node, Leaf):
        return (node.condition.scope, node.condition.path), node.predicate
    if isinstance(node, DetectorLeaf):
        return (node.key, node.field), node.predicate
    return None


def _against_direction(one: Node, other: Node) -> bool:
    """``direction: internal`` has official recipients only."""
    for first, second in ((one, other), (other, one)):
        if isinstance(first, Leaf) and isinstance(second, Leaf):
            internal = first.condition.path == "direction" and getattr(first.predicate, "tokens", None) == {
                "internal"
            }
            if internal and second.condition.path == "recipient.class" and isinstance(second.predicate, OneOf):
                return not second.predicate.accepts("official")
    return False
