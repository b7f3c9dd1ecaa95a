"""Spreadsheets as offices send them, as rows of plain text: xlsx, xlsm, xlsb, xls, ods, and text in any encoding.

``read(path)`` gives every sheet with something in it. Cells are Unicode in NFC without blanks around them; whole
numbers have no decimal point, dates are ISO. What was written in TCVN3 or VNI fonts is decoded. A cell merged over
several rows stands in each of them; those merged over several columns stand in the first, and ``Sheet.wide`` tells
the rest (ods does not say). Refused with Problems: what is no spreadsheet, is locked by a password, or exceeds the
limits.
"""

from __future__ import annotations

import csv
import datetime
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from ..errors import Problem, Problems, first_line
from ..mail.charsets import decode_bytes
from ..vietnamese.legacy import to_unicode

MAX_BYTES = 64 << 20
MAX_UNPACKED = 512 << 20
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 2_000
_CELL, _LINE = "\x1f", "\n"

Area = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged area, (row, column) from 0."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows[0]`` is row 1 of the sheet. ``wide`` gives the first column of the area that a cell is merged into."""

    file: str
    name: str
    rows: tuple[tuple[str, ...], ...]
    wide: dict[tuple[int, int], int]
    hidden: bool = False


def read(path: Path) -> list[Sheet]:
    """The sheets of a file that are not empty."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from None
    if data is None:
        raise _refused(path, f"larger than {MAX_BYTES >> 20} MiB; send one list a file")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook(path, data)
    return _text(path, data)


def _workbook(path: Path, data: bytes) -> list[Sheet]:
    sheets = []
    try:
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                    raise _refused(path, "unpacks to far more than a list of mailboxes would")
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in book.sheets_metadata:
            found = book.get_sheet_by_name(meta.name)
            rows = found.to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
            areas = found.merged_cell_ranges or []
            hidden = not str(meta.visible).endswith(".Visible")
            sheets.append(_sheet(path, meta.name, rows, areas, hidden))
    except PasswordError:
        raise _refused(path, "locked by a password; save it without one") from None
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise _refused(path, f"not a spreadsheet that can be read: {first_line(error)[:200]}") from None
    return [sheet for sheet in sheets if sheet.rows]


def _text(path: Path, data: bytes) -> list[Sheet]:
    """Comma, semicolon, tab or bar: the one that most lines agree on. ``sep=;`` in the first line is Excel's own."""
    text, _ = decode_bytes(data, None)
    text = text.lstrip("\ufeff")
    head = text[:2000].lstrip().lower()
    if head.startswith(("<!doctype", "<html", "<table", "<?xml")):
        raise _refused(path, "a web page with the name of a spreadsheet; open it and save it as .xlsx")
    if "\0" in text[:2000] or not text.strip():
        raise _refused(path, "neither a spreadsheet nor text" if text.strip() else "is empty")
    first = text[: text.find("\n")].strip() if "\n" in text else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        separator, text = first[4], text.partition("\n")[2]
    else:
        separator = _separator(text)
    csv.field_size_limit(MAX_UNPACKED)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise _refused(path, f"not CSV: {error}") from None
    sheet = _sheet(path, "", rows, [], hidden=False)
    return [sheet] if sheet.rows else []


def _separator(text: str) -> str:
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:40]

    def agreement(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in lines if separator in line]
        usual = max(counts, key=counts.count, default=0)
        return counts.count(usual) if usual else 0, usual

    return max(";\t,|", key=agreement)


def _sheet(path: Path, name: str, given: Sequence[Sequence[object]], areas: Iterable[Area], hidden: bool) -> Sheet:
    if len(given) > MAX_ROWS:
        raise _refused(path, f"more than {MAX_ROWS} rows on the sheet {name}")
    rows = [[_cell(value) for value in row[:MAX_COLUMNS]] for row in given]
    wide: dict[tuple[int, int], int] = {}
    for (top, left), (bottom, right) in areas:
        if left >= MAX_COLUMNS or top >= len(rows):
            continue
        for row in range(top, min(bottom + 1, len(rows))):
            if row > top and left < len(rows[row]) and left < len(rows[top]):
                rows[row][left] = rows[top][left]
            if right > left:
                wide.update({(row, column): left for column in range(left, min(right, MAX_COLUMNS) + 1)})
    while rows and not any(rows[-1]):
        rows.pop()
    return Sheet(path.name, unicodedata.normalize("NFC", name).strip(), _unicode(rows), wide, hidden)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value[:MAX_CELL]).replace("\xa0", " ").strip().replace(_CELL, " ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def _unicode(rows: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    """Fonts of before Unicode are told by the words of the whole sheet: a cell alone is too short."""
    joined = _LINE.join(_CELL.join(cell.replace("\n", " \x1e") for cell in row) for row in rows)
    decoded, kind = to_unicode(joined)
    if kind in ("tcvn3", "vni"):
        lines = [line.split(_CELL) for line in decoded.split(_LINE)]
        if [len(line) for line in lines] == [max(len(row), 1) for row in rows]:
            return tuple(tuple(cell.replace(" \x1e", "\n").strip() for cell in line) for line in lines)
    return tuple(map(tuple, rows))


def _refused(path: Path, why: str) -> Problems:
    return Problems([Problem(str(path), 0, 0, "error", why)])
