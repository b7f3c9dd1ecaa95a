"""What is asked about a document, and what was read of it: values that travel between processes (msgpack)."""

from __future__ import annotations

from typing import Literal

from msgspec import MsgspecError, Struct

Reason = Literal[
    "encrypted", "too_large", "too_many", "too_deep", "bomb", "timeout", "crashed", "malformed", "unsupported",
    "unavailable",
]  # fmt: skip
Ocr = Literal["off", "first_page", "all"]
SealStatus = Literal["present", "valid", "invalid", "unverifiable"]
SealReason = Literal[
    "altered", "altered_after", "not_covered", "expired", "revoked", "bad_chain", "wrong_use", "malformed",
    "unknown_authority", "weak_algorithm", "unsupported", "no_certificate", "wrong_time", "too_large", "too_many",
    "timeout", "unavailable", "crashed",
]  # fmt: skip


class Trust(Struct, frozen=True):
    """Whose signatures are checked: certificates of authorities and lists of what they have revoked, in DER (X.509,
    RFC 5280). Without an authority, signatures are only noted."""

    authorities: tuple[bytes, ...] = ()
    revocations: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.authorities)


# What decoding such a value raises when another process has written something else.
UNREADABLE = (MsgspecError, UnicodeDecodeError, RecursionError)


class DocumentLimits(Struct, frozen=True):
    """What a document may cost; a limit reached is a fact with its reason. Sizes are bytes, times seconds. ``trust``
    is no limit, but goes the same way: what is found of a document depends on it."""

    max_size: int = 100 << 20
    max_text: int = 2_000_000
    max_members: int = 1000
    max_depth: int = 5
    max_unpacked: int = 500 << 20
    max_ratio: int = 200
    max_pages: int = 200
    seconds: float = 10.0
    ocr: Ocr = "first_page"
    ocr_seconds: float = 12.0
    memory: int = 1 << 30
    signature_seconds: float = 3.0
    max_signatures: int = 50
    trust: Trust = Trust()


class Text(Struct, frozen=True):
    """A piece of text (NFC, ``\\n`` line ends). ``part`` says where it stood: page 1, header, text box, notes …"""

    text: str
    part: str = ""
    read_by: Literal["text", "ocr"] = "text"


class Seal(Struct, frozen=True):
    """A digital signature found in the document. ``signer`` and ``organization`` are those of the certificate (CN,
    O), ``time`` is what the signature or, where a trusted one is there, its time stamp says (RFC 3339). ``present``:
    not checked. ``reason`` says why a checked one is ``invalid`` (the signature does not hold) or ``unverifiable``
    (nobody can tell)."""

    kind: Literal["smime", "pgp", "pdf", "ooxml", "xmldsig"]
    status: SealStatus = "present"
    signer: str | None = None
    time: str | None = None
    organization: str | None = None
    reason: SealReason | None = None


class Member(Struct, frozen=True):
    """A file inside an archive, a message or a document."""

    name: str | None
    size: int
    sha256: str
    extraction: Extraction


class Extraction(Struct, frozen=True):
    """What was read. ``reason`` None means that all of it was; texts may be there beside a reason (a cut document).

    ``type`` is the media type by content. ``labels`` are sensitivity labels (MSIP) and document properties that
    recognisers may use, as ``Name: value`` lines. ``pictures`` counts what OCR could read, here and in members, and
    has not because it is off.
    """

    type: str
    reason: Reason | None = None
    texts: tuple[Text, ...] = ()
    members: tuple[Member, ...] = ()
    seals: tuple[Seal, ...] = ()
    labels: tuple[str, ...] = ()
    pages: int | None = None
    pictures: int = 0
