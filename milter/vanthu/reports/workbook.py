"""Tables as an xlsx file: one sheet each, headings that stay, numbers as numbers, set up for printing on A4 across.

Sole importer of XlsxWriter. Text is always written as text: a cell that begins with ``=`` is no formula.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

from .tables import Form, Value

_FORMATS = {"number": "#,##0", "share": "0.0%", "hours": "#,##0.0"}
_MAX_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Line:
    """One row: values, how each is shown, how deep its name is indented, whether it is a sum."""

    values: Sequence[Value]
    forms: Sequence[Form]
    depth: int = 0
    total: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: ``titles`` above the table, the heads of its columns, its lines."""

    name: str
    titles: Sequence[str]
    heads: Sequence[str]
    lines: Sequence[Line]


def workbook(pages: Sequence[Page]) -> bytes:
    """The file."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = book.add_format({"bold": True, "font_size": 13})
    head = book.add_format(
        {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#E8EDF3"}
    )
    formats = {
        (form, total, depth): book.add_format(
            {"border": 1, "bold": total, "num_format": _FORMATS.get(form, "@"), "indent": depth, "valign": "top"}
        )
        for form in ("text", "number", "share", "hours")
        for total in (False, True)
        for depth in range(6)
    }
    for page in pages:
        sheet = book.add_worksheet(page.name.translate(_FORBIDDEN)[:_MAX_NAME].strip())
        for row, text in enumerate(page.titles):
            sheet.write_string(row, 0, text, title)
        top = len(page.titles) + (1 if page.titles else 0)
        for column, text in enumerate(page.heads):
            sheet.write_string(top, column, text, head)
        for row, line in enumerate(page.lines, top + 1):
            for column, (value, form) in enumerate(zip(line.values, line.forms, strict=True)):
                shape = formats[form, line.total, min(line.depth, 5) if column == 0 else 0]
                if value is None:
                    sheet.write_blank(row, column, None, shape)
                elif isinstance(value, str):
                    sheet.write_string(row, column, value, shape)
                else:
                    sheet.write_number(row, column, value, shape)
        _set_up(sheet, page, top)
    book.close()
    return written.getvalue()


def _set_up(sheet: xlsxwriter.worksheet.Worksheet, page: Page, top: int) -> None:
    for column in range(len(page.heads)):
        longest = max((len(str(line.values[column] or "")) for line in page.lines), default=0)
        sheet.set_column(column, column, max(11, min(longest + 2, 48)))
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    if page.lines:
        sheet.autofilter(top, 0, top + len(page.lines), len(page.heads) - 1)
