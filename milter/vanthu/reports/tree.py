"""The order in which reports name agencies: that of the register, each before those below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..directory.model import Agency


def in_order(tree: Mapping[str, Agency]) -> Iterator[tuple[str, int]]:
    """Every slug once, and how many agencies stand above it."""
    below: dict[str | None, list[str]] = {}
    for slug, agency in tree.items():
        below.setdefault(agency.parent if agency.parent in tree else None, []).append(slug)
    seen: set[str] = set()
    # Former versions may stand in a circle, which only the present ones are checked for: nobody is left out for that.
    for root in (*below.get(None, ()), *tree):
        waiting = [(root, 0)]
        while waiting:
            slug, depth = waiting.pop()
            if slug not in seen:
                seen.add(slug)
                yield slug, depth
                waiting += [(child, depth + 1) for child in reversed(below.get(slug, ()))]
