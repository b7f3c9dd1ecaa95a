"""Automatic forwards: what a server that passed the mail on by rule, alias or filter left in header and envelope.

These traces can be written by anybody, so they count only where a host of ours wrote them: the header must lie above
or among the ``Received`` fields of our own hosts, and the mail must not have come from outside or from a mail client.
Otherwise they are evidence below the threshold. What mailing lists leave, too (ORCPT, SRS,
Delivered-To), says nothing in list mail.

Sources: Pigeonhole (X-Sieve-Redirected-From), Zimbra (X-Zimbra-Forwarded), Microsoft's transport headers
(X-MS-Exchange-Inbox-Rules-Loop, …-ForwardingLoop), Gmail (X-Forwarded-For, +caf_), SRS, ORCPT (RFC 3461 §4.2).

| trace | where the mail comes from | score |
|---|---|---|
| ``X-Sieve-Redirected-From: an@x.gov.vn`` above our own ``Received`` | our own host | 0.98 |
| envelope sender ``SRS0=abcd=XY=z.org=b@mail.x.gov.vn``, our host's name behind the ``@`` | our own host | 0.9 |
| RCPT TO a private mailbox, ``ORCPT=rfc822;an@x.gov.vn`` | our own host | 0.9, by ``an@x.gov.vn`` |
| ``X-Sieve-Redirected-From`` below the ``Received`` of a host that is not ours | anywhere | 0.2 |
| any of them | outside, or a mail client | at most 0.3 |
| ORCPT, SRS or Delivered-To beside ``List-Id`` | anywhere | 0 |

Not seen: a server that leaves no trace (a ``.forward`` without the instance for what leaves, docs/egress.md; a client
that fetches mail and sends it anew); an alias that was expanded before the mail came to us, without ORCPT; who set
the rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from typing import Final, NamedTuple

from vanthu.facts.forwards.block import addresses
from vanthu.mail.envelope import Envelope
from vanthu.mail.message import Message

TRACES: Final = {
    "x-sieve-redirected-from": 0.98,
    "x-zimbra-forwarded": 0.98,
    "x-ms-exchange-inbox-rules-loop": 0.98,
    "x-ms-exchange-forwardingloop": 0.97,
    "x-ms-exchange-generated-message-source": 0.9,
    "x-forwarded-for": 0.95,
    "x-forwarded-to": 0.95,
    "x-autoforward": 0.9,
    "x-yandex-forward": 0.9,
    "x-forwarded-by": 0.85,
}
"""Header fields (lower case) that forwarding servers add, and how sure each is."""
_BY: Final = re.compile(r"\bby\s+([A-Za-z0-9._-]{1,255})")
_SRS0: Final = re.compile(r"^srs0[=+-][^=]{1,16}=[^=]{1,8}=([^=]{1,255})=(.{1,64})@(.{1,255})$", re.IGNORECASE)
_SRS1: Final = re.compile(r"^srs1[=+-].{1,400}@(.{1,255})$", re.IGNORECASE)
_SRS_EXCHANGE: Final = re.compile(r"^[^@+]{1,64}\+srs[=].{1,255}@(.{1,255})$", re.IGNORECASE)
_CAF: Final = re.compile(r"^([^@+]{1,64})\+caf_=([^@=]{1,64})=([^@]{1,255})@(.{1,255})$", re.IGNORECASE)


class Automatic(NamedTuple):
    """How sure, why, and the forwarding mailbox where it is named."""

    score: float
    evidence: tuple[str, ...]
    by: str | None


NOTHING: Final = Automatic(0.0, (), None)


def automatic(message: Message, envelope: Envelope, names: Set[str], own_hosts: Callable[[str], bool]) -> Automatic:
    """What header and envelope say about an automatic forward; ``names`` are the header names in lower case."""
    is_list = "list-id" in names or "list-post" in names
    inside = envelope.origin in (None, "trusted", "pickup") or envelope.hop == "egress"
    found: list[tuple[float, str, str | None]] = []
    if not names.isdisjoint(TRACES) or "delivered-to" in names:
        ours = _own_fields(message, own_hosts) if inside else len(message.fields) * [False]
        recipients = {recipient.address.lower() for recipient in envelope.recipients}
        found += _from_fields(message, ours, recipients, is_list)
    if not is_list:
        found += _from_envelope(envelope, inside, own_hosts)
    if not found:
        return NOTHING
    found.sort(key=lambda item: -item[0])
    by = next((item[2] for item in found if item[0] >= 0.5 and item[2]), None)
    return Automatic(found[0][0], tuple(dict.fromkeys(item[1] for item in found[:4])), by)


def _own_fields(message: Message, own_hosts: Callable[[str], bool]) -> list[bool]:
    """For each field, whether a host of ours wrote it: it stands above the last Received of the unbroken own run."""
    last_own = -1
    for index, field in enumerate(message.fields):
        if field.name.lower() != "received":
            continue
        match = _BY.search(field.value[:1000])
        if match is None or not own_hosts(match[1]):
            break
        last_own = index
    return [index <= last_own for index in range(len(message.fields))]


def _from_fields(
    message: Message, ours: list[bool], recipients: set[str], is_list: bool
) -> list[tuple[float, str, str | None]]:
    found: list[tuple[float, str, str | None]] = []
    for field, own in zip(message.fields, ours, strict=True):
        name = field.name.lower()
        sure = TRACES.get(name)
        if sure is not None:
            named = addresses(field.value)
            if not named and name in ("x-forwarded-for", "x-forwarded-to", "x-forwarded-by"):
                continue
            by = None if name == "x-forwarded-to" else next(iter(named), None)
        elif name == "delivered-to" and not is_list:
            by = next(iter(addresses(field.value)), None)
            if by is None or not recipients or by in recipients:
                continue
            sure = 0.85
        else:
            continue
        note = f"{field.name}: {field.value[:60]}"
        found.append((sure, note, by) if own else (min(sure, 0.4) / 2, f"{note} (not from a host of ours)"[:110], by))
    return found


def _from_envelope(
    envelope: Envelope, inside: bool, own_hosts: Callable[[str], bool]
) -> list[tuple[float, str, str | None]]:
    found: list[tuple[float, str, str | None]] = []
    sender = envelope.sender
    if "=" in sender:
        for pattern in (_SRS0, _SRS1, _SRS_EXCHANGE):
            match = pattern.match(sender)
            if match is not None:
                sure = 0.9 if inside and own_hosts(match[match.re.groups]) else 0.3
                found.append((sure, f"rewritten sender (SRS) {sender[:60]}", None))
        match = _CAF.match(sender)
        if match is not None:
            by = f"{match[1]}@{match[4]}".lower()
            sure = 0.95 if inside and own_hosts(match[4]) else 0.3
            found.append((sure, f"Gmail forwarding sender {sender[:60]}", by))
    for recipient in envelope.recipients:
        if recipient.orcpt is None:
            continue
        meant = recipient.orcpt.partition(";")[2] or recipient.orcpt
        meant = meant.strip().lower()
        if "@" in meant and meant != recipient.address.lower():
            found.append((0.9 if inside else 0.2, f"ORCPT {meant[:60]} became another recipient", meant))
    return found
