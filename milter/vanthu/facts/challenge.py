"""The challenge tag in a subject (``[LD 7F3K2MQ: reason]``): what it is worth, and the mail without it.

Only who has logged in can answer a challenge. A good tag is taken off before anything else reads the subject: a
reason such as "không phải tài liệu MẬT" says nothing of the mail itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ..mail.envelope import Envelope
from ..mail.message import Message
from .model import Challenge

Verify = Callable[[str, str, datetime], tuple[Challenge, str]]
"""Subject, login and time to the worth of the tag and the subject without it (``policy.challenge.Verifier``)."""

NONE = Challenge()


def take(message: Message, envelope: Envelope, verify: Verify) -> tuple[Challenge, Message]:
    """What the tag is worth, and the message with its subject as it was before a good one was put there."""
    subject = message.subject
    if subject is None or "[" not in subject or envelope.login is None or envelope.origin != "submission":
        return NONE, message
    challenge, cleaned = verify(subject, envelope.login, envelope.time)
    return challenge, _renamed(message, cleaned) if challenge.status == "valid" else message


def _renamed(message: Message, subject: str) -> Message:
    """The first Subject field says ``subject``."""
    fields = list(message.fields)
    index = next(index for index, field in enumerate(fields) if field.name.lower() == "subject")
    fields[index] = replace(fields[index], value=subject, raw=subject.encode("utf-8", "replace"))
    return replace(message, fields=tuple(fields))
