"""Fixed phrases through bad scans: how much of a phrase's letter pairs a line holds.

Contract: pure; a line costs time linear in it, and only lines of at most 160 characters are looked at.
"""

from __future__ import annotations

import re
from itertools import pairwise

_LETTERS = re.compile(r"[^a-z]+")
# Letters that scans confuse, brought to one form: digits and signs that stand for a letter, and round letters.
_CONFUSED = str.maketrans("061l|5$@q!jcöôé", "ooiiissaoiieooe")


def pairs(bare: str) -> frozenset[tuple[str, str]]:
    """The letter pairs of an undiacritised line; none where it is too short or too long for a phrase."""
    if not 4 <= len(bare) <= 160:
        return frozenset()
    letters = _LETTERS.sub("", bare.lower().translate(_CONFUSED))
    return frozenset(pairwise(letters))


class Phrase:
    """A phrase that is asked of many lines."""

    __slots__ = ("_pairs",)

    def __init__(self, text: str) -> None:
        self._pairs = pairs(text)

    def within(self, there: frozenset[tuple[str, str]]) -> float:
        """Share (0 to 1) of the phrase's letter pairs that the line has."""
        return len(self._pairs & there) / len(self._pairs)

    def alike(self, there: frozenset[tuple[str, str]]) -> float:
        """Dice coefficient (0 to 1) of phrase and line: the line is the phrase and little else."""
        return 2 * len(self._pairs & there) / (len(self._pairs) + len(there))
