"""What the last audit of forwards found, as samples of the metrics page; none where there was no audit."""

from __future__ import annotations

from pathlib import Path

from ..postfix.forwards.published import get

Samples = list[tuple[tuple[str, ...], float]]


def counts(state: Path) -> Samples:
    """Ways by kind of their last step and class of their end."""
    found = get(state)
    return [((kind, class_), float(number)) for kind, class_, number in found.counts] if found is not None else []


def audited(state: Path) -> Samples:
    """When that was, in seconds since 1970."""
    found = get(state)
    return [((), found.time.timestamp())] if found is not None else []
