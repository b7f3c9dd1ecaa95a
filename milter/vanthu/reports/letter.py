"""The report as an official letter (công văn) by Decree 30/2020/NĐ-CP, annex I, ready for number, date and signature.

Paper A4, Times New Roman; boxes 1 to 9 of the decree: Quốc hiệu, issuer, number and subject, place and date, Kính
gửi, text, signature, Nơi nhận; the table by agency follows as an annex on its own pages. What the clerk fills in by
hand stays blank. Sizes and margins are those of the annex (lines over 20-25 mm, left 30-35 mm, right 15-20 mm).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.document import Document as Letter
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell as Cell

from .figures import share
from .html import shown
from .report import Report
from .tables import Table, tables
from .words import blind, compared, month_name, moved, number, percent, reasons, words

_ANNEX_COLUMNS = (0, 1, 2, 3, 4, 5, 7, 8, 10, 11)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands on the letter beside the figures; empty: left blank for the clerk."""

    issuer: str = ""
    superior: str = ""
    place: str = ""
    to: str = ""
    symbol: str = ""
    title: str = ""
    signer: str = ""
    unit: str = ""


def letter(report: Report, head: Letterhead) -> bytes:
    """The docx file."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    _paper(document.sections[0])
    _page_numbers(document)
    texts = words()["letter"]
    _letterhead(document, report, head, texts)
    _text(document, report, head, texts)
    _signature(document, head, texts)
    _annex(document, report, head, texts)
    properties = document.core_properties
    properties.title, properties.author, properties.language = words()["title"], head.issuer, "vi-VN"
    properties.created = properties.modified = report.made.replace(tzinfo=None)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _letterhead(document: Letter, report: Report, head: Letterhead, texts: Any) -> None:
    blank = texts["blank"]
    table = _bare_table(document, (Mm(74), Mm(97)))
    left, right = table.rows[0].cells
    if head.superior:
        _line(left, head.superior.upper(), 12, first=True)
    _line(left, (head.issuer or blank).upper(), 12, bold=True, first=not head.superior)
    _rule(left, Mm(25))
    _line(right, texts["motto"][0], 12, bold=True, first=True)
    _line(right, texts["motto"][1], 13, bold=True)
    _rule(right, Mm(20))
    left, right = table.add_row().cells  # type: ignore[no-untyped-call]
    _line(left, texts["number"].format(symbol=head.symbol or blank), 13, first=True)
    _line(left, texts["subject"].format(month=month_name(report)), 12)
    date = texts["date"].format(place=head.place or blank, year=f"{report.made:%Y}")
    _line(right, date, 13, italic=True, first=True)
    to = document.add_paragraph()
    to.alignment = ALIGN.CENTER
    to.paragraph_format.space_before = to.paragraph_format.space_after = Pt(12)
    to.add_run(texts["to"].format(to=head.to or blank))


def _text(document: Letter, report: Report, head: Letterhead, texts: Any) -> None:
    issuer, month = head.issuer or texts["blank"], month_name(report)
    now, before, year = report.total.now, report.total.before, report.total.year_ago
    _body(document, texts["opening"].format(issuer=issuer, month=month))
    _body(document, texts["results"], bold=True)
    used = texts["used"].format(
        issued=number(now.issued), used=number(now.used), percent=percent(now.used_share), days=report.days_required
    )
    _body(document, used)
    _body(
        document,
        texts["traffic"].format(sent=number(now.sent), internal=number(now.internal), received=number(now.received)),
    )
    _body(
        document,
        texts["documents"].format(
            documents=number(now.documents_own),
            signed=number(now.documents_signed),
            signed_percent=percent(now.signed_share),
            official_percent=percent(now.official_share),
        ),
    )
    names = ("public", "warned", "challenged", "stripped", "held", "refused")
    _body(document, texts["public"].format(**{name: number(getattr(now, name)) for name in names}))
    _body(
        document,
        texts["forwards"].format(by_hand=number(now.forwards_by_hand), automatic=number(now.forwards_automatic)),
    )
    if report.answers:
        asked, answered = (sum(getattr(line, name) for line in report.answers) for name in ("asked", "answered"))
        told = texts["answers"].format(
            asked=number(asked), answered=number(answered), percent=percent(share(answered, asked))
        )
        _body(document, told)
    _body(
        document,
        texts["compared_year" if report.yearly else "compared"].format(
            used_before=moved(now.used_share, compared(before, "used_share")),
            stopped_before=moved(now.stopped, compared(before, "stopped")),
            used_year=moved(now.used_share, compared(year, "used_share")),
            stopped_year=moved(now.stopped, compared(year, "stopped")),
        ),
    )
    _body(document, texts["by_agency"], bold=True)
    _body(document, texts["by_agency_text"])
    _body(document, texts["remarks"].format(number=3), bold=True)
    if report.actions:
        _body(document, texts["actions"])
        for action in report.actions:
            _body(document, f"- {action.name}: {'; '.join(reasons(action))}.")
    else:
        _body(document, words()["no_actions"])
    unseen = [text.rstrip(".") for text in blind(report)[:3]]
    _body(document, texts["limits"].format(blind="; ".join(text[:1].lower() + text[1:] for text in unseen) + "."))
    _body(document, texts["closing"].format(issuer=issuer, month=month))


def _signature(document: Letter, head: Letterhead, texts: Any) -> None:
    document.add_paragraph().paragraph_format.keep_with_next = True
    table = _bare_table(document, (Mm(75), Mm(90)))
    left, right = table.rows[0].cells
    _line(left, texts["addressees"], 12, bold=True, italic=True, first=True, align=ALIGN.LEFT)
    for text in texts["addressees_list"]:
        _line(left, text.format(unit=head.unit or texts["blank"]), 11, align=ALIGN.LEFT)
    _line(right, (head.title or texts["blank"]).upper(), 14, bold=True, first=True)
    for _ in range(4):
        _line(right, "", 14)
    _line(right, head.signer, 14, bold=True)
    for row in table.rows:
        _keep_whole(row)


def _annex(document: Letter, report: Report, head: Letterhead, texts: Any) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    _restart_pages(section)
    for text, bold, italic in (
        (texts["annex"], True, False),
        (f"{texts['annex_title']} {month_name(report).upper()}", True, False),
        (
            texts["annex_of"].format(
                symbol=head.symbol or texts["blank"], year=f"{report.made:%Y}", issuer=head.issuer or texts["blank"]
            ),
            False,
            True,
        ),
    ):
        paragraph = document.add_paragraph()
        paragraph.alignment = ALIGN.CENTER
        run = paragraph.add_run(text)
        run.bold, run.italic = bold, italic
    document.add_paragraph()
    _grid(document, next(table for table in tables(report) if table.key == "agencies"))


def _grid(document: Letter, table: Table) -> None:
    widths = [Mm(62), *[Mm(19.5)] * (len(_ANNEX_COLUMNS) - 1)]
    grid = document.add_table(rows=1, cols=len(_ANNEX_COLUMNS))
    grid.style = "Table Grid"
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    heads = table.heads()
    for cell, column in zip(grid.rows[0].cells, _ANNEX_COLUMNS, strict=True):
        _line(cell, heads[column], 11, bold=True, first=True)
    repeated = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in table.rows:
        forms = table.forms(row)
        cells = grid.add_row()
        _keep_whole(cells)
        for place, (cell, column) in enumerate(zip(cells.cells, _ANNEX_COLUMNS, strict=True)):
            indent = "\u2003" * row.depth if place == 0 else ""
            align = ALIGN.RIGHT if place else ALIGN.LEFT
            _line(
                cell, indent + shown(row.values[column], forms[column]), 11, bold=row.total, first=True, align=align
            )
    _set_widths(grid, widths)


def _paper(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True


def _page_numbers(document: Letter) -> None:
    """At the top, in the middle, not on the first page."""
    paragraph = document.sections[0].header.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _restart_pages(section: Any) -> None:
    element = OxmlElement("w:pgNumType")
    element.set(qn("w:start"), "1")
    section._sectPr.append(element)


def _body(document: Letter, text: str, *, bold: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = ALIGN.JUSTIFY
    shape = paragraph.paragraph_format
    shape.first_line_indent, shape.space_after, shape.line_spacing = Mm(12.7), Pt(6), 1.1
    shape.keep_with_next = bold
    paragraph.add_run(text).bold = bold


def _line(
    cell: Cell, text: str, size: int, *, bold: bool = False, italic: bool = False, first: bool = False,
    align: ALIGN = ALIGN.CENTER,
) -> None:  # fmt: skip
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _rule(cell: Cell, indent: Length) -> None:
    """The line under the issuer and under the motto."""
    paragraph = cell.add_paragraph()
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = indent
    shape.line_spacing, shape.space_after = Pt(2), Pt(6)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    paragraph._p.get_or_add_pPr().append(border)


def _bare_table(document: Letter, widths: Sequence[Length]) -> DocxTable:
    table: DocxTable = document.add_table(rows=1, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _set_widths(table, widths)
    return table


def _set_widths(table: DocxTable, widths: Sequence[Length]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
