"""What makes a rule a rule about secrecy: its ``when`` asks for a state secret mark or for how sure one is.

Such a rule is for the whole mail and never a challenge (contracts.md, "Policy files", 3): whoever gets a code would
send the secret again. Asking whether there is *no* mark, by ``not`` or by ``secrecy.level: null``, makes none.
"""

from __future__ import annotations

from .nodes import Each, Group, Leaf, Node
from .predicates import OneOf

_PATHS = ("secrecy.level", "secrecy.score")


def asks_for_secrecy(node: Node) -> bool:
    """Whether the conditions can hold because a mark was found or suspected."""
    if isinstance(node, Group):
        return any(asks_for_secrecy(child) for child in node.children)
    if isinstance(node, Each):
        return False
    if not isinstance(node, Leaf) or node.condition.path not in _PATHS:
        return False
    return not (isinstance(node.predicate, OneOf) and node.predicate.tokens == {None})
