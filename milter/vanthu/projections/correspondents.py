"""The snapshot of known correspondence: three files that the steward writes and that workers map read-only.

No address and no Message-ID stands in them, only keyed hashes (BLAKE2b, RFC 7693, 64 bits; the key is made from the
node's own in the state folder): who wrote to whom cannot be read or guessed from them without that key.

A file is a header (magic, number of pairs, number of messages), the hashes of pairs in ascending order, those of
messages, and for each pair 32 bits: the hour of the last mail, shifted by one, and whether the outside wrote first.
Numbers are in the machine's own order; a file never leaves its node. A look-up is a bisection.

``BASE`` holds everything and is written rarely, ``RECENT`` what came since, and ``NEW`` what came since that; it is
written with every batch, so renewal costs little however large the base is. Files are replaced, never changed, and
always the larger one first: who reads ``NEW`` first, then the others in this order, misses nothing.
"""

from __future__ import annotations

import mmap
import os
import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from ..directory.model import private_key

BASE, RECENT, NEW = "correspondents.base", "correspondents.recent", "correspondents.new"
FILES = (NEW, RECENT, BASE)
"""In the order in which they are to be read and asked."""
_MAGIC = b"VTCORR01"
_HEADER = struct.Struct("=8sqq")
HOUR = 3600


class Keys:
    """Turns addresses and identifiers into numbers (64 bits, signed) that tell nothing without the key."""

    def __init__(self, node_key: bytes) -> None:
        key = blake2b(b"vanthu correspondence", key=node_key, digest_size=32).digest()
        self._empty = blake2b(key=key, digest_size=8)
        self._begun = lru_cache(4096)(self._begin)  # the same mailboxes write all day

    def pair(self, ours: str, outside: str) -> int:
        """Of a mailbox or agency and somebody outside, whose ``+tag`` (and dots, at Google) do not count."""
        return self._number(ours, private_key(outside))

    def message(self, message_id: str, outside: str, ours: str) -> int:
        """Of a mail that somebody outside sent to a mailbox or agency."""
        return self._number(ours, f"{private_key(outside)}\0{message_id}")

    def _begin(self, ours: str) -> blake2b:
        state = self._empty.copy()
        # A slug of an agency holds no ``@``.
        state.update(f"{private_key(ours) if '@' in ours else ours}\0".encode("utf-8", "surrogatepass"))
        return state

    def _number(self, ours: str, rest: str) -> int:
        state = self._begun(ours).copy()
        state.update(rest.encode("utf-8", "surrogatepass"))
        return int.from_bytes(state.digest(), "little", signed=True)


def packed(outside_first: int, last: float) -> int:
    """What the snapshot says of a pair whose last mail was ``last`` seconds after 1970."""
    return int(last // HOUR) << 1 | outside_first


def unpacked(value: int) -> tuple[bool, datetime]:
    """Whether the outside wrote first, and the hour of the last mail."""
    return bool(value & 1), datetime.fromtimestamp((value >> 1) * HOUR, UTC)


def write(path: Path, pairs: Iterable[tuple[int, int]], messages: Iterable[int], *, sync: bool) -> None:
    """Replaces a file; ``pairs`` (hash, value) and ``messages`` come in ascending order. OSError if it fails."""
    hashes, values = array("q"), array("I")
    given = iter(pairs)
    while some := list(islice(given, 4096)):
        hashes.extend([number for number, _ in some])
        values.extend([value for _, value in some])
    sent = array("q", messages)
    draft = path.with_name(f"{path.name}.draft")
    with draft.open("wb") as file:
        file.write(_HEADER.pack(_MAGIC, len(hashes), len(sent)))
        for column in (hashes, sent, values):
            column.tofile(file)
        if sync:
            file.flush()
            os.fsync(file.fileno())
    draft.replace(path)


def withdraw(folder: Path) -> None:
    """Removes the snapshot: nobody is to know of correspondence any more."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


class Table:
    """One file, mapped. It stays readable when the file is replaced."""

    __slots__ = ("_messages", "_pairs", "_values", "size")

    def __init__(self, path: Path) -> None:
        """OSError where there is no such file, ValueError where it is no snapshot."""
        with path.open("rb") as file:
            mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        self.size = len(mapped)
        if self.size < _HEADER.size:
            raise ValueError(f"{path}: too short for a snapshot of correspondence")
        magic, pairs, messages = _HEADER.unpack_from(mapped)
        first, second = _HEADER.size + 8 * pairs, _HEADER.size + 8 * (pairs + messages)
        if magic != _MAGIC or pairs < 0 or messages < 0 or self.size != second + 4 * pairs:
            raise ValueError(f"{path}: not a snapshot of correspondence")
        self._pairs = mapped[_HEADER.size : first].cast("q")
        self._messages = mapped[first:second].cast("q")
        self._values = mapped[second:].cast("I")

    def pair(self, number: int) -> int | None:
        """What is said of a pair, or None."""
        at = bisect_left(self._pairs, number)
        return self._values[at] if at < len(self._pairs) and self._pairs[at] == number else None

    def has_message(self, number: int) -> bool:
        """Whether a mail is known."""
        at = bisect_left(self._messages, number)
        return at < len(self._messages) and self._messages[at] == number

    @property
    def messages(self) -> int:
        """How many mails from outside are known."""
        return len(self._messages)

    def __len__(self) -> int:
        return len(self._pairs)
