"""What was read of the journal a moment ago, for the other readers of the same process.

Several projections read the same lines within a second of each other, and to decode a line costs more than to count
it. What is remembered hangs on the place where a reader stands (file, offset, hash of the line before): whoever finds
it here would have found the same in the file.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from .batch import Damage, Line
from .cursor import Place

_MOST = 4 << 20  # bytes of raw lines; decoded they take about three times as much


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of one file behind one another: what they are, how many, and where a reader stands after them."""

    items: tuple[Line | Damage, ...]
    count: int
    after: Place


class Recent:
    """The last stretches that were read, up to a size; safe for many threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._stretches: OrderedDict[tuple[str, Place], Stretch] = OrderedDict()
        self._size = 0

    def find(self, name: str, place: Place) -> Stretch | None:
        """What follows that place, if somebody has just read it."""
        with self._lock:
            return self._stretches.get((name, place))

    def keep(self, name: str, place: Place, stretch: Stretch) -> None:
        """Remembers what follows a place; the oldest is forgotten."""
        with self._lock:
            if (name, place) in self._stretches:
                return
            self._stretches[name, place] = stretch
            self._size += stretch.after.offset - place.offset
            while self._size > self._most:
                (_, begin), oldest = self._stretches.popitem(last=False)
                self._size -= oldest.after.offset - begin.offset
