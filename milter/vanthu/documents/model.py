"""What is asked about a document, and what was read of it: values that travel between processes (msgpack)."""

from __future__ import annotations

from typing import Literal

from msgspec import MsgspecError, Struct

Reason = Literal[
    "encrypted", "too_large", "too_many", "too_deep", "bomb", "timeout", "crashed", "malformed", "unsupported",
    "unavailable",
]  # fmt: skip
Ocr = Literal["off", "first_page", "all"]

# What decoding such a value raises when another process has written something else.
UNREADABLE = (MsgspecError, UnicodeDecodeError, RecursionError)


class DocumentLimits(Struct, frozen=True):
    """What a document may cost; a limit reached is a fact with its reason. Sizes are bytes, times seconds."""

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


class Text(Struct, frozen=True):
    """A piece of text (NFC, ``\\n`` line ends). ``part`` says where it stood: page 1, header, text box, notes …"""

    text: str
    part: str = ""
    read_by: Literal["text", "ocr"] = "text"


class Seal(Struct, frozen=True):
    """A digital signature found in the document."""

    kind: Literal["smime", "pgp", "pdf", "ooxml", "xmldsig"]
    status: Literal["present", "valid", "invalid", "unverifiable"] = "present"
    signer: str | None = None
    time: str | None = None


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
