"""xlsx, xlsm, xltx (SpreadsheetML): read by our own reader over Python's expat.

Every sheet, row by row with tabs between cells: shared and inline strings, formula results, numbers as stored, dates
as dates. Sheet names, headers and footers, comments, text boxes, properties and labels. Hidden sheets count.
Embedded files are members, large pictures go to OCR. Not read: xlsb (``unsupported``), charts, number formats other
than dates.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from ...mail.sniff import XLSX
from ..fonts import decoded, kind_of
from ..work import Found, Stop
from .drawing import Drawing
from .ooxml import Package

TYPES = (
    XLSX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
    "application/vnd.ms-excel.sheet.macroenabled.12",
)
_HEADER_CODES = re.compile(r'&(?:"[^"]{0,100}"|\d{1,3}|K[0-9A-F]{6}|[A-Z])')
_DATE_FORMATS = frozenset({14, 15, 16, 17, 22, 27, 30, 36, 50, 57})
_DATE_LETTERS = re.compile(r"(?i)d{1,4}[^\[\]]*m|m{1,4}[^\[\]]*y|y{2,4}")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_LAST_DAY = 2_958_466
_MOST_SHEETS = 1000
_MOST_STRINGS = 2  # times the text that is kept


def read(content: bytes, found: Found) -> None:
    """Sheets in the order of the workbook, each with its name above."""
    package = Package(content, found)
    main = package.main("xl/workbook.xml")
    if main.endswith(".bin") or (package.part(main) is None and package.part("xl/workbook.bin") is not None):
        raise Stop("unsupported")
    relations = package.relations(main)
    book = _Workbook()
    if not package.walk(main, book):
        found.flaw("malformed")
    strings, styles = _Strings(_MOST_STRINGS * found.work.limits.max_text), _Styles()
    for kind, target, _ in relations:
        if kind == "styles":
            package.walk(target, styles)
        elif kind == "sharedStrings":
            package.walk(target, strings)
    targets = {number: target for kind, target, number in relations if kind in ("worksheet", "chartsheet")}
    for name, relation in book.sheets[:_MOST_SHEETS] or [("", number) for number in targets]:
        if relation not in targets:
            continue
        target = targets[relation]
        sheet = _Sheet(strings.values, styles, book.from_1904, found.work.limits.max_text)
        try:
            package.walk(target, sheet)
        finally:  # what a limit leaves
            found.add("\n".join((name, *sheet.rows)), f"sheet {name}")
        found.add("\n".join(sheet.margins), "header")
        _around(package, target, found)
    package.finish()


def _around(package: Package, sheet: str, found: Found) -> None:
    """What lies on a sheet: comments and drawings."""
    for kind, target, _ in package.relations(sheet):
        if kind in ("comments", "threadedComment", "drawing"):
            drawing = Drawing()
            package.walk(target, drawing)
            found.add(drawing.close(), "text box" if kind == "drawing" else "comments")


class _Workbook:
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("id", "")))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")

    def text(self, data: str) -> None:
        pass

    def end(self, name: str) -> None:
        pass


class _Strings:
    """Shared strings, without the readings of East Asian text (``rPh``)."""

    def __init__(self, most: int) -> None:
        self.values: list[str] = []
        self._left = most
        self._pieces: list[str] = []
        self._in_text = False
        self._skip = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._in_text = name == "t" and not self._skip
        if name == "rPh":
            self._skip = True

    def text(self, data: str) -> None:
        if self._in_text:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        self._in_text = False
        if name == "si":
            self.values.append("".join(self._pieces)[: self._left])
            self._left -= len(self.values[-1])
            self._pieces = []
        elif name == "rPh":
            self._skip = False


class _Styles:
    """Which cell formats are dates, and which are in a font from before Unicode."""

    def __init__(self) -> None:
        self._formats: dict[str, str] = {}
        self._fonts: list[str] = []
        self._cells: list[tuple[str, str]] = []
        self._in_cells = self._in_fonts = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in ("cellXfs", "fonts"):
            self._in_cells, self._in_fonts = name == "cellXfs", name == "fonts"
        elif name == "font" and self._in_fonts:
            self._fonts.append("")
        elif name == "name" and self._fonts and self._in_fonts:
            self._fonts[-1] = attributes.get("val", "")
        elif name == "xf" and self._in_cells:
            self._cells.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "0")))

    def text(self, data: str) -> None:
        pass

    def end(self, name: str) -> None:
        if name in ("cellXfs", "fonts"):
            self._in_cells = self._in_fonts = False

    def is_date(self, style: int) -> bool:
        """By the built-in number or by the letters of a custom format."""
        number = self._cells[style][0] if style < len(self._cells) else "0"
        return is_date_format(int(number[:6]) if number.isdigit() else 0, self._formats.get(number))

    def font(self, style: int) -> str | None:
        """The font's name."""
        font = self._cells[style][1] if style < len(self._cells) else ""
        return self._fonts[int(font)] if font.isdigit() and int(font[:6]) < len(self._fonts) else None


class _Sheet:
    def __init__(self, strings: list[str], styles: _Styles, from_1904: bool, most: int) -> None:
        self._left = most
        self.rows: list[str] = []
        self.margins: list[str] = []
        self._strings = strings
        self._styles = styles
        self._start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
        self._cells: list[str] = []
        self._kind = ""
        self._style = 0
        self._value: list[str] = []
        self._taking = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._kind = attributes.get("t", "n")
            style = attributes.get("s", "0")
            self._style = int(style) if style.isdigit() and len(style) < 7 else 0
            self._value = []
        elif name in ("v", "t", "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
            self._taking = True
            if name not in ("v", "t"):
                self._value = []
        elif name == "rPh":
            self._kind = "phonetic"

    def text(self, data: str) -> None:
        if self._taking:
            self._value.append(data)

    def end(self, name: str) -> None:
        self._taking = False
        if name == "c":
            value = self._shown("".join(self._value).strip())
            if value:
                self._cells.append(value)
        elif name == "row":
            if self._cells:
                self.rows.append("\t".join(self._cells))
                self._left -= len(self.rows[-1])
                self._cells = []
            if self._left < 0:
                raise Stop("too_large")
        elif name.endswith(("Header", "Footer")) and name != "headerFooter" and self._value:
            self.margins.append(without_codes("".join(self._value)))

    def _shown(self, value: str) -> str:
        if self._kind == "s":
            value = self._strings[int(value)] if value.isdigit() and int(value[:9]) < len(self._strings) else ""
        elif self._kind == "n" and value and self._styles.is_date(self._style):
            return self._date(value)
        kind = kind_of(self._styles.font(self._style)) if not value.isascii() else None
        if kind is not None:
            value = decoded(value, kind)
        return value

    def _date(self, value: str) -> str:
        try:
            days = float(value)
        except ValueError:
            return value
        if not 1 <= days < _LAST_DAY:
            return value
        return (self._start + timedelta(days=days)).strftime("%d/%m/%Y")


def is_date_format(number: int, custom: str | None) -> bool:
    """Whether a number format shows days: by its built-in number, or by the letters of a custom one."""
    if custom is not None:
        return bool(_DATE_LETTERS.search(_QUOTED.sub("", custom[:200])))
    return number in _DATE_FORMATS


def without_codes(text: str) -> str:
    """A header or footer without its codes for fonts, sections and fields (``&L&"Arial"&12``)."""
    return _HEADER_CODES.sub("\n", text[:20_000]).replace("&&", "&")
