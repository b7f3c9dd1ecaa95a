"""A record as it may leave the house: who wrote to whom is told by keyed hashes, and nothing quotes the mail. Pure.

Equal addresses have equal hashes under one key, so that counts by sender are still possible; the domain stays, the
mailbox does not. IP addresses of clients are left out, Message-IDs and what people typed (reasons, names of who freed
a mail) are hashed too. Hashes of guessable texts can be tested by whoever has the key; it does not leave the host.
"""

from __future__ import annotations

import hmac
from typing import Any

from msgspec import structs

from ..facts.model import Client, Facts
from ..mail.address import key as folded
from ..mail.address import split
from .record import Record
from .redaction import hide

_SHOWN = 16  # hexadecimal digits of an address: 64 bits
_PERSONS = frozenset({"by", "login", "why", "reason", "asked_by"})
_OF_PERSONS = frozenset({"hold", "relax", "lookup", "review"})


def pseudonymous(record: Record, key: bytes) -> Record:
    """The record without persons. ``prev`` goes too: it is of the line as it was."""
    hidden = hide(record, key)
    return structs.replace(
        hidden,
        message_id=_hash(key, hidden.message_id) if hidden.message_id else hidden.message_id,
        facts=_facts(hidden.facts, key) if hidden.facts is not None else None,
        details=_details(hidden, key),
        prev=None,
    )


def address(key: bytes, text: str) -> str:
    """``3f2a…@gmail.com``; the null sender stays what it is."""
    if not text:
        return text
    local, domain = split(folded(text))
    return f"{_hash(key, f'{local}@{domain}')}@{domain}" if domain else _hash(key, text)


def _facts(facts: Facts, key: bytes) -> Facts:
    forward, original, sender = facts.forward, facts.forward.original, facts.sender
    return structs.replace(
        facts,
        path=None,
        client=Client(),
        login=_maybe(key, facts.login),
        sender=structs.replace(sender, address=address(key, sender.address), from_=_maybe(key, sender.from_)),
        recipients=tuple(structs.replace(one, address=address(key, one.address)) for one in facts.recipients),
        forward=structs.replace(
            forward,
            by=_maybe(key, forward.by),
            original=structs.replace(original, from_=_maybe(key, original.from_), date=None),
        ),
    )


def _details(record: Record, key: bytes) -> dict[str, Any]:
    if record.kind not in _OF_PERSONS:
        return record.details
    return {
        name: _hash(key, value) if name in _PERSONS and isinstance(value, str) and value else value
        for name, value in record.details.items()
    }


def _maybe(key: bytes, text: str | None) -> str | None:
    return address(key, text) if text is not None else None


def _hash(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:_SHOWN]
