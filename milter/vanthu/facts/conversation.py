"""Whether sender and recipient have written to each other before (contract: ``recipient.conversation``).

- ``started_by``: who wrote first, as far as is known: ``outside`` where it was the recipient, to the sender's mailbox
  or to its agency (what came to the one-door office may be answered from a clerk's mailbox); else ``inside``; null
  where nothing is known of the two.
- ``reply``: In-Reply-To or References (RFC 5322 §3.6.4) names a mail that this very recipient is known to have sent
  to the sender's mailbox or to its agency. An identifier that he did not send, or sent elsewhere, is no proof.
- ``days``: whole days since they last wrote.

| what is known | fact |
|---|---|
| the citizen wrote to ``motcua@``, and ``In-Reply-To`` names that mail | ``started_by: outside``, ``reply: true`` |
| the same, answered from a clerk's mailbox of that agency | the same |
| we wrote first, he answered, we write again | ``started_by: inside``, ``reply: true`` |
| ``In-Reply-To`` names a mail that somebody else sent | ``reply: false`` |
| nothing | all null, and the fact is unavailable |

Not seen: whether a sender is who he says. From is what the outside wrote itself, so whoever can send mail as
``a@gmail.com`` can start a conversation as ``a@gmail.com``, from his own Gmail too; that is why a rule that lets
answers pass also asks for ``relation: none`` and for a mailbox of an agency. A mail to an address that its owner only
gave as ``Reply-To`` is no known answer, nor is one to a mail that came without Message-ID.

Pure: whoever asks brings the table of what is known (``projections.correspondents``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from ..mail.message import Message
from .model import Conversation

NOBODY_ASKED: Final = Conversation()
_MOST_IDS: Final = 20  # identifiers of one mail that are looked up: the last ones, which are the nearest
_MAX_FIELD: Final = 20_000
_ID = re.compile(r"<([^<>\s]{1,998})>")


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is known of two who wrote to each other."""

    started_by: Literal["inside", "outside"]
    last: datetime


class Correspondents(Protocol):
    """What is known of earlier mail. ``ours`` is an official mailbox, or the slug of an agency for all of its own."""

    def between(self, ours: str, outside: str) -> Acquaintance | None:
        """What is known of these two; None where they never wrote."""

    def wrote(self, message_id: str, outside: str, ours: str) -> bool:
        """Whether ``outside`` sent a mail of that identifier to ``ours``."""


def conversation(
    known: Correspondents, outside: str, ours: Sequence[str], answered: Sequence[str], time: datetime
) -> Conversation:
    """What is known of a recipient; ``ours`` names the sender's mailbox, then its agency."""
    met = [found for one in ours if (found := known.between(one, outside)) is not None]
    if not met:
        return NOBODY_ASKED
    reply = any(known.wrote(one, outside, mine) for one in answered for mine in ours)
    by_him = any(found.started_by == "outside" for found in met)
    last = max(found.last for found in met)
    return Conversation("outside" if by_him else "inside", reply, max(0, (time - last).days))


def answered(message: Message) -> tuple[str, ...]:
    """The identifiers of the mails that this one answers, the nearest first."""
    wanted = [message.first("In-Reply-To"), *message.every("References")[:4]]
    found: dict[str, None] = {}
    for value in wanted:
        if value:
            found.update(dict.fromkeys(reversed(_ids(value))))
    return tuple(found)[:_MOST_IDS]


def message_id(value: str | None) -> str | None:
    """The identifier in a Message-ID field, without angle brackets; None where there is none."""
    found = _ids(value) if value else ()
    return found[0] if found else None


def mailbox(sender: str, login: str | None, from_: str | None) -> str | None:
    """Which of our mailboxes wrote: by envelope sender, else by login, else by From."""
    return next((one for one in (sender, login, from_) if one and "@" in one), None)


def _ids(value: str) -> tuple[str, ...]:
    text = value[-_MAX_FIELD:]
    found = tuple(_ID.findall(text))
    bare = text.strip()
    # Some clients write the identifier without its brackets.
    return found or ((bare,) if "@" in bare and len(bare) < 998 and not re.search(r"\s", bare) else ())
