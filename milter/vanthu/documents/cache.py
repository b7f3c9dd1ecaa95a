"""What has been read, in memory only: one công văn goes to fifty offices and is read once.

Bounded by bytes; the least recently used go first. Failures are remembered for a few minutes only: a machine that was
too busy for a scan may have time for its next copy, while fifty copies of a hostile file cost one reading.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

import msgspec

from .archives.volumes import is_later
from .model import DocumentLimits, Reason

FAILURE_SECONDS = 300.0
_ENTRY = 300  # bytes that an entry costs beside its payload
_SUFFIX = 12


def edition(version: str, limits: DocumentLimits) -> bytes:
    """What an extraction depends on beside the document: the readers, their limits and the OCR switch."""
    return hashlib.sha256(version.encode() + b"\0" + msgspec.msgpack.encode(limits)).digest()[:8]


def key(sha256: str, name: str | None, made_by: bytes, signature: int = 0) -> bytes:
    """The key of a document. Of its name the suffix counts, which some readers take as a hint, and whether it is that
    of a later volume, which gives another reason; the same octets are something else as a signature (``signature``
    octets of it)."""
    _, dot, suffix = (name or "").rpartition(".")
    hint = suffix.lower() if dot and len(suffix) <= _SUFFIX else ""
    task = f"\0{signature}\0".encode() if signature else b""
    volume = b"\0volume\0" if is_later(name) else b""
    return made_by + sha256.encode() + task + volume + hint.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Entry:
    """``payload`` as on the wire; ``reason`` overrides what it says; ``until`` is when a failure is forgotten."""

    payload: bytes | None
    reason: Reason | None = None
    until: float | None = None


class Cache:
    """At most ``most_bytes`` of extractions."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._entries: OrderedDict[bytes, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, wanted: bytes, now: float) -> Entry | None:
        """What is known of a document, or None. ``now`` in seconds, of the clock that ``until`` was made with."""
        entry = self._entries.get(wanted)
        if entry is None:
            return None
        if entry.until is not None and entry.until <= now:
            self._drop(wanted)
            return None
        self._entries.move_to_end(wanted)
        return entry

    def put(self, wanted: bytes, entry: Entry) -> None:
        """Remembers an extraction, unless it is larger than half of the cache."""
        if wanted in self._entries:
            self._drop(wanted)
        if _cost(entry) > self.most_bytes // 2:
            return
        self._entries[wanted] = entry
        self.bytes += _cost(entry)
        while self.bytes > self.most_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, wanted: bytes) -> None:
        self.bytes -= _cost(self._entries.pop(wanted))


def _cost(entry: Entry) -> int:
    return _ENTRY + (len(entry.payload) if entry.payload is not None else 0)
