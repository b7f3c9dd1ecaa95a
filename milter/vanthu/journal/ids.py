"""Record ids: 26 characters that sort by time and never come twice.

An id is a ULID: 48 bits of milliseconds since 1970 and 80 random bits, in Crockford's base32 (no I, L, O, U). In a
process ids only ever rise, also within a millisecond and when the clock is set back. After a fork the child draws new
random bits, so two workers of one generation never hand out the same id.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(a + b for a in _ALPHABET for b in _ALPHABET)
_RANDOM_BITS = 80
LENGTH = 26


class Ids:
    """Hands out ids; safe for many threads. ``clock`` gives nanoseconds since 1970."""

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._milliseconds = -1
        self._random = 0
        _living.add(self)

    def new(self) -> str:
        """The next id, greater than every id before it from this object."""
        now = self._clock() // 1_000_000
        with self._lock:
            if now > self._milliseconds:
                self._milliseconds = now
                self._random = _draw()
            else:
                self._random += 1
                if self._random >> _RANDOM_BITS:
                    self._milliseconds += 1
                    self._random = _draw()
            value = self._milliseconds << _RANDOM_BITS | self._random
        return _encode(value)

    def _after_fork(self) -> None:
        # The lock may have been held by a thread that does not exist in the child.
        self._lock = threading.Lock()
        self._milliseconds += 1
        self._random = _draw()


def milliseconds(record_id: str) -> int:
    """The time in an id, in milliseconds since 1970; ValueError for what is no id."""
    if len(record_id) != LENGTH:
        raise ValueError(f"{record_id!r} is not a record id")
    value = 0
    for character in record_id[:10]:
        value = value << 5 | _ALPHABET.index(character)
    return value


def _draw() -> int:
    # The top bit stays free, so that counting up within a millisecond has room.
    return int.from_bytes(os.urandom(_RANDOM_BITS // 8), "big") >> 1


def _encode(value: int) -> str:
    pairs = _PAIRS
    return "".join([pairs[value >> shift & 1023] for shift in range(120, -1, -10)])


_living: weakref.WeakSet[Ids] = weakref.WeakSet()


def _renew() -> None:
    for ids in list(_living):
        ids._after_fork()


os.register_at_fork(after_in_child=_renew)
