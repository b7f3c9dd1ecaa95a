"""For how long mail was judged mildly, or not at all: break-glass, and times in which the filter did not run.

A daemon that is stopped says so. Nobody notes when one is killed: its last line is of its last mail, and the time
told, from there to its next start, is the longest that it may have been.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from ..projections.store_counts import Relaxation, Span
from ..projections.store_queries import Questions

_LONGEST_RELAXATION = timedelta(days=31)
_RESTART = timedelta(minutes=1)  # a restart is no pause: Postfix defers and tries again


def relaxed_hours(store: Questions, span: Span, made: datetime) -> float:
    """For how long the policy of any node was mild; times that overlap count once."""
    begun = store.relaxations(Span(span.begin - _LONGEST_RELAXATION, span.end))
    spans = sorted((max(begin, span.begin), min(end, span.end, made)) for begin, end in _each(begun))
    found, reached = timedelta(0), span.begin
    for begin, end in spans:
        found += max(end - max(begin, reached), timedelta(0))
        reached = max(reached, end)
    return round(found / timedelta(hours=1), 1)


def stopped_hours(store: Questions, span: Span) -> float:
    """For how long the filter did not run, at most; the nodes of an installation are added up."""
    pauses = [one.end - max(one.begin, span.begin) for one in store.pauses(span)]
    return round(sum((one for one in pauses if one > _RESTART), timedelta(0)) / timedelta(hours=1), 1)


def _each(begun: list[Relaxation]) -> Iterable[tuple[datetime, datetime]]:
    """Each relaxation until its end, or until the next of its node."""
    following: dict[str, datetime] = {}
    for one in reversed(begun):
        yield one.begin, min(one.until, following.get(one.node, one.until))
        following[one.node] = one.begin
