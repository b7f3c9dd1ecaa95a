"""Kleene's three-valued logic: True, False, or unknown, which carries the facts that could not be had.

Unknown is a non-empty frozenset of ``Missing``; nothing here ever turns it into False, so a missing fact cannot slip
through under ``not``. False and True decide where they can (``False and unknown`` is False).
"""

from __future__ import annotations

from collections.abc import Iterable

from ..facts.model import Missing

Truth = bool | frozenset[Missing]


def conjunction(truths: Iterable[Truth]) -> Truth:
    """``and``: False if one is False, else unknown if one is unknown, else True."""
    unknown: frozenset[Missing] | None = None
    for truth in truths:
        if truth is False:
            return False
        if truth is not True:
            unknown = truth if unknown is None else unknown | truth
    return True if unknown is None else unknown


def disjunction(truths: Iterable[Truth]) -> Truth:
    """``or``: True if one is True, else unknown if one is unknown, else False."""
    unknown: frozenset[Missing] | None = None
    for truth in truths:
        if truth is True:
            return True
        if truth is not False:
            unknown = truth if unknown is None else unknown | truth
    return False if unknown is None else unknown


def negation(truth: Truth) -> Truth:
    """``not``: unknown stays unknown, for the same reasons."""
    return not truth if isinstance(truth, bool) else truth
