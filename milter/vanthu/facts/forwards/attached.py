"""Forwards as attachments: a whole message (``message/rfc822``, ``.eml``, ``.msg``) carried by this one.

Not in bounces and reports (multipart/report, null sender), digests of mailing lists, notices of spam filters and
moderators, which carry messages without anybody having forwarded them.
"""

from __future__ import annotations

from typing import Final

from vanthu.mail.message import Attachment, Message

_TYPES: Final = frozenset({"message/rfc822", "message/global", "application/vnd.ms-outlook", "application/x-msg"})


def carried(message: Message) -> Attachment | None:
    """The first attachment that is a message of its own, or None."""
    for attachment in message.attachments:
        if attachment.message is not None or attachment.type in _TYPES or attachment.declared in _TYPES:
            return attachment
        if (attachment.name or "").lower().endswith((".eml", ".msg")):
            return attachment
    return None
