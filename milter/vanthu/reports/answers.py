"""How soon the desks that serve citizens answer (6806/UBND-TTTH 2010 §1, M5). Pure.

A question is the first mail from an outside address to a public-service mailbox that nothing was asked of by this
address, or that has answered it since; the answer is the next mail from the mailbox to the address. Whoever is
answered by telephone, or from another mailbox, looks unanswered here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median

from ..mail.address import key
from ..projections.store_counts import Exchange, Span
from .report import AnswerLine

PATIENCE = timedelta(days=31)
"""Answers are looked for until so long after the month."""


def lines(exchanges: Iterable[Exchange], span: Span) -> tuple[AnswerLine, ...]:
    """One line a mailbox: questions of the span, and what became of them; ``exchanges`` in the order of time."""
    waiting: dict[tuple[str, str], datetime] = {}
    asked: dict[str, int] = {}
    hours: dict[str, list[float]] = {}
    for one in exchanges:
        pair = key(one.mailbox), key(one.outside)
        if one.inbound:
            if pair not in waiting:
                waiting[pair] = one.time
                asked[pair[0]] = asked.get(pair[0], 0) + (one.time < span.end)
        elif (since := waiting.pop(pair, None)) is not None and since < span.end:
            hours.setdefault(pair[0], []).append((one.time - since) / timedelta(hours=1))
    return tuple(
        AnswerLine(mailbox, count, len(taken), round(median(taken), 1) if taken else None)
        for mailbox, count in sorted(asked.items())
        if count
        for taken in (hours.get(mailbox, []),)
    )
