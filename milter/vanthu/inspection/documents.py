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
from ..documents.model import DocumentLimits, Extraction, Text
from ..documents.wire import MOST_ITEMS, Answer, Item
from ..facts.attachments import could_be_read, every
from ..mail import bodies
from ..mail.message import Attachment, Message

WAITING = 8
_DOORSTEP = 2.0  # seconds to wait for a place
_SMALL = 64 << 10
_PICTURE = 4 << 10  # bytes; smaller pictures are rules, dots and logos
_NAME = 60

_decoder = msgspec.msgpack.Decoder(Extraction)


class Busy(Exception):
    """Too many sessions of this worker wait for documents already."""


@dataclass(frozen=True, slots=True)
class Found:
    """What attachments say, by ``where``; and how many were had how (``details.enquiries`` of the record)."""

    extracted: dict[str, Extraction] = field(default_factory=dict)
    results: dict[str, int] = field(default_factory=dict)


NOTHING = Found()


class Documents:
    """The enquiries of one process; safe between threads. ``state`` is the folder of the broker's socket."""

    def __init__(self, state: Path, limits: DocumentLimits) -> None:
        self._state = state
        self._limits = limits
        self._places = threading.BoundedSemaphore(WAITING)
        self._doorstep = threading.BoundedSemaphore(WAITING)

    def ask(self, message: Message, until: float) -> Found:
        """What the attachments say, as far as it is known at ``until`` (monotonic seconds). Raises Busy."""
        extracted: dict[str, Extraction] = {}
        asked: list[Attachment] = []
        for one in every(message):
            if one.message is not None or not could_be_read(one.type):
                continue
            if one.type.startswith("text/") and len(one.content) <= _SMALL:
                extracted[one.where] = self._read_here(one)
            elif self._worth_asking(one):
                asked.append(one)
        if not asked:
            return Found(extracted) if extracted else NOTHING
        results: Counter[str] = Counter()
        for one in asked[MOST_ITEMS:]:
            extracted[one.where] = Extraction(one.type, "too_many")
        asked = asked[:MOST_ITEMS]
        for one, answer in zip(asked, self._answers(asked, until), strict=True):
            extraction = _extraction(one, answer)
            extracted[one.where] = extraction
            results[answer.how if answer.how != "failed" else extraction.reason or "failed"] += 1
        return Found(extracted, dict(results))

    def _read_here(self, one: Attachment) -> Extraction:
        body, _ = bodies.body(one.content, one.type, {}, one.where, self._limits.max_text)
        texts = [Text(text, part) for text, part in ((body.text, ""), (body.hidden, "hidden")) if text.strip()]
        return Extraction(one.type, None, tuple(texts))

    def _worth_asking(self, one: Attachment) -> bool:
        if not one.content:
            return False
        return not one.type.startswith("image/") or (self._limits.ocr != "off" and len(one.content) >= _PICTURE)

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


def _extraction(one: Attachment, answer: Answer) -> Extraction:
    if answer.payload is None:
        return Extraction(one.type, answer.reason or "crashed")
    try:
        read = _decoder.decode(answer.payload)
    except msgspec.MsgspecError:
        return Extraction(one.type, "crashed")  # its reader was not itself any more
    return msgspec.structs.replace(read, reason=answer.reason) if answer.reason is not None else read
