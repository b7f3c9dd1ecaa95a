"""Office Open XML (ECMA-376): the package that docx, xlsx and pptx share.

Reads parts by their relationships, document properties (``docProps``), sensitivity labels (MSIP) and the presence of
signatures. Parts are unpacked within the limits; a package that is cut is read as far as it goes.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator
from functools import partial

from ..archives import zip_directory
from ..model import Seal
from ..pictures import inside
from ..seals import xmldsig
from ..work import Found, Stop, Work
from ..xml import Flat, Handler, walk

_MOST_ENTRIES = 20_000
_MOST_PICTURES = 20
_FLAWS = ("malformed", "unsupported", "encrypted")  # of one part: the others are read all the same
_PROPERTIES = frozenset(
    {"title", "subject", "keywords", "category", "description", "contentStatus", "Company", "Manager"}
)
_EMBEDDED = re.compile(r"/embeddings/[^/]+$", re.IGNORECASE)
_MEDIA = re.compile(r"/media/[^/]+$", re.IGNORECASE)
_SIGNATURE = re.compile(r"_xmlsignatures/[^/]+\.xml", re.IGNORECASE)


class Package:
    """The parts of one file, by name without the leading slash."""

    def __init__(self, content: bytes, found: Found) -> None:
        self.found = found
        self.work: Work = found.work
        self._content = content
        listed = zip_directory.directory(content, _MOST_ENTRIES)
        if not listed.whole:
            found.flaw("malformed")
        elif listed.overlapping:
            raise Stop("bomb")
        self._entries = {entry.name.replace("\\", "/").lstrip("/"): entry for entry in listed.entries}
        self._cased = {name.lower(): name for name in self._entries}

    def names(self) -> Iterator[str]:
        """All parts."""
        return iter(self._entries)

    def part(self, name: str) -> bytes | None:
        """The content of a part, or None where it is missing. What is broken gives what stands before the break, and
        is a flaw of the document. All of it is unpacked before any of it is read: a bomb is told before it costs."""
        entry = self._entries.get(self._cased.get(name.lower(), name))
        if entry is None:
            return None
        pieces = []
        try:
            for piece in self.work.expand(entry.packed, partial(zip_directory.pieces, self._content, entry)):
                pieces.append(piece)
        except Stop as stop:
            if stop.reason not in _FLAWS:
                raise
            self.found.flaw(stop.reason)
        return b"".join(pieces)

    def walk(self, name: str, handler: Handler, wanted: Callable[[bytes], bool] | None = None) -> bool:
        """Give a part to a handler; what is broken there is a flaw of the document. False where it is missing.
        ``wanted`` looks first whether anything in it can matter to the handler."""
        content = self.part(name)
        if content is None:
            return False
        if wanted is not None and not wanted(content):
            return True
        try:
            walk(content, handler, self.work)
        except Stop as stop:
            if stop.reason != "malformed":
                raise
            self.found.flaw(stop.reason)
        return True

    def relations(self, name: str) -> list[tuple[str, str, str]]:
        """The relationships of a part: type (its last word), target part, id. External ones are left out."""
        folder, _, base = name.rpartition("/")
        flat = Flat(frozenset({"Relationship"}))
        self.walk(posixpath.join(folder, "_rels", base + ".rels"), flat)
        found = []
        for _, attributes, _ in flat.values:
            if attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, attributes.get("Target", ""))).lstrip("/")
                found.append((attributes.get("Type", "").rpartition("/")[2], target, attributes.get("Id", "")))
        return found

    def main(self, usual: str) -> str:
        """The main part, by the relationships of the package, or the usual one."""
        for kind, target, _ in self.relations(""):
            if kind == "officeDocument" and target.lower() in self._cased:
                return target
        return usual

    def finish(self) -> None:
        """Properties, labels, signatures, embedded files and pictures: the same in all three formats."""
        self._properties()
        names = sorted(self.names(), key=_natural)
        for name in names:
            if _SIGNATURE.fullmatch(name):
                self._seal(name)
            elif _EMBEDDED.search("/" + name):
                content = self.part(name)
                if content:
                    digest = hashlib.sha256(content).hexdigest()
                    self.work.member(self.found, name.rpartition("/")[2], content, digest)
        media = [name for name in names if _MEDIA.search("/" + name)]
        for number, name in enumerate(media[:_MOST_PICTURES], 1):
            content = self.part(name)
            if content:
                inside(content, f"picture {number}", self.found)

    def _properties(self) -> None:
        for name in ("docProps/core.xml", "docProps/app.xml"):
            flat = Flat(_PROPERTIES)
            self.walk(name, flat)
            for key, _, value in flat.values:
                self.found.label(key, value)
        custom = _Custom()
        self.walk("docProps/custom.xml", custom)
        for key, value in custom.values:
            self.found.label(key, value)

    def _seal(self, name: str) -> None:
        content = self.part(name)
        if content:
            self.found.seals.extend(Seal("ooxml", "present", *who) for who in xmldsig.signers(content, self.work))


class _Custom:
    """``docProps/custom.xml``: the name is an attribute of the element around the value."""

    def __init__(self) -> None:
        self.values: list[tuple[str, str]] = []
        self._name = ""
        self._value: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "property":
            self._name = attributes.get("name", "")
            self._value = []

    def text(self, data: str) -> None:
        self._value.append(data)

    def end(self, name: str) -> None:
        if name == "property":
            self.values.append((self._name, "".join(self._value)))


def _natural(name: str) -> list[tuple[int, str]]:
    """``image10`` behind ``image9``."""
    return [(int(piece) if piece.isascii() and piece.isdigit() else -1, piece) for piece in re.split(r"(\d+)", name)]
