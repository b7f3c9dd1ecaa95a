"""The Facts value (version 1): one frozen tree that goes to JSON and back without loss.

It holds no body text, so it can be kept in the journal. Users and other programs rely on these names and shapes:
add keys freely, never rename or drop one without saying so in CHANGELOG.md. Meanings: docs/facts.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from ..documents.model import Reason, SealReason, SealStatus

Origin = Literal["submission", "pickup", "trusted", "outside"]
Direction = Literal["outbound", "internal", "inbound", "foreign"]
AddressClass = Literal["public", "disposable", "isp", "relay", "hosted", "government", "official", "list", "other"]
Role = Literal["personal", "agency", "public_service", "system"]
Relation = Literal["self_declared", "colleague_declared", "name_match", "none"]
SecrecyLevel = Literal["mat", "toi_mat", "tuyet_mat"]
Stage = Literal["draft", "issued", "copy", "annex", "legal", "unknown"]


class Hop(Struct, frozen=True):
    name: Literal["submission", "egress", "inbound"] = "submission"
    parent: str | None = None


class Client(Struct, frozen=True):
    address: str | None = None
    name: str | None = None


class Sender(Struct, frozen=True):
    address: str
    from_: str | None = msgspec.field(name="from", default=None)
    matches_login: bool | None = None
    class_: AddressClass = msgspec.field(name="class", default="other")
    family: str | None = None
    registered: bool = False
    status: Literal["active", "expired", "unknown"] = "unknown"
    agency: str | None = None
    role: Role | None = None


class Conversation(Struct, frozen=True):
    """Whether this recipient and the sender have written to each other before (null: nobody knows)."""

    started_by: Literal["inside", "outside"] | None = None
    reply: bool = False
    days: int | None = None


class Recipient(Struct, frozen=True):
    address: str
    domain: str
    class_: AddressClass = msgspec.field(name="class")
    family: str | None = None
    because: str = ""
    agency: str | None = None
    role: Role | None = None
    relation: Relation = "none"
    conversation: Conversation = Conversation()


class Original(Struct, frozen=True):
    """What the forwarded message says of itself."""

    from_: str | None = msgspec.field(name="from", default=None)
    class_: AddressClass | None = msgspec.field(name="class", default=None)
    subject: str | None = None
    date: str | None = None


class Forward(Struct, frozen=True):
    """``by`` is the mailbox that forwards automatically, ``agency`` the slug of its agency."""

    kind: Literal["none", "inline", "attached", "resent", "automatic"] = "none"
    score: float = 0.0
    evidence: tuple[str, ...] = ()
    by: str | None = None
    agency: str | None = None
    original: Original = Original()


class Quoted(Struct, frozen=True):
    """Class of the most official address whose mail is quoted in this one."""

    class_: AddressClass | None = msgspec.field(name="class", default=None)


class Document(Struct, frozen=True):
    """One official document (Decree 30/2020/NĐ-CP) found in a mail; ``page`` is where its number line stands."""

    where: str
    name: str | None = None
    page: int | None = None
    number: str | None = None
    year: int | None = None
    symbol: str | None = None
    kind: str | None = None
    issuer: str | None = None
    issuer_agency: str | None = None
    place: str | None = None
    date: str | None = None
    abstract: str | None = None
    urgency: Literal["hoa_toc", "thuong_khan", "khan"] | None = None
    circulation: Literal["internal_only", "return", "recall"] | None = None
    addressees: tuple[str, ...] = ()
    own_issue: bool = False
    stage: Stage = "unknown"
    signed: bool = False
    read_by: Literal["text", "ocr"] = "text"
    score: float = 0.0
    evidence: tuple[str, ...] = ()


class Official(Struct, frozen=True):
    score: float = 0.0
    documents: tuple[Document, ...] = ()


class Secrecy(Struct, frozen=True):
    level: SecrecyLevel | None = None
    score: float = 0.0
    where: str | None = None
    declassified: bool = False
    evidence: tuple[str, ...] = ()


class Signature(Struct, frozen=True):
    """``signer``, ``organization`` and ``time`` are what the signature says of itself; ``reason`` is why it is
    ``invalid`` or ``unverifiable``."""

    kind: Literal["smime", "pgp", "pdf", "ooxml", "xmldsig"]
    where: str
    status: SealStatus = "present"
    reason: SealReason | None = None
    signer: str | None = None
    organization: str | None = None
    time: str | None = None


class Attachment(Struct, frozen=True):
    where: str
    name: str | None
    type: str
    size: int
    sha256: str
    inspected: bool
    reason: Reason | None = None
    could_carry_text: bool = True


class Link(Struct, frozen=True):
    class_: str = msgspec.field(name="class")
    family: str | None = None


class Detected(Struct, frozen=True):
    count: int = 0
    distinct: int = 0
    where: tuple[str, ...] = ()


class Challenge(Struct, frozen=True):
    status: Literal["none", "valid", "expired", "invalid"] = "none"
    rules: tuple[str, ...] = ()
    reason: str | None = None
    false_alarm: bool = False


class Missing(Struct, frozen=True):
    """A fact that could not be had: ``fact`` is a JSON pointer (RFC 6901) and covers what lies below it."""

    fact: str
    reason: str


class Facts(Struct, frozen=True, kw_only=True):
    version: int = 1
    path: str | None = None
    time: datetime
    size: int
    defects: tuple[str, ...] = ()
    origin: Origin | None = None
    direction: Direction
    hop: Hop = Hop()
    client: Client = Client()
    login: str | None = None
    subject: str | None = None
    sender: Sender
    recipients: tuple[Recipient, ...]
    forward: Forward = Forward()
    quoted: Quoted = Quoted()
    official: Official = Official()
    secrecy: Secrecy = Secrecy()
    signatures: tuple[Signature, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    links: tuple[Link, ...] = ()
    detected: dict[str, Detected] = {}
    challenge: Challenge = Challenge()
    unavailable: tuple[Missing, ...] = ()


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Facts)


def to_json(facts: Facts) -> bytes:
    """One line of JSON (UTF-8), keys in the order above."""
    return _encoder.encode(facts)


def from_json(line: bytes | str) -> Facts:
    """The Facts of a line that ``to_json`` wrote; msgspec.ValidationError for anything else."""
    return _decoder.decode(line)
