"""Fixed phrases through bad scans: how much of a phrase's letter pairs a line holds.

Contract: pure; a line of any length costs time linear in it (and only lines of at most 160 characters are asked).
"""

from __future__ import annotations

import re

_LETTERS = re.compile(r"[^a-z]+")
# Letters that scans confuse, brought to one form. Digits and signs that stand for a letter come first.
_CONFUSED = str.maketrans({"0": "o", "6": "o", "1": "i", "l": "i", "|": "i", "5": "s", "$": "s", "@": "a", "q": "o",
                           "!": "i", "j": "i", "c": "e", "ö": "o", "ô": "o", "é": "e", "0": "o"})  # fmt: skip


def _pairs(text: str) -> dict[str, int]:
    letters = _LETTERS.sub("", text.lower().translate(_CONFUSED))
    pairs: dict[str, int] = {}
    for i in range(len(letters) - 1):
        pair = letters[i : i + 2]
        pairs[pair] = pairs.get(pair, 0) + 1
    return pairs


class Phrase:
    """A phrase that is asked of many lines."""

    __slots__ = ("_pairs", "_size")

    def __init__(self, text: str) -> None:
        self._pairs = _pairs(text)
        self._size = sum(self._pairs.values())

    def within(self, bare: str) -> float:
        """Share (0 to 1) of the phrase's letter pairs that the line has."""
        if not 6 <= len(bare) <= 160:
            return 0.0
        there = _pairs(bare)
        return sum(min(n, there.get(pair, 0)) for pair, n in self._pairs.items()) / self._size

    def alike(self, bare: str) -> float:
        """Dice coefficient (0 to 1) of phrase and line: the line is the phrase and little else."""
        if not 4 <= len(bare) <= 160:
            return 0.0
        there = _pairs(bare)
        same = sum(min(n, there.get(pair, 0)) for pair, n in self._pairs.items())
        return 2 * same / (self._size + sum(there.values())) if there else 0.0
