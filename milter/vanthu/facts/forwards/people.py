"""Who gets this mail, compared with who wrote and got the mail that it quotes.

An answer goes to the quoted author; a forward goes to somebody whom the quoted mail did not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vanthu.facts.forwards.block import Block, addresses
from vanthu.facts.forwards.marker import Mark
from vanthu.facts.forwards.words import fold
from vanthu.mail.envelope import Envelope
from vanthu.mail.message import Message

Direction = Literal["to_author", "among_quoted", "to_others", "unknown"]


@dataclass(frozen=True, slots=True)
class People:
    """Addresses of the recipients (envelope, To, Cc), their display names folded, and the sender's addresses."""

    recipients: frozenset[str]
    names: frozenset[str]
    senders: frozenset[str]


def people(message: Message, envelope: Envelope) -> People:
    """The people of this mail."""
    shown = ", ".join((*message.every("To"), *message.every("Cc")))[:20_000]
    recipients = {recipient.address.lower() for recipient in envelope.recipients if recipient.address}
    recipients.update(addresses(shown))
    names = {_name(part) for part in shown.replace(";", ",").split(",")}
    senders = {envelope.sender.lower(), *addresses(message.first("From") or "")}
    return People(frozenset(recipients), frozenset(names - {""}), frozenset(senders - {""}))


def _name(text: str) -> str:
    return fold(text.partition("<")[0]).strip("\"' ()[]")


def direction(mark: Mark, who: People) -> Direction:
    """Where this mail goes, seen from the mail that it quotes."""
    if not who.recipients:
        return "unknown"
    if mark.block is None:
        authors = set(mark.authors)
        return "unknown" if not authors else "to_author" if authors & who.recipients else "to_others"
    return _from_block(mark.block, who)


def _from_block(block: Block, who: People) -> Direction:
    authors = set(block.addresses("from")[:1])
    named = _name(block.values.get("from", ""))
    if (authors | set(block.addresses("reply_to"))) & who.recipients or (not authors and named in who.names):
        return "to_author"
    if not authors:
        quoted_names = {_name(part) for role in ("to", "cc") for part in _split(block.values.get(role, ""))}
        return "to_others" if named and who.names - quoted_names else "unknown"
    quoted = {*block.addresses("to"), *block.addresses("cc")}
    return "among_quoted" if who.recipients - who.senders <= quoted else "to_others"


def _split(text: str) -> list[str]:
    return text.replace(";", ",").split(",")
