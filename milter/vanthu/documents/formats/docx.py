"""docx, docm, dotx, dotm (WordprocessingML): read by our own reader over Python's expat.

Body with tables (cells kept apart), text boxes and shapes where they are anchored, headers, footers, footnotes,
endnotes, comments, document properties, MSIP labels; text in ``.VnTime`` and ``VNI-`` fonts is decoded run by run,
also where the font comes from a style. Embedded files are members, large pictures go to OCR. Not read: deleted text
of tracked changes, field codes, text inside charts.
"""

from __future__ import annotations

from ...mail.sniff import DOCX
from ..fonts import Kind, Paragraph, kind_of, may_name
from ..lines import Lines
from ..work import Found
from .ooxml import Package

TYPES = (
    DOCX,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
    "application/vnd.ms-word.document.macroenabled.12",
)
_NOTES = (("footnotes", "footnotes"), ("endnotes", "endnotes"), ("comments", "comments"))
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_HIDDEN = frozenset({"del", "moveFrom", "instrText", "delText", "delInstrText", "pPrChange", "rPrChange"})


def read(content: bytes, found: Found) -> None:
    """Header first, as on paper: there stand marks and letterheads."""
    package = Package(content, found)
    main = package.main("word/document.xml")
    styles = _Styles()
    relations = package.relations(main)
    for kind, target, _ in relations:
        if kind == "styles":
            package.walk(target, styles, may_name)
    fonts = styles.resolved()
    _stories(package, relations, "header", fonts)
    body = Story(fonts)
    try:
        if not package.walk(main, body):
            found.flaw("malformed")
    finally:  # what a limit leaves
        found.add(body.close())
    _stories(package, relations, "footer", fonts)
    for kind, part in _NOTES:
        for relation, target, _ in relations:
            if relation == kind:
                notes = Story(fonts)
                package.walk(target, notes)
                found.add(notes.close(), part)
    package.finish()


def _stories(
    package: Package, relations: list[tuple[str, str, str]], kind: str, fonts: dict[str, Kind | None]
) -> None:
    """All headers or footers; Word repeats the same one for first, odd and even pages."""
    seen: set[str] = set()
    for relation, target, _ in relations:
        if relation == kind:
            story = Story(fonts)
            package.walk(target, story)
            text = story.close()
            if text.strip() not in seen:
                seen.add(text.strip())
                package.found.add(text, kind)


class _Styles:
    """Which style is in which font; styles inherit from one another and from the defaults. A part that names no font
    of before Unicode need not be read: text without style is in Unicode, too."""

    def __init__(self) -> None:
        self._fonts: dict[str, str | None] = {}
        self._based: dict[str, str] = {}
        self._of_characters: set[str] = set()
        self._now = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style":
            self._now = attributes.get("styleId", "")
            kind = attributes.get("type")
            if kind == "character":
                self._of_characters.add(self._now)
            elif attributes.get("default") == "1" and kind == "paragraph":
                self._based.setdefault("*", self._now)
        elif name == "docDefaults":
            self._now = ""
        elif name == "basedOn":
            self._based[self._now] = attributes.get("val", "")
        elif name == "rFonts":
            self._fonts.setdefault(self._now, attributes.get("ascii") or attributes.get("hAnsi"))

    def text(self, data: str) -> None:
        pass

    def end(self, name: str) -> None:
        pass

    def resolved(self) -> dict[str, Kind | None]:
        """The encoding of each style; ``*`` is that of text without style. A style of characters that names no font
        leaves its text in that of the paragraph, and is not there."""
        found: dict[str, Kind | None] = {}
        for style in {*self._fonts, *self._based, "*"}:
            font = self._font(style)
            if font or style not in self._of_characters:
                found[style] = kind_of(font or self._fonts.get(""))
        return found

    def _font(self, style: str) -> str | None:
        for _ in range(12):
            if self._fonts.get(style):
                return self._fonts[style]
            if style not in self._based:
                break
            style = self._based[style]
        return None


class Story:
    """One part with text. Text boxes inside a paragraph become lines of their own behind it."""

    def __init__(self, fonts: dict[str, Kind | None]) -> None:
        self._fonts = fonts
        self._lines = Lines()
        self._open: list[_Open] = []
        self._now = _Open(fonts.get("*"))
        self._skip = 0
        self._in_text = False
        self._choices: list[bool] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skip or name in _HIDDEN or (name == "Fallback" and self._choices and self._choices[-1]):
            self._skip += 1
        elif name == "t":
            self._in_text = True
        elif name in _BREAKS:
            if self._now.in_run:
                self._now.paragraph.add(_BREAKS[name], self._now.kind)
        else:
            self._structure(name, attributes)

    def _structure(self, name: str, attributes: dict[str, str]) -> None:
        now = self._now
        if name == "r":
            now.in_run, now.named, now.kind = True, False, now.base
        elif name == "rFonts" and now.in_run:
            font = attributes.get("ascii") or attributes.get("hAnsi")
            if font:
                now.named, now.kind = True, kind_of(font)
        elif name == "rStyle" and not now.named:  # what a run says itself goes before its style
            now.kind = self._fonts.get(attributes.get("val", ""), now.kind)
        elif name == "pStyle":
            now.base = now.kind = self._fonts.get(attributes.get("val", ""), self._fonts.get("*"))
        elif name == "sym" and now.in_run:
            code = attributes.get("char", "")
            if kind_of(attributes.get("font")) and len(code) == 4:
                now.paragraph.add(chr(int(code, 16)), kind_of(attributes.get("font")))
        elif name in ("txbxContent", "txBody"):
            self._open.append(self._now)
            self._now = _Open(self._fonts.get("*"), Lines())
        elif name == "AlternateContent":
            self._choices.append(False)
        elif name == "Choice" and self._choices:
            self._choices[-1] = True
        elif name == "tbl":
            self._target().open_table()

    def _target(self) -> Lines:
        return self._now.lines or self._lines

    def text(self, data: str) -> None:
        if self._in_text and not self._skip:
            self._now.paragraph.add(data, self._now.kind)

    def end(self, name: str) -> None:
        if self._skip:
            self._skip -= 1
            return
        if name == "t":
            self._in_text = False
        elif name == "r":
            self._now.in_run = False
        elif name == "p":
            self._end_paragraph()
        elif name == "tc":
            self._target().close_cell()
        elif name == "tr":
            self._target().close_row()
        elif name == "tbl":
            self._target().close_table()
        elif name in ("txbxContent", "txBody") and self._open:
            self._end_box()
        elif name == "AlternateContent" and self._choices:
            self._choices.pop()

    def _end_paragraph(self) -> None:
        now = self._now
        self._target().line(now.paragraph.close())
        for box in now.boxes:
            self._target().line(box)
        now.boxes.clear()
        now.base = now.kind = self._fonts.get("*")

    def _end_box(self) -> None:
        text = self._now.lines.close() if self._now.lines else ""
        self._now = self._open.pop()
        if text.strip() and text not in self._now.boxes:
            self._now.boxes.append(text)

    def close(self) -> str:
        """The text, also of a part that is cut."""
        while self._open:
            self._end_paragraph()
            self._end_box()
        self._end_paragraph()
        return self._lines.close()


class _Open:
    """The paragraph being read, in the story itself or in a text box (which has lines of its own)."""

    __slots__ = ("base", "boxes", "in_run", "kind", "lines", "named", "paragraph")

    def __init__(self, kind: Kind | None, lines: Lines | None = None) -> None:
        self.base: Kind | None = kind
        self.kind: Kind | None = kind
        self.lines = lines
        self.paragraph = Paragraph()
        self.boxes: list[str] = []
        self.in_run = False
        self.named = False  # the run names a font of its own
