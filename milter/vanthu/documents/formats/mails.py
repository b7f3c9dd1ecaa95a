"""eml, mht and mbox: read by the project's own mail parser.

Subject and bodies are texts, attachments are members, nested messages too. Not read: parts that are elsewhere
(``message/partial``, ``message/external-body``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from ...mail import openpgp
from ...mail.limits import MailLimits
from ...mail.message import Message
from ...mail.parse import parse
from ..model import Member, Reason, Seal
from ..work import Found

TYPES = ("message/rfc822", "application/mbox")
_FROM_LINE = re.compile(rb"(?:^|\n\r?\n)From [^\n]{1,1000}\n")
_SHOWN = ("From", "To", "Cc", "Date")
_LIMITS = {
    "too_deep": "too_deep", "too_many_parts": "too_many", "too_many_attachments": "too_many",
    "text_truncated": "too_large", "header_too_large": "too_large",
}  # fmt: skip


def read(content: bytes, found: Found) -> None:
    """One message; or each of an mbox as a member, when there are several."""
    if found.type == "application/mbox":
        messages = list(_messages(content, found.work.limits.max_members + 1))
        if len(messages) > 1:
            for number, one in enumerate(messages, 1):
                found.work.look_at_clock()
                found.work.member(found, f"#{number}.eml", one, hashlib.sha256(one).hexdigest())
            return
        content = messages[0] if messages else content
    limits = found.work.limits
    mail = MailLimits(max_text=limits.max_text, max_total_text=limits.max_text, max_attachments=limits.max_members)
    show(parse(content, mail), found)


def show(message: Message, found: Found, depth: int = 0) -> None:
    """The texts and members of a parsed message."""
    heading = [f"{name}: {value}" for name in _SHOWN if (value := message.first(name))]
    found.add(message.subject or "", "subject")
    found.add("\n".join(heading), "header fields")
    plain = [body for body in message.bodies if body.kind == "plain"]
    for body in plain if any(body.text.strip() for body in plain) else message.bodies:
        found.add(body.text)
    for one in message.attachments:
        if one.type == "application/pkcs7-signature":
            found.seals.extend(found.work.signatures.cms(one.content, None if one.over is None else bytes(one.over)))
        elif one.type == "application/pgp-signature":
            said = openpgp.of_octets(one.content) or openpgp.NOTHING
            found.seals.append(Seal("pgp", "present", said.signer, said.time))
        elif one.message is not None and depth < found.work.limits.max_depth:
            found.work.count_member()
            below = Found("message/rfc822", one.name, found.work)
            show(one.message, below, depth + 1)
            found.members.append(Member(one.name, len(one.content), one.sha256, below.extraction()))
        else:
            found.work.member(found, one.name, one.content, one.sha256)
    for defect in message.defects:
        reason: Reason | None = _LIMITS.get(defect)  # type: ignore[assignment]
        if reason is not None:
            found.flaw(reason)


def _messages(content: bytes, most: int) -> Iterator[bytes]:
    """The messages of an mbox (RFC 4155), without their ``From`` lines."""
    start = 0
    for number, found in enumerate(_FROM_LINE.finditer(content)):
        if number:
            yield content[start : found.start() + 1]
            if number >= most:
                return
        start = found.end()
    yield content[start:]
