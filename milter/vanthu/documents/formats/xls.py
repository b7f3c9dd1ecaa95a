"""xls (Excel 5 to 2003, MS-XLS): read by our own reader of its records, over olefile (BSD).

Every sheet, row by row with tabs between cells: strings, numbers, formula results, dates as dates; sheet names,
headers and footers, comments and text boxes, properties; files embedded as objects are members. Passwords are told
apart (``encrypted``). Not read: charts, macros, Excel 2 to 4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime, timedelta

from ..work import Found, Stop
from .blips import pictures_in
from .ole import opened, properties, stream
from .ole_objects import objects
from .xls_strings import counted, shared_strings
from .xlsx import is_date_format, without_codes

TYPES = ("application/vnd.ms-excel",)
_BOF, _EOF, _FILEPASS, _CONTINUE, _SST, _BOUNDSHEET = 0x809, 0x0A, 0x2F, 0x3C, 0xFC, 0x85
_LABELSST, _LABEL, _RSTRING, _NUMBER, _RK, _MULRK, _FORMULA, _STRING = (
    0xFD,
    0x204,
    0xD6,
    0x203,
    0x27E,
    0xBD,
    0x06,
    0x207,
)
_XF, _FORMAT, _DATEMODE, _CODEPAGE, _HEADER, _FOOTER, _TXO = 0xE0, 0x41E, 0x22, 0x42, 0x14, 0x15, 0x1B6
_BIFF8 = 0x0600
_LAST_DAY = 2_958_466
_Record = tuple[int, list[bytes]]


def read(content: bytes, found: Found) -> None:
    """Sheets in the order of the file."""
    with opened(content, found) as storage:
        properties(storage, found)
        book = _Book(found)
        workbook = stream(storage, "Workbook", "Book")
        for kind, blocks in _records(workbook):
            book.take(kind, blocks)
        book.close()
        pictures_in(workbook, found)
        objects(storage, found)


def _records(data: bytes) -> Iterator[_Record]:
    """Each record with its continuations, as a list of blocks."""
    at = 0
    kind = -1
    blocks: list[bytes] = []
    while at + 4 <= len(data):
        number, size = struct.unpack_from("<HH", data, at)
        block = data[at + 4 : at + 4 + size]
        at += 4 + size
        if number == _CONTINUE:
            blocks.append(block)
            continue
        if kind >= 0:
            yield kind, blocks
        kind, blocks = number, [block]
    if kind >= 0:
        yield kind, blocks


class _Book:
    """Takes records and gives texts, sheet by sheet."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._biff8 = True
        self._codec = "cp1252"
        self._strings: list[str] = []
        self._names: list[str] = []
        self._formats: dict[int, str] = {}
        self._styles: list[int] = []
        self._start = datetime(1899, 12, 30)
        self._sheet = -1
        self._depth = 0
        self._rows: dict[int, list[tuple[int, str]]] = {}
        self._beside: list[tuple[str, str]] = []
        self._formula = (0, 0)
        self._seen = 0

    def take(self, kind: int, blocks: list[bytes]) -> None:
        """One record; one that is cut is passed over."""
        self._seen += 1
        if self._seen % 2048 == 0:
            self._found.work.look_at_clock()
        if kind == _FILEPASS:
            raise Stop("encrypted")
        try:
            if kind in (_BOF, _EOF):
                self._boundary(kind, blocks[0])
            elif self._sheet < 1:
                self._globals(kind, blocks)
            self._cell(kind, blocks[0])
            self._text(kind, blocks)
        except (struct.error, IndexError):
            self._found.flaw("malformed")

    def _boundary(self, kind: int, data: bytes) -> None:
        """Charts and sheets nest: a sheet ends with the EOF of its own depth."""
        if kind == _BOF:
            if self._depth == 0:
                self._sheet += 1
                if self._sheet == 0:
                    self._biff8 = struct.unpack_from("<H", data)[0] >= _BIFF8
            self._depth += 1
        else:
            self._depth = max(0, self._depth - 1)
            if self._depth == 0:
                self._give()

    def _globals(self, kind: int, blocks: list[bytes]) -> None:
        data = blocks[0]
        if kind == _SST:
            self._strings = shared_strings(blocks, self._found.work.limits.max_text)
        elif kind == _BOUNDSHEET:
            self._names.append(counted(data, 6, 1, self._codec if not self._biff8 else None))
        elif kind == _FORMAT:
            width = 2 if self._biff8 else 1
            self._formats[struct.unpack_from("<H", data)[0]] = counted(data, 2, width, self._plain())
        elif kind == _XF:
            self._styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _DATEMODE and data[:1] == b"\x01":
            self._start = datetime(1904, 1, 1)
        elif kind == _CODEPAGE:
            page = struct.unpack_from("<H", data)[0]
            self._codec = f"cp{page}" if page in range(1250, 1259) else "cp1252"

    def _plain(self) -> str | None:
        return None if self._biff8 else self._codec

    def _cell(self, kind: int, data: bytes) -> None:
        if kind == _LABELSST:
            (index,) = struct.unpack_from("<I", data, 6)
            self._put(data, self._strings[index] if index < len(self._strings) else "")
        elif kind in (_LABEL, _RSTRING):
            self._put(data, counted(data, 6, 2, self._plain()))
        elif kind == _NUMBER:
            self._put(data, self._number(struct.unpack_from("<d", data, 6)[0], data))
        elif kind == _RK:
            self._put(data, self._number(_rk(data[6:10]), data))
        elif kind == _MULRK:
            row, first = struct.unpack_from("<HH", data)
            for index in range((len(data) - 6) // 6):
                piece = data[4 + 6 * index : 10 + 6 * index]
                cell = struct.pack("<HH", row, first + index) + piece[:2]
                self._put(cell, self._number(_rk(piece[2:6]), cell))
        elif kind == _FORMULA:
            self._formula = struct.unpack_from("<HH", data)
            if data[12:14] != b"\xff\xff":
                self._put(data, self._number(struct.unpack_from("<d", data, 6)[0], data))
        elif kind == _STRING:
            self._put(struct.pack("<HH", *self._formula), counted(data, 0, 2, self._plain()))

    def _put(self, data: bytes, value: str) -> None:
        row, column = struct.unpack_from("<HH", data)
        if value:
            self._rows.setdefault(row, []).append((column, value))

    def _number(self, value: float, data: bytes) -> str:
        (style,) = struct.unpack_from("<H", data, 4)
        number = self._styles[style] if style < len(self._styles) else 0
        if is_date_format(number, self._formats.get(number)) and 1 <= value < _LAST_DAY:
            return (self._start + timedelta(days=value)).strftime("%d/%m/%Y")
        return f"{value:.15g}"

    def _text(self, kind: int, blocks: list[bytes]) -> None:
        if kind in (_HEADER, _FOOTER) and blocks[0]:
            text = counted(blocks[0], 0, 2 if self._biff8 else 1, self._plain())
            self._beside.append(("header" if kind == _HEADER else "footer", without_codes(text)))
        elif kind == _TXO and self._biff8 and len(blocks) > 1:
            size = struct.unpack_from("<H", blocks[0], 10)[0]
            text = ""
            for block in blocks[1:]:
                if len(text) >= size:
                    break
                text += block[1:].decode("utf-16-le" if block[:1] == b"\x01" else "latin-1", "replace")
            self._beside.append(("text box", text[:size]))

    def _give(self) -> None:
        """The sheet that ends here."""
        name = self._names[self._sheet - 1] if 0 < self._sheet <= len(self._names) else ""
        rows = [
            "\t".join(value for _, value in sorted(cells, key=lambda cell: cell[0]))
            for _, cells in sorted(self._rows.items())
        ]
        if rows:
            self._found.add("\n".join((name, *rows)), f"sheet {name}")
        for part, text in self._beside:
            self._found.add(text, part)
        self._rows, self._beside = {}, []

    def close(self) -> None:
        """What was read of a file that is cut."""
        self._give()
        if self._depth or self._sheet < 0:
            self._found.flaw("malformed")


def _rk(data: bytes) -> float:
    """A number in four octets (MS-XLS §2.5.217)."""
    (code,) = struct.unpack("<i", data)
    value = float(code >> 2) if code & 2 else struct.unpack("<d", b"\0\0\0\0" + struct.pack("<i", code & ~3))[0]
    return value / 100 if code & 1 else value
