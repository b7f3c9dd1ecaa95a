"""The enquiry about documents: what do the attachments of a mail say?

One batch for each mail, one deadline. Short texts are decoded here, as bodies are; everything else that could carry
text is read by the broker's children. At most ``WAITING`` sessions of a worker wait for them, and as many again for
a place among those, a moment only: the other threads of libmilter belong to mail that needs no reading. Who finds
no place gets ``Busy``, which becomes 451: the client tries again, and the document is then likely to be known.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from ..documents.archives import volumes
from ..documents.broker_client import Enquiry
from ..documents.model import UNREADABLE, Extraction, Seal, Text
from ..documents.wire import MOST_ITEMS, Answer, Item
from ..facts.attachments import could_be_read, every
from ..mail import bodies
from ..mail.cms import SIGNED_DATA, signed_entity
from ..mail.message import Attachment, Message

WAITING = 8
_DOORSTEP = 2.0  # seconds to wait for a place
_SMALL = 64 << 10
_PICTURE = 4 << 10  # bytes; smaller pictures are rules, dots and logos
_NAME = 60
_TEXTS_OF_A_MAIL = 3  # times the longest text of one document
_TEXTS = ("text/", "message/delivery-status", "message/disposition-notification")
SIGNATURE = "application/pkcs7-signature"
_ENTRIES = ("text/calendar", "text/vcard")
_ENCODED = re.compile(rb"BASE64|ENCODING=B[;:]|QUOTED-PRINTABLE", re.IGNORECASE)

_decoder = msgspec.msgpack.Decoder(Extraction)


def unopened(message: Message) -> Iterator[Attachment]:
    """What could carry text, nested messages apart, which the parser has opened; and S/MIME signatures."""
    return (
        one for one in every(message) if one.message is None and (could_be_read(one.type) or one.type == SIGNATURE)
    )


def at_sight(one: Attachment, max_text: int) -> Extraction | None:
    """What an attachment says if no reader of documents is needed to know it; else None."""
    if one.type.startswith(_TEXTS) and len(one.content) <= _SMALL and not _holds_files(one):
        body, _ = bodies.body(one.content, one.type, {}, one.where, max_text)
        texts = [Text(text, part) for text, part in ((body.text, ""), (body.hidden, "hidden")) if text.strip()]
        return Extraction(one.type, None, tuple(texts))
    if not one.content or (one.type.startswith("image/") and len(one.content) < _PICTURE):
        return Extraction(one.type)
    if one.type == "application/pkcs7-mime":
        return None if SIGNED_DATA in one.content[:64] else Extraction(one.type, "encrypted")
    return Extraction(one.type, "encrypted") if one.type == "application/pgp-encrypted" else None


def _holds_files(one: Attachment) -> bool:
    """Whether a calendar or a card carries files or encoded text, which its own reader knows; in UTF-16, too."""
    return one.type in _ENTRIES and _ENCODED.search(one.content.replace(b"\0", b"")) is not None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about one attachment. ``signature`` octets at the beginning of ``content`` are a signature that
    is only to be checked, over the rest."""

    one: Attachment
    content: bytes
    signature: int = 0

    @property
    def item(self) -> Item:
        """The same for the broker."""
        one = self.one
        digest = one.sha256 if self.content is one.content else hashlib.sha256(self.content).hexdigest()
        return Item(digest, len(self.content), one.name[-_NAME:] if one.name else None, self.signature)


def question(one: Attachment, trusted: bool) -> Question:
    """What to ask. Whom a signature names can be told without what it is over, so where nobody is trusted, that stays
    here. What an opaque one is over, the parser has opened: none of it has to be read again."""
    if one.type == SIGNATURE:
        over = one.over if trusted and one.over is not None else b""
        return Question(one, b"".join((one.content, over)) if over else one.content, len(one.content))
    if one.type == "application/pkcs7-mime" and signed_entity(one.content) is not None:
        return Question(one, one.content, len(one.content))
    return Question(one, one.content)


def understood(asked: Question, read: Extraction, trusted: bool) -> Extraction:
    """What was read, as the facts take it: a signature has a verdict, and no text that could have been missed."""
    if not asked.signature:
        return read
    if read.reason is not None or not read.seals:
        reason = read.reason if read.reason in ("too_large", "timeout", "unavailable") else "crashed"
        seals: tuple[Seal, ...] = (Seal("smime", "unverifiable", reason=reason),) if trusted else ()
        return Extraction(asked.one.type, seals=seals)
    return Extraction(asked.one.type, seals=read.seals)


def put_together(asked: list[Attachment]) -> tuple[list[Attachment], dict[str, Extraction]]:
    """The same with the volumes of an archive as one, in the place of the first (of a zip, the last); and what is
    said of the others, whose content is read there."""
    whole = {one.head: one for one in volumes.joined([(one.name, one.content) for one in asked])}
    if not whole:
        return asked, {}
    parts = {index for one in whole.values() for index in one.pieces} - whole.keys()
    kept: list[Attachment] = []
    for index, one in enumerate(asked):
        if index in whole:
            content = whole[index].content
            digest = hashlib.sha256(content).hexdigest()
            kept.append(replace(one, name=whole[index].name, content=content, sha256=digest))
        elif index not in parts:
            kept.append(one)
    return kept, {asked[index].where: Extraction(asked[index].type) for index in parts}


class Busy(Exception):
    """Too many sessions of this worker wait for documents already."""


@dataclass(frozen=True, slots=True)
class Found:
    """What attachments say, by ``where``; and how many were had how (``details.enquiries`` of the record)."""

    extracted: dict[str, Extraction] = field(default_factory=dict)
    results: dict[str, int] = field(default_factory=dict)


NOTHING = Found()


class Documents:
    """The enquiries of one process; safe between threads. ``state`` is the folder of the broker's socket,
    ``max_text`` the characters of one text that are read, ``trusted`` whether there is an authority to check
    signatures against."""

    def __init__(self, state: Path, max_text: int, trusted: bool = False) -> None:
        self._state = state
        self._trusted = trusted
        self._max_text = max_text
        self._places = threading.BoundedSemaphore(WAITING)
        self._doorstep = threading.BoundedSemaphore(WAITING)

    def ask(self, message: Message, until: float) -> Found:
        """What the attachments say, as far as it is known at ``until`` (monotonic seconds). Raises Busy."""
        extracted: dict[str, Extraction] = {}
        unknown: list[Attachment] = []
        for one in unopened(message):
            known = at_sight(one, self._max_text)
            if known is not None:
                extracted[one.where] = known
            else:
                unknown.append(one)
        unknown, pieces = put_together(unknown)
        extracted.update(pieces)
        asked = [question(one, self._trusted) for one in unknown]
        if not asked:
            return Found(_bounded(extracted, _TEXTS_OF_A_MAIL * self._max_text)) if extracted else NOTHING
        results: Counter[str] = Counter()
        for beyond in asked[MOST_ITEMS:]:
            extracted[beyond.one.where] = Extraction(beyond.one.type, "too_many")
        asked = asked[:MOST_ITEMS]
        for each, answer in zip(asked, self._answers(asked, until), strict=True):
            extraction = _extraction(each.one, answer)
            extracted[each.one.where] = understood(each, extraction, self._trusted)
            results[answer.how if answer.how != "failed" else extraction.reason or "failed"] += 1
        return Found(_bounded(extracted, _TEXTS_OF_A_MAIL * self._max_text), dict(results))

    def _answers(self, asked: list[Question], until: float) -> tuple[Answer, ...]:
        enquiry = Enquiry(self._state, [one.item for one in asked], [one.content for one in asked], until)
        if enquiry.answers is not None:
            return enquiry.answers
        try:
            with self._place():
                return enquiry.finish()
        finally:
            enquiry.close()

    @contextmanager
    def _place(self) -> Iterator[None]:
        """A place among those who wait. Raises Busy."""
        if not self._places.acquire(blocking=False):
            if not self._doorstep.acquire(blocking=False):
                raise Busy
            try:
                if not self._places.acquire(timeout=_DOORSTEP):
                    raise Busy
            finally:
                self._doorstep.release()
        try:
            yield
        finally:
            self._places.release()


def _bounded(extracted: dict[str, Extraction], most: int) -> dict[str, Extraction]:
    """The same, with at most so many characters for the recognisers of one mail; the rest is ``too_large``."""
    for where, read in extracted.items():
        most -= _length(read)
        if most < 0:
            extracted[where] = msgspec.structs.replace(read, reason="too_large", texts=(), members=())
            most += _length(read)
    return extracted


def _length(read: Extraction) -> int:
    return sum(len(one.text) for one in read.texts) + sum(_length(one.extraction) for one in read.members)


def _extraction(one: Attachment, answer: Answer) -> Extraction:
    if answer.payload is None:
        return Extraction(one.type, answer.reason or "crashed")
    try:
        read = _decoder.decode(answer.payload)
    except UNREADABLE:
        return Extraction(one.type, "crashed")  # its reader was not itself any more
    return msgspec.structs.replace(read, reason=answer.reason) if answer.reason is not None else read
