"""The enquiry about documents: what do the attachments of a mail say?

One batch for each mail, one deadline. Short texts are decoded here, as bodies are; everything else that could carry
text is read by the broker's children. At most ``WAITING`` sessions of a worker wait for them, and as many again for
a place among those, a moment only: the other threads of libmilter belong to mail that needs no reading. Who finds
no place gets ``Busy``, which becomes 451: the client tries again, and the document is then likely to be known.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ..documents.broker_client import Enquiry
from ..documents.model import UNREADABLE, Extraction, Text
from ..documents.wire import MOST_ITEMS, Answer, Item
from ..facts.attachments import could_be_read, every
from ..mail import bodies
from ..mail.message import Attachment, Message

WAITING = 8
_DOORSTEP = 2.0  # seconds to wait for a place
_SMALL = 64 << 10
_PICTURE = 4 << 10  # bytes; smaller pictures are rules, dots and logos
_NAME = 60
_TEXTS_OF_A_MAIL = 3  # times the longest text of one document
_TEXTS = ("text/", "message/delivery-status", "message/disposition-notification")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # RFC 5652 §5.1

_decoder = msgspec.msgpack.Decoder(Extraction)


def unopened(message: Message) -> Iterator[Attachment]:
    """What could carry text, nested messages apart, which the parser has opened."""
    return (one for one in every(message) if one.message is None and could_be_read(one.type))


def at_sight(one: Attachment, max_text: int) -> Extraction | None:
    """What an attachment says if no reader of documents is needed to know it; else None."""
    if one.type.startswith(_TEXTS) and len(one.content) <= _SMALL:
        body, _ = bodies.body(one.content, one.type, {}, one.where, max_text)
        texts = [Text(text, part) for text, part in ((body.text, ""), (body.hidden, "hidden")) if text.strip()]
        return Extraction(one.type, None, tuple(texts))
    if not one.content or (one.type.startswith("image/") and len(one.content) < _PICTURE):
        return Extraction(one.type)
    if one.type == "application/pkcs7-mime":  # what was only signed, the parser has opened
        return Extraction(one.type, None if _SIGNED_DATA in one.content[:64] else "encrypted")
    return Extraction(one.type, "encrypted") if one.type == "application/pgp-encrypted" else None


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
    ``max_text`` the characters of one text that are read."""

    def __init__(self, state: Path, max_text: int) -> None:
        self._state = state
        self._max_text = max_text
        self._places = threading.BoundedSemaphore(WAITING)
        self._doorstep = threading.BoundedSemaphore(WAITING)

    def ask(self, message: Message, until: float) -> Found:
        """What the attachments say, as far as it is known at ``until`` (monotonic seconds). Raises Busy."""
        extracted: dict[str, Extraction] = {}
        asked: list[Attachment] = []
        for one in unopened(message):
            known = at_sight(one, self._max_text)
            if known is not None:
                extracted[one.where] = known
            else:
                asked.append(one)
        if not asked:
            return Found(_bounded(extracted, _TEXTS_OF_A_MAIL * self._max_text)) if extracted else NOTHING
        results: Counter[str] = Counter()
        for one in asked[MOST_ITEMS:]:
            extracted[one.where] = Extraction(one.type, "too_many")
        asked = asked[:MOST_ITEMS]
        for one, answer in zip(asked, self._answers(asked, until), strict=True):
            extraction = _extraction(one, answer)
            extracted[one.where] = extraction
            results[answer.how if answer.how != "failed" else extraction.reason or "failed"] += 1
        return Found(_bounded(extracted, _TEXTS_OF_A_MAIL * self._max_text), dict(results))

    def _answers(self, asked: list[Attachment], until: float) -> tuple[Answer, ...]:
        items = [Item(one.sha256, len(one.content), one.name[-_NAME:] if one.name else None) for one in asked]
        enquiry = Enquiry(self._state, items, [one.content for one in asked], until)
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
