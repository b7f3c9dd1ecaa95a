"""What one call of ``read`` may still spend, and what it has found so far: the only state that readers share.

``Work`` counts time, unpacked octets, members and text over the whole document, nested ones included; ``Found``
collects what one document gives. A limit reached raises ``Stop`` with its reason, which ``read`` turns into a fact;
whatever was found before stays.
"""

from __future__ import annotations

import hashlib
import time
import unicodedata
from collections.abc import Callable, Iterator
from typing import Literal

from ..vietnamese.legacy import to_unicode
from .archives import volumes
from .model import DocumentLimits, Extraction, Member, Reason, Seal, Text
from .seals.checking import Checking

# Below that many unpacked octets no ratio is hostile: an empty spreadsheet packs a thousand times.
_HARMLESS = 16 << 20
_CONTROLS: dict[int, str | None] = {code: None for code in range(32) if code not in (9, 10)}
_CONTROLS |= {0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n", 0x7F: None, 0xFEFF: None}


class Stop(Exception):
    """The reading of one document ends here, for this reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Work:
    """The budget of one call of ``read``. ``nested`` reads a member by the same budget."""

    def __init__(
        self, limits: DocumentLimits, size: int, nested: Callable[[bytes, str | None, Work], Extraction]
    ) -> None:  # fmt: skip
        """``size`` is that of the outermost document."""
        self.limits = limits
        self._size = size
        self.depth = 0
        self.ocr_spent = 0.0
        self.signatures = Checking(limits)
        self.pictures = 0  # left unread because OCR is off
        self._nested = nested
        self._started = time.monotonic()
        self._unpacked = 0
        self._members = 0
        self._text = limits.max_text

    def look_at_clock(self) -> None:
        """Stop(timeout) when the time is used up, without that of OCR and of signatures."""
        if time.monotonic() - self._started - self.ocr_spent - self.signatures.spent > self.limits.seconds:
            raise Stop("timeout")

    def ocr_left(self) -> float:
        """Seconds that OCR may still take."""
        return self.limits.ocr_seconds - self.ocr_spent

    def room(self, packed: int) -> int:
        """How many octets a member of ``packed`` octets may become. Stop when nothing may be unpacked any more."""
        self.look_at_clock()
        left = self.limits.max_unpacked - self._unpacked
        if left <= 0:
            raise Stop(self._spent())
        return min(left, max(_HARMLESS, packed * self.limits.max_ratio))

    def unpacked(self, size: int) -> None:
        """Note ``size`` octets unpacked, also those that were thrown away."""
        self._unpacked += size

    def expand(self, packed: int, pieces: Callable[[int], Iterator[bytes]]) -> Iterator[bytes]:
        """What ``pieces`` makes of a member, given its room; a bomb spends all of its room."""
        room = self.room(packed)
        try:
            for piece in pieces(room):
                room -= len(piece)
                self._unpacked += len(piece)
                yield piece
        except Stop as stop:
            if stop.reason == "bomb":
                self._unpacked += room
            raise

    def _spent(self) -> Reason:
        """Why there is no room: an honest archive is large before it is unpacked."""
        return "bomb" if self.limits.max_unpacked > 20 * self._size else "too_large"

    def text(self, size: int) -> int:
        """Take ``size`` characters from the budget of text; gives how many may be kept."""
        kept = min(size, self._text)
        self._text -= kept
        return kept

    def member(self, found: Found, name: str | None, content: bytes, digest: str) -> None:
        """Read a file inside ``found`` and list it there; a volume of an archive waits for the others."""
        if len(found.pieces) < self.limits.max_members and volumes.is_piece(name, content):
            found.pieces.append((name, content))
            return
        self.count_member()
        found.members.append(self.below(name, content, digest))

    def count_member(self) -> None:
        """Stop(too_many) when there are more members than the limits allow."""
        self._members += 1
        if self._members > self.limits.max_members:
            raise Stop("too_many")

    def below(self, name: str | None, content: bytes, digest: str | None = None) -> Member:
        """A file as a member, read one level deeper."""
        self.depth += 1
        try:
            extraction = self._nested(content, name, self)
        finally:
            self.depth -= 1
        return Member(name, len(content), digest or hashlib.sha256(content).hexdigest(), extraction)


class Found:
    """What was found in one document so far."""

    def __init__(self, kind: str, name: str | None, work: Work) -> None:
        self.type = kind
        self.name = name
        self.work = work
        self.reason: Reason | None = None
        self.texts: list[Text] = []
        self.members: list[Member] = []
        self.seals: list[Seal] = []
        self.labels: list[str] = []
        self.pages: int | None = None
        self.pieces: list[tuple[str | None, bytes]] = []
        self.ocr_done = False
        self.ocr_tries = 0

    def add(self, text: str, part: str = "", read_by: Literal["text", "ocr"] = "text") -> None:
        """A piece of text, made tidy. Stop(too_large) when the budget cuts it."""
        if not text or text.isspace():
            return
        kept = self.work.text(len(text))
        tidied = tidy(text[:kept])
        if tidied:
            self.texts.append(Text(tidied, part, read_by))
        if kept < len(text):
            raise Stop("too_large")

    def label(self, name: str, value: str) -> None:
        """A document property or sensitivity label."""
        value = tidy(value).replace("\n", " ")[:1000]
        if value and len(self.labels) < 200:
            self.labels.append(f"{name}: {value}")

    def flaw(self, reason: Reason) -> None:
        """Something could not be read; the first reason stands."""
        self.reason = self.reason or reason

    def _join(self) -> None:
        """What was put together is a member in the place of its head; what could not be is read as it is."""
        pieces, self.pieces = self.pieces, []
        whole = {one.head: one for one in volumes.joined(pieces)}
        parts = {index for one in whole.values() for index in one.pieces}
        for index, piece in enumerate(pieces):
            if index in parts and index not in whole:
                continue
            name, content = (whole[index].name, whole[index].content) if index in whole else piece
            self.work.count_member()
            self.members.append(self.work.below(name, content))

    def extraction(self) -> Extraction:
        """The value of all that; volumes that waited are read now."""
        try:
            self._join()
        except Stop as stop:
            self.flaw(stop.reason)
        except MemoryError:  # no room for the whole beside its volumes: what was read before stays
            self.flaw("too_large")
        return Extraction(
            self.type, self.reason, tuple(self.texts), tuple(self.members), tuple(self.seals), tuple(self.labels),
            self.pages,
        )  # fmt: skip


def tidy(text: str) -> str:
    """NFC, ``\\n`` line ends, no control characters, no blank ends, at most one empty line in a row."""
    text = to_unicode(text.replace("\r\n", "\n").replace("\r", "\n"))[0]
    text = unicodedata.normalize("NFC", text.translate(_CONTROLS))
    lines: list[str] = []
    for line in map(str.rstrip, text.split("\n")):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n")
