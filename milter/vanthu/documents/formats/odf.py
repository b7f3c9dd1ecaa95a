"""odt, ods, odp and their templates, also flat XML (OpenDocument, ISO/IEC 26300): read by our own reader over expat.

Body, tables with cells kept apart, text boxes, headers and footers (master pages), notes, comments, tracked
insertions, properties; text in ``.VnTime`` and ``VNI-`` fonts by its style. A password is told apart
(``encrypted``). Embedded objects are read with the rest, large pictures go to OCR. Not read: deleted text, formulas
(their results are), macros.
"""

from __future__ import annotations

import re

from ..fonts import Kind, Paragraph, kind_of
from ..lines import Lines
from ..model import Seal
from ..pictures import inside
from ..seals import xmldsig
from ..work import Found, Stop
from ..xml import Flat, walk
from .ooxml import Package

_BASE = "application/vnd.oasis.opendocument."
FLAT = _BASE + "text-flat-xml"
TYPES = (
    *(_BASE + kind for kind in ("text", "spreadsheet", "presentation", "graphics", "text-master")),
    *(_BASE + kind + "-template" for kind in ("text", "spreadsheet", "presentation")),
    FLAT,
)
_PROPERTIES = frozenset({"title", "subject", "keyword", "description"})
_SIGNATURES = "META-INF/documentsignatures.xml"
_PICTURE = re.compile(r"(?:Pictures|media)/[^/]+$")
_MOST_PICTURES = 20
_BLANKS = {"tab": "\t", "line-break": "\n"}
_SKIPPED = frozenset(
    {"tracked-changes", "script", "binary-data", "sequence-decls", "note-citation", "page-number", "page-count"}
)
_LINES = frozenset({"p", "h"})


def read(content: bytes, found: Found) -> None:
    """Headers and footers stand in ``styles.xml``, the rest in ``content.xml``."""
    if found.type == FLAT:
        story = _Story({})
        try:
            walk(content, story, found.work)
        finally:
            story.give(found)
        return
    package = Package(content, found)
    manifest = Flat(frozenset({"encryption-data"}))
    package.walk("META-INF/manifest.xml", manifest)
    if manifest.values:
        raise Stop("encrypted")
    fonts: dict[str, Kind | None] = {}
    margins = _Story(fonts)
    package.walk("styles.xml", margins)
    found.add(margins.close(), "header")
    story = _Story(fonts)
    try:
        if not package.walk("content.xml", story):
            found.flaw("malformed")
    finally:  # what a limit leaves
        story.give(found)
    _rest(package, found)


def _rest(package: Package, found: Found) -> None:
    properties = Flat(None)
    package.walk("meta.xml", properties)
    for name, attributes, value in properties.values:
        if name in _PROPERTIES:
            found.label(name, value)
        elif name == "user-defined":
            found.label(attributes.get("name", ""), value)
    names = sorted(package.names())
    if _SIGNATURES in names:
        signers = xmldsig.signers(package.part(_SIGNATURES) or b"", found.work)
        found.seals.extend(Seal("xmldsig", "present", *who) for who in signers)
    for name in names:
        if re.fullmatch(r"Object [^/]{1,20}/content\.xml", name):
            story = _Story({})
            package.walk(name, story)
            found.add(story.close(), "object")
    for number, name in enumerate([name for name in names if _PICTURE.match(name)][:_MOST_PICTURES], 1):
        picture = package.part(name)
        if picture:
            inside(picture, f"picture {number}", found)


class _Story:
    """One part. Notes and comments leave the text and are given apart."""

    def __init__(self, fonts: dict[str, Kind | None]) -> None:
        self._fonts = fonts
        self._faces: dict[str, str] = {}
        self._style = ""
        self._lines = Lines()
        self._paragraphs: list[Paragraph] = []
        self._kinds: list[Kind | None] = [None]
        self._styled: list[bool] = []
        self._skip = 0
        self._beside: list[tuple[str, Lines, list[Paragraph]]] = []
        self._asides: list[tuple[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self._fonts.get(attributes.get("style-name", "")) if attributes else None
        self._styled.append(kind is not None)
        if kind is not None:
            self._kinds.append(kind)
        if self._skip or name in _SKIPPED:
            self._skip += 1
        elif name in _LINES:
            self._paragraphs.append(Paragraph())
        elif name in _BLANKS or name == "s":
            count = attributes.get("c", "1")
            self.text(_BLANKS.get(name) or " " * (min(int(count), 100) if count.isdigit() and len(count) < 5 else 1))
        elif name == "table":
            self._lines.open_table()
        elif name in ("annotation", "note-body"):
            self._beside.append((name, self._lines, self._paragraphs))
            self._lines, self._paragraphs = Lines(), []
        else:
            self._define(name, attributes)

    def _define(self, name: str, attributes: dict[str, str]) -> None:
        """Fonts and styles."""
        if name == "font-face":
            self._faces[attributes.get("name", "")] = attributes.get("font-family", "").strip("'\"")
        elif name in ("style", "default-style"):
            self._style = attributes.get("name", "")
            parent = attributes.get("parent-style-name", "")
            if self._style and parent in self._fonts:
                self._fonts[self._style] = self._fonts[parent]
        elif name == "text-properties":
            face = attributes.get("font-name", "")
            font = self._faces.get(face) or face or attributes.get("font-family", "").strip("'\"")
            if font and self._style:
                self._fonts[self._style] = kind_of(font)

    def text(self, data: str) -> None:
        if self._paragraphs and not self._skip:
            self._paragraphs[-1].add(data, self._kinds[-1])

    def end(self, name: str) -> None:
        if self._styled.pop():
            self._kinds.pop()
        if self._skip:
            self._skip -= 1
        elif name in _LINES and self._paragraphs:
            self._lines.line(self._paragraphs.pop().close())
        elif name in ("table-cell", "covered-table-cell"):
            self._lines.close_cell()
        elif name == "table-row":
            self._lines.close_row()
        elif name == "table":
            self._lines.close_table()
        elif name in ("annotation", "note-body") and self._beside:
            aside, lines, paragraphs = self._beside.pop()
            self._asides.append(("comments" if aside == "annotation" else "footnotes", self._lines.close()))
            self._lines, self._paragraphs = lines, paragraphs

    def close(self) -> str:
        """The text, without what stands beside it."""
        for paragraph in self._paragraphs:
            self._lines.line(paragraph.close())
        return self._lines.close()

    def give(self, found: Found) -> None:
        """The text, then notes and comments."""
        found.add(self.close())
        for part, text in self._asides:
            found.add(text, part)
