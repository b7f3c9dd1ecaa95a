"""The report in any of its formats, as bytes."""

from __future__ import annotations

import csv
import io

import msgspec

from ..harmless import cell
from .report import Report
from .tables import tables
from .words import coverage, month_name, words

FORMATS = ("html", "xlsx", "docx", "csv", "json")


def write(report: Report, form: str) -> bytes:
    """html, xlsx, csv or json; docx needs a letterhead: see ``letter``. ValueError for another format."""
    if form == "html":
        from .html import html  # noqa: PLC0415  each format loads only what it needs

        return html(report).encode()
    if form == "xlsx":
        return _xlsx(report)
    if form == "csv":
        return _csv(report)
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"
    raise ValueError(f"no format {form}")


def _xlsx(report: Report) -> bytes:
    from .workbook import Line, Page, workbook  # noqa: PLC0415

    titles = [f"{words()['title']} {month_name(report)}", coverage(report)]
    return workbook(
        [
            Page(
                table.title,
                [*titles, table.title],
                table.heads(),
                [Line(row.values, table.forms(row), row.depth, row.total) for row in table.rows],
            )
            for table in tables(report)
        ]
    )


def _csv(report: Report) -> bytes:
    """One table: an agency a row, every figure a column under its name in the JSON; what Excel opens as UTF-8."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    names = list(report.total.now.__struct_fields__)
    writer.writerow(["month", "slug", "name", "parent", *names])
    for line in (*report.agencies, *report.outside):
        row = [getattr(line.own.now, name) for name in names]
        writer.writerow([report.month, line.slug, cell(line.name), line.parent or "", *row])
    writer.writerow([report.month, "", words()["all"], "", *(getattr(report.total.now, name) for name in names)])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()
