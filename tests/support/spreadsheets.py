"""Spreadsheets of every format that offices send, made by code: cells, merged areas, several sheets."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter
import xlwt

Rows = Sequence[Sequence[object]]


def xlsx(path: Path, sheets: Mapping[str, Rows], merged: Sequence[str] = (), hidden: Sequence[str] = ()) -> Path:
    """``merged`` are areas of every sheet, such as ``A1:C1``; the value is that of the first cell."""
    book = xlsxwriter.Workbook(path)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value not in (None, ""):
                    sheet.write(number, column, value)
        for area in merged:
            first = xlsxwriter.utility.xl_cell_to_rowcol(area.partition(":")[0])
            rows_ = list(rows)
            value = rows_[first[0]][first[1]] if first[0] < len(rows_) and first[1] < len(rows_[first[0]]) else ""
            sheet.merge_range(area, value)
        if name in hidden:
            sheet.hide()
    book.close()
    return path


def xls(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Excel 97."""
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value not in (None, ""):
                    sheet.write(number, column, value)
    book.save(str(path))
    return path


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def ods(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """OpenDocument."""
    tables = ""
    for name, rows in sheets.items():
        body = ""
        for row in rows:
            cells = "".join(_ods_cell(value) for value in row)
            body += f"<table:table-row>{cells}</table:table-row>"
        tables += f'<table:table table:name="{escape(name)}">{body}</table:table>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", _ODS.format(tables))
    return path


def _ods_cell(value: object) -> str:
    if value in (None, ""):
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def text(path: Path, rows: Rows, *, encoding: str = "utf-8", separator: str = ",", end: str = "\r\n") -> Path:
    """CSV as Excel writes it; what has the separator in it is quoted."""
    lines = [
        separator.join(f'"{cell}"' if separator in str(cell) or "\n" in str(cell) else str(cell) for cell in row)
        for row in rows
    ]
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path
