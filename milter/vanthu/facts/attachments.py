"""What hangs on a mail, and every text in it that recognisers read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..mail import message as mail
from .model import Attachment
from .reading import Reading

_NO_TEXT = ("image/", "audio/", "video/", "font/", "application/pkcs7-signature", "application/pgp-signature")
_READ_HERE = ("text/", "message/rfc822", "message/delivery-status", "message/disposition-notification")


def every(message: mail.Message) -> Iterator[mail.Attachment]:
    """All attachments, those of nested messages behind the message that holds them."""
    for one in message.attachments:
        yield one
        if one.message is not None:
            yield from every(one.message)


def describe(message: mail.Message, extracted: Mapping[str, Sequence[Reading]]) -> tuple[Attachment, ...]:
    """The attachments as facts. What no reader exists for is ``unsupported``."""
    return tuple(_describe(one, one.where in extracted) for one in every(message))


def _describe(one: mail.Attachment, was_read: bool) -> Attachment:
    could_carry_text = not one.type.startswith(_NO_TEXT)
    inspected = was_read or one.message is not None or one.type.startswith(_READ_HERE)
    return Attachment(
        where=one.where,
        name=one.name,
        type=one.type,
        size=len(one.content),
        sha256=one.sha256,
        inspected=inspected,
        reason=None if inspected else "unsupported",
        could_carry_text=could_carry_text,
    )


def readings(message: mail.Message, extracted: Mapping[str, Sequence[Reading]]) -> tuple[Reading, ...]:
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
        found.extend(extracted.get(one.where, ()))
    return tuple(found)


def _bodies(message: mail.Message) -> list[Reading]:
    """A plain body, or the HTML one where there is no plain text: alternatives say the same (RFC 2046 §5.1.4)."""
    plain = [body for body in message.bodies if body.kind == "plain" and body.text.strip()]
    html = [body for body in message.bodies if body.kind == "html" and body.text.strip()]
    chosen = plain if sum(len(b.text) for b in plain) * 2 >= sum(len(b.text) for b in html) else html
    return [Reading(body.where, body.text) for body in chosen or html]
