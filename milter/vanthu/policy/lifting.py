"""What an exception that cannot be known does to its rule (docs/decisions/0012-exceptions-that-are-not-known.md).

An exception lifts only where it holds. Where all that is missing could not be read *in the mail* (a locked archive, a
page that is too large), it does not: who sends decides what can be read, and a lock must not be an excuse. Where an
enquiry of ours failed (DNS, the snapshot of who wrote first, a record that was redacted), the exception leaves the
rule unknown, and the rule's ``on_unknown`` says what happens: nobody is refused for what we could not find out.
"""

from __future__ import annotations

import typing

from ..documents.model import Reason
from .truth import Truth

# ``unavailable`` is the broker's trouble, not the mail's.
UNREADABLE = frozenset(typing.get_args(Reason)) - {"unavailable"}
"""Reasons that lie in the mail: what carries one of these is never alerted and never lifts a rule."""


def lifts(truth: Truth) -> Truth:
    """Whether an exception of this truth lifts its rule; unknown only where an enquiry of ours failed."""
    if isinstance(truth, bool):
        return truth
    return False if unreadable(truth) else truth


def unreadable(truth: Truth) -> bool:
    """Whether it is unknown for nothing but what could not be read in the mail."""
    return not isinstance(truth, bool) and all(missing.reason in UNREADABLE for missing in truth)
