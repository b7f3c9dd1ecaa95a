"""A pack of evidence as a docx file: headings, texts, tables and literal text, one after the other on A4.

``parts`` are (kind, rows): ``heading`` and ``text`` have one cell, ``code`` one of several lines, ``pairs`` two cells
a row, a ``grid`` has its heads in the first row. What came with the mail is text and nothing else: control
characters, which XML cannot hold, are shown as a question mark.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell

from ..harmless import printable

Kind = Literal["heading", "text", "code", "pairs", "grid"]
Part = tuple[Kind, tuple[tuple[str, ...], ...]]

_WIDTH = 170  # millimetres between the margins
_LABEL = 48
_LONGEST = 20_000  # characters of one cell


def pack(title: str, about: str, parts: Iterable[Part], closing: str, made: datetime, lang: str) -> bytes:
    """The docx file."""
    document = Document()
    _styles(document)
    heading = document.add_heading(printable(title), 0)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    below = document.add_paragraph(printable(about))
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, rows in parts:
        _WRITERS[kind](document, rows)
    last = document.add_paragraph()
    last.paragraph_format.space_before = Pt(12)
    last.add_run(printable(closing)).italic = True
    properties = document.core_properties
    properties.title, properties.author = printable(title), "vanthu"
    properties.language = "vi-VN" if lang == "vi" else "en-GB"
    properties.created = properties.modified = made.replace(tzinfo=None)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _heading(document: Paper, rows: Sequence[Sequence[str]]) -> None:
    document.add_heading(printable(rows[0][0]), 1)


def _text(document: Paper, rows: Sequence[Sequence[str]]) -> None:
    document.add_paragraph(printable(rows[0][0]))


def _code(document: Paper, rows: Sequence[Sequence[str]]) -> None:
    """Literal text in a box, line by line, so that nothing is wrapped into something else."""
    paragraph = _row(_table(document, [_WIDTH]))[0].paragraphs[0]
    lines = rows[0][0][:_LONGEST].splitlines()
    for number, line in enumerate(lines, 1):
        run = paragraph.add_run(printable(line))
        run.font.name, run.font.size = "DejaVu Sans Mono", Pt(7.5)
        if number < len(lines):
            run.add_break()
    _gap(document)


def _pairs(document: Paper, rows: Sequence[Sequence[str]]) -> None:
    widths = [_LABEL, _WIDTH - _LABEL]
    table = _table(document, widths)
    for label, value in rows:
        cells = _row(table)
        _fill(cells[0], label, bold=True)
        _fill(cells[1], value)
    _sized(table, widths)
    _gap(document)


def _grid(document: Paper, rows: Sequence[Sequence[str]]) -> None:
    weights = [max(map(_weight, column)) for column in zip(*rows, strict=True)]
    widths = [_WIDTH * weight / sum(weights) for weight in weights]
    table = _table(document, widths)
    for number, row in enumerate(rows):
        cells = _row(table)
        for cell, value in zip(cells, row, strict=True):
            _fill(cell, value, bold=number == 0)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    _sized(table, widths)
    _gap(document)


def _weight(text: str) -> float:
    """How wide its column should be: its longest word stays whole, and a long text takes two lines; both bounded."""
    word = max(map(len, text.split()), default=0)
    return max(min(word, 30) + 2, min(len(text), 60) / 2)


_WRITERS = {"heading": _heading, "text": _text, "code": _code, "pairs": _pairs, "grid": _grid}


def _table(document: Paper, widths: Sequence[float]) -> Table:
    """An empty one with a column for each of the widths, which are in millimetres."""
    table: Table = document.add_table(rows=0, cols=len(widths))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _row(table: Table) -> tuple[_Cell, ...]:
    cells: tuple[_Cell, ...] = table.add_row().cells  # type: ignore[no-untyped-call]
    return cells


def _sized(table: Table, widths: Sequence[float]) -> None:
    """No row is torn by the end of a page, and each cell has its width, which Word asks for beside the column's."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _fill(cell: _Cell, text: str, *, bold: bool = False) -> None:
    run = cell.paragraphs[0].add_run(printable(text[:_LONGEST]))
    run.bold, run.font.size = bold, Pt(9)


def _gap(document: Paper) -> None:
    """Two tables without a paragraph between them would become one."""
    document.add_paragraph().paragraph_format.line_spacing = Pt(6)


def _styles(document: Paper) -> None:
    """Black Times New Roman, also where the template's theme has fonts of its own, on A4."""
    for name, size in (("Normal", 11), ("Title", 15), ("Heading 1", 12)):
        style = document.styles[name]
        style.font.name, style.font.size = "Times New Roman", Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            if "heme" in attribute:
                del fonts.attrib[attribute]
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), "Times New Roman")
        style.paragraph_format.space_after = Pt(4)
    document.styles["Title"].font.bold = document.styles["Heading 1"].font.bold = True
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
