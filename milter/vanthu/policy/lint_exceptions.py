"""Exceptions that are probably not meant: they swallow a rule, never hold, reach no rule, or silence one.

An exception that asks what stands in a file is unknown where the file could not be read, and leaves its rule unknown:
a rule about unread files would then do nothing, unless it says what to do ``on_unknown``.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

from ..errors import Problem
from ..validation import did_you_mean
from .implication import follows, impossible
from .linking import Linker
from .model import Policy, Rule
from .nodes import Each, Group, Leaf, Node, Not

_OF_CONTENT = ("/official", "/secrecy", "/forward")
_UNREAD = ("reason", "inspected")


def exceptions(linker: Linker, policy: Policy) -> Iterator[Problem]:
    """Warnings about ``unless`` entries and exceptions."""
    yield from _of_rules(linker, policy)
    yield from _of_several(linker, policy)
    yield from _silenced(linker, policy)


def _of_rules(linker: Linker, policy: Policy) -> Iterator[Problem]:
    for id_, (entry, shape) in linker.rules.items():
        rule = policy.by_id[id_]
        for index, unless in enumerate(shape.unless):
            node = next(lifter.node for lifter in rule.lifters if lifter.id == unless.id)
            if follows(rule.when, node):
                yield entry.warning(f"{unless.id} swallows the rule {id_}: it always holds", "unless", index, "when")
            elif impossible(node):
                yield entry.warning(f"{unless.id} can never hold: its conditions exclude each other", "unless", index)


def _of_several(linker: Linker, policy: Policy) -> Iterator[Problem]:
    for id_, (entry, exception) in linker.exceptions.items():
        for index, glob in enumerate(exception.applies_to):
            reached = [policy.by_id[rule] for rule in linker.rules if fnmatch.fnmatchcase(rule, glob)]
            if not reached:
                hint = did_you_mean(glob, linker.rules)
                yield entry.warning(f"{glob} is no rule and matches none{hint}", "applies_to", index)
            for rule in reached:
                node = next(lifter.node for lifter in rule.lifters if lifter.id == id_)
                if follows(rule.when, node):
                    yield entry.warning(f"{id_} swallows the rule {rule.id}: it always holds", "when")
                if rule.secrecy and glob != rule.id:
                    message = f"{glob} also lifts {rule.id}, a rule about secrecy; write its id if that is meant"
                    yield entry.warning(message, "applies_to", index)


def _silenced(linker: Linker, policy: Policy) -> Iterator[Problem]:
    for id_, (entry, _) in linker.rules.items():
        rule = policy.by_id[id_]
        if rule.on_unknown == "skip" and _asks_for_unread(rule.when):
            for by in _needs_content(rule):
                message = f"{by} asks what an unread file holds, so {id_} is unknown and does nothing; set on_unknown"
                yield entry.warning(message, "when")


def _needs_content(rule: Rule) -> Iterator[str]:
    for lifter in rule.lifters:
        if any(_pointer(node).startswith(_OF_CONTENT) for node in _below(lifter.node)):
            yield lifter.id


def _asks_for_unread(when: Node) -> bool:
    return any(
        isinstance(node, Leaf) and node.condition.scope == "attachment" and node.condition.path in _UNREAD
        for node in _below(when)
    )


def _pointer(node: Node) -> str:
    if isinstance(node, Each):
        return node.elements.pointer
    return node.condition.pointer if isinstance(node, Leaf) and node.condition.scope == "message" else ""


def _below(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    if isinstance(node, Group):
        for child in node.children:
            yield from _below(child)
    elif isinstance(node, Not | Each):
        yield from _below(node.child)
