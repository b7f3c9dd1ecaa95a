"""Exceptions that are probably not meant: they swallow a rule, never hold, or reach no rule."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

from ..errors import Problem
from ..validation import did_you_mean
from .implication import follows, impossible
from .linking import Linker
from .model import Policy


def exceptions(linker: Linker, policy: Policy) -> Iterator[Problem]:
    """Warnings about ``unless`` entries and exceptions."""
    yield from _of_rules(linker, policy)
    yield from _of_several(linker, policy)


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
