"""One reader of documents on its own, without the net that ``documents.read`` spreads below it.

In the child whatever a reader raises becomes ``malformed``, and what it had read is lost from there on. Here a reader
may end in a ``Stop`` and in nothing else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import msgspec

from fuzz.target import is_text
from vanthu.documents.archives.volumes import is_later
from vanthu.documents.formats import TABLE, packed, pdf, picture
from vanthu.documents.kinds import EMPTY, kind_of
from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.work import Found, Stop, Work

LIMITS = DocumentLimits(
    max_size=4 << 20, max_text=50_000, max_members=40, max_depth=3, max_unpacked=8 << 20, max_ratio=50, max_pages=5,
    seconds=60.0, ocr="off",
)  # fmt: skip
_NATIVE = frozenset({*pdf.TYPES, *packed.TYPES, *picture.TYPES})  # libraries in C: caged, and not ours to fuzz
_CONTROLS = frozenset(map(chr, range(32))) - {"\t", "\n"}


def read(kind: str, content: bytes, name: str | None = None) -> Extraction:
    """What the reader of that type makes of ``content``; what must hold for every reader is asserted."""
    work = Work(LIMITS, len(content), _nested)
    return checked(work, _read(kind, content, name, work))


def tried(content: bytes, run: Callable[[Found], None]) -> Extraction:
    """The same for a reader that is no module of its own."""
    work = Work(LIMITS, len(content), _nested)
    found = Found("application/octet-stream", None, work)
    try:
        run(found)
    except Stop as stop:
        found.flaw(stop.reason)
    return checked(work, found.extraction())


def _read(kind: str, content: bytes, name: str | None, work: Work) -> Extraction:
    found = Found(kind, name, work)
    try:
        if work.depth > work.limits.max_depth:
            raise Stop("too_deep")
        TABLE[kind](content, found)
    except Stop as stop:
        found.flaw(stop.reason)
    return found.extraction()


def _nested(content: bytes, name: str | None, work: Work) -> Extraction:
    kind = kind_of(content, name)
    if kind in _NATIVE or kind not in TABLE:
        return Extraction(kind, None if kind == EMPTY else "malformed" if is_later(name) else "unsupported")
    return _read(kind, content, name, work)


def checked(work: Work, found: Extraction) -> Extraction:
    """``found``, after a look at what must hold for every extraction."""
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Extraction) == found
    characters, members = _weighed(found)
    assert characters <= 3 * work.limits.max_text, "a character has at most three in NFC"
    assert members <= work.limits.max_members
    return found


def _weighed(found: Extraction) -> tuple[int, int]:
    characters, members = 0, len(found.members)
    for text in found.texts:
        is_text(text.text, text.part)
        assert text.text.strip(), "an empty text is none"
        assert unicodedata.is_normalized("NFC", text.text)
        assert not _CONTROLS.intersection(text.text)
        characters += len(text.text)
    assert len(found.labels) <= 200
    is_text(*found.labels)
    assert not any("\n" in label for label in found.labels)
    for seal in found.seals:
        is_text(seal.signer, seal.time)
    for member in found.members:
        more, below = _weighed(member.extraction)
        characters, members = characters + more, members + below
    return characters, members
