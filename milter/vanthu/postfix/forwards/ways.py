"""From steps to ways: where does each mailbox's mail end, also over several steps? Pure; loops end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from .model import Step, Way

_DEEPEST = 20  # steps; Postfix gives up as well (virtual_alias_recursion_limit is 1000, loops aside)
_MOST = 10_000  # ways of one mailbox


def ways(steps: Iterable[Step], local: frozenset[str]) -> list[Way]:
    """Every way to a place where no further step leads on; ``local`` are domains whose addresses are local users."""
    onward: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        onward[_key(step.source, local)].append(step)
    found = []
    for first in sorted(onward):
        for count, way in enumerate(_from(onward[first][0].source, first, onward, local)):
            if count >= _MOST:
                break
            found.append(way)
    return found


def _from(mailbox: str, first: str, onward: dict[str, list[Step]], local: frozenset[str]) -> Iterator[Way]:
    waiting: list[tuple[tuple[Step, ...], frozenset[str]]] = [((), frozenset({first}))]
    while waiting:
        taken, seen = waiting.pop()
        here = _key(taken[-1].target, local) if taken else first
        further = [step for step in onward.get(here, ()) if _key(step.target, local) not in seen]
        if taken and (not further or len(taken) >= _DEEPEST or any(step.keeps for step in further)):
            yield Way(mailbox, taken[-1].target, tuple(step.target for step in taken[:-1]), taken)
        if len(taken) < _DEEPEST:
            waiting += [((*taken, step), seen | {_key(step.target, local)}) for step in reversed(further)]


def _key(address: str, local: frozenset[str]) -> str:
    """Addresses are compared without case; those of local users by their name, without extension."""
    name, at, domain = address.strip("<>").lower().rpartition("@")
    if not at or domain in local:
        return (name if at else domain).partition("+")[0]
    return f"{name}@{domain}"
