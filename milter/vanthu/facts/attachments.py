"""What hangs on a mail, and every text in it that recognisers read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby, islice

from ..documents.model import Extraction, Member, Reason, Text
from ..mail import message as mail
from ..mail.message import HeaderField
from .model import Attachment
from .reading import Reading

Extracted = Mapping[str, Extraction]
"""What was read of documents, by the place of the attachment."""

MOST = 1000  # attachments and members of archives that facts list

_NO_TEXT = (
    "audio/", "video/", "font/", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "application/pgp-signature",
)  # fmt: skip
_READ_HERE = ("text/", "message/rfc822", "message/delivery-status", "message/disposition-notification")
_LIMITS: dict[str, Reason] = {
    "too_deep": "too_deep", "too_many_parts": "too_many", "too_many_attachments": "too_many",
    "text_truncated": "too_large", "header_too_large": "too_large",
}  # fmt: skip
_PIECE = "message/partial"  # RFC 2046 §5.2.2
_ENTRIES = ("text/calendar", "text/vcard")
_PAGE = re.compile(r"(?:page|slide) ([0-9]{1,9})\b")
_FOLD = re.compile(r"\n[ \t]")
_MSIP = re.compile(r"MSIP_Label_[0-9a-fA-F-]{1,40}_Name\Z")


def every(message: mail.Message) -> Iterator[mail.Attachment]:
    """All attachments, those of nested messages behind the message that holds them."""
    for one in message.attachments:
        yield one
        if one.message is not None:
            yield from every(one.message)


def cut_short(message: mail.Message) -> Reason | None:
    """Why parts of a mail, or of a mail in it, were not even seen: a limit of the parser. None where all were."""
    nested = (one.message for one in every(message) if one.message is not None)
    for one in (message, *nested):
        for defect in one.defects:
            if defect in _LIMITS:
                return _LIMITS[defect]
    return None


def could_be_read(kind: str) -> bool:
    """Whether something of this media type could carry text that people read, in pictures too."""
    return not kind.startswith(_NO_TEXT)


def describe(message: mail.Message, extracted: Extracted) -> tuple[Attachment, ...]:
    """The attachments as facts, members of archives below their archive. What nobody was asked about and what no
    reader exists for is ``unsupported``. Where there are more than ``MOST``, the last stands for all that are not
    listed: ``too_many``."""
    listed = list(islice(_all(message, extracted), MOST + 1))
    if len(listed) > MOST:
        where = listed[MOST - 1].where
        listed[MOST - 1 :] = [Attachment(where, None, "application/octet-stream", 0, "", False, "too_many", True)]
    return tuple(listed)


def _all(message: mail.Message, extracted: Extracted) -> Iterator[Attachment]:
    for one in every(message):
        read = extracted.get(one.where)
        yield _describe(one, read)
        if read is not None:
            for where, member in members(one.where, read):
                yield _member(where, member)


def _describe(one: mail.Attachment, read: Extraction | None) -> Attachment:
    kind = (read.type if read is not None else "") or one.type
    # A picture that nobody was asked about is too small to be a page, or settings read no pictures.
    could_carry_text = could_be_read(kind) and (read is not None or not kind.startswith("image/"))
    inspected = one.message is not None or one.type.startswith(_READ_HERE) if read is None else read.reason is None
    reason = None if inspected else read.reason if read is not None else "unsupported"
    if one.type == _PIECE and reason in (None, "unsupported"):
        inspected, reason = False, "malformed"  # the rest of it is in other mails
    return Attachment(one.where, one.name, kind, len(one.content), one.sha256, inspected, reason, could_carry_text)


def _member(where: str, one: Member) -> Attachment:
    read = one.extraction
    could_carry_text = could_be_read(read.type)
    return Attachment(
        where, one.name, read.type, one.size, one.sha256, read.reason is None, read.reason, could_carry_text
    )  # fmt: skip


def members(where: str, read: Extraction) -> Iterator[tuple[str, Member]]:
    """Every file inside a document, at any depth, with its place: ``attachment:2/1``."""
    for number, member in enumerate(read.members, 1):
        below = f"{where}/{number}"
        yield below, member
        yield from members(below, member.extraction)


def extractions(extracted: Extracted) -> Iterator[tuple[str, Extraction]]:
    """What was read of every document and of every file inside one, with its place."""
    for where, read in extracted.items():
        yield where, read
        for below, member in members(where, read):
            yield below, member.extraction


def labels(extracted: Extracted) -> tuple[HeaderField, ...]:
    """Sensitivity labels and properties of documents, in the form in which mail carries them: ``MSIP_Labels`` and
    fields by their own names."""
    found = []
    for _, read in extractions(extracted):
        for label in read.labels:
            name, _, value = label.partition(": ")
            if _MSIP.match(name):
                name, value = "MSIP_Labels", f"{name}={value}"
            found.append(HeaderField(name, value, b""))
    return tuple(found)


def readings(message: mail.Message, extracted: Extracted) -> tuple[Reading, ...]:
    """Subject, bodies, nested messages, file names and document texts, in the order a reader meets them."""
    found: list[Reading] = []
    if message.subject:
        found.append(Reading("subject", message.subject))
    found.extend(_bodies(message))
    for one in every(message):
        if one.name:
            found.append(Reading("filename", one.name, one.name))
        if one.message is not None:
            if one.message.subject:
                found.append(Reading(one.where, one.message.subject, one.name))
            found.extend(_bodies(one.message))
        read = extracted.get(one.where)
        if read is not None:
            found.extend(_texts(one.where, one.name, read))
            for where, member in islice(members(one.where, read), MOST):
                if member.name:
                    found.append(Reading("filename", member.name, member.name))
                found.extend(_texts(where, member.name, member.extraction))
    return tuple(found)


def _texts(where: str, name: str | None, read: Extraction) -> Iterator[Reading]:
    """The pieces of a document as one text, so that a stamp in a text box and the letter below it are one document;
    what OCR has read stands by itself, since it is read with other eyes."""
    for read_by, pieces in groupby(sorted(read.texts, key=lambda one: one.read_by == "ocr"), lambda one: one.read_by):
        together = list(pieces)
        text = "\n\n".join(piece.text for piece in together)
        if read.type in _ENTRIES:
            yield Reading(where, _entry(text), name, read_by)
        else:
            yield Reading(where, text, name, read_by, _pages(together) if read.pages else ())


def _pages(pieces: list[Text]) -> tuple[tuple[int, int], ...]:
    """Where each page or slide begins in these pieces with an empty line between them."""
    at, found = 0, []
    for piece in pieces:
        numbered = _PAGE.match(piece.part)
        found.append((at, int(numbered[1]) if numbered else 0))
        at += len(piece.text) + 2
    return tuple(found)


def _entry(text: str) -> str:
    """A calendar or a card with its lines unfolded and the line ends inside its values (RFC 5545 §3.1, §3.3.11)."""
    return _FOLD.sub("", text).replace("\\n", "\n").replace("\\N", "\n").replace("\\,", ",").replace("\\;", ";")


def _bodies(message: mail.Message) -> list[Reading]:
    """A plain body, or the HTML one where there is no plain text: alternatives say the same (RFC 2046 §5.1.4)."""
    plain = [body for body in message.bodies if body.kind == "plain" and body.text.strip()]
    html = [body for body in message.bodies if body.kind == "html" and body.text.strip()]
    chosen = plain if sum(len(b.text) for b in plain) * 2 >= sum(len(b.text) for b in html) else html
    return [Reading(body.where, body.text) for body in chosen or html]
