"""Which agencies a chairman should call on, and why. Only agencies large enough that no person is meant.

Each reason is a rule of thumb with its threshold here; the words for it are in words.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .figures import Figures
from .report import Action, AgencyLine

_LITTLE_USE = 0.5
_FEW_DOCUMENTS = 10
_LITTLE_OFFICIAL = 0.8
_MOST = 10


def needed(lines: Iterable[AgencyLine]) -> tuple[Action, ...]:
    """The agencies with most reasons first, at most ten."""
    found = [
        Action(line.slug, line.name, reasons)
        for line in lines
        if line.ranked and (reasons := tuple(_reasons(line.own.now)))
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.reasons), -one.reasons[0][1], one.name))[:_MOST])


def _reasons(now: Figures) -> Iterator[tuple[str, float]]:
    if now.forwards_automatic:
        yield "automatic", float(now.forwards_automatic)
    if now.public_documents and now.stopped:
        yield "public_documents", float(now.stopped)
    if not now.sending:
        yield "silent", float(now.issued)
    elif not now.used:
        yield "no_use", 0.0
    elif now.used / now.issued < _LITTLE_USE:
        yield "little_use", now.used / now.issued
    if now.carried >= _FEW_DOCUMENTS and now.carried_offices / now.carried < _LITTLE_OFFICIAL:
        yield "little_official", now.carried_offices / now.carried
