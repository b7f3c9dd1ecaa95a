"""The tables of the report, the same for every format: a title, columns, rows of plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .figures import Figures, share
from .report import Report
from .words import short_month, words

Form = Literal["text", "number", "share", "hours"]
Value = str | int | float | None

MAIN = (
    "issued", "used", "used_share", "sent", "internal", "received", "documents_sent", "documents_internal",
    "documents_received", "official_share", "signed_share",
)  # fmt: skip
PUBLIC = (
    "public", "public_documents", "warned", "challenged", "stripped", "held", "refused", "confirmed", "false_alarms",
    "upheld", "forwards_by_hand", "forwards_automatic", "forwards_public", "unread",
)  # fmt: skip
_TEXTS = (
    "agency", "rule", "exception", "owner", "expires", "reason", "given_reason", "address", "name", "month", "slug",
    "indicator",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """Values in the order of the columns; ``depth`` in the tree of agencies; ``total``: a sum, in bold; ``share``:
    its numbers are shares, whatever its columns say."""

    values: tuple[Value, ...]
    depth: int = 0
    total: bool = False
    share: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` are keys of words.yaml; the first column names the row."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def heads(self) -> list[str]:
        """The names of the columns."""
        return [words()["columns"][column] for column in self.columns]

    def forms(self, row: Row) -> list[Form]:
        """How the values of a row are shown."""
        found = [form(column) for column in self.columns]
        return ["share" if row.share and one == "number" else one for one in found]


def form(column: str) -> Form:
    """How values of a column are shown."""
    if column in _TEXTS:
        return "text"
    return "share" if column.endswith("_share") else "hours" if column.endswith("_hours") else "number"


def tables(report: Report) -> list[Table]:
    """All tables, in the order in which they are printed."""
    titles = words()["sections"]
    found = [
        Table("agencies", titles["agencies"], ("agency", *MAIN), _agencies(report, MAIN)),
        Table("public", titles["public"], ("agency", *PUBLIC), _agencies(report, PUBLIC)),
        _comparison(report),
        _trend(report),
    ]
    if report.exceptions:
        rows = tuple(Row((o.rule, o.exception, o.messages, o.owner, o.expires)) for o in report.exceptions)
        found.append(
            Table("exceptions", titles["exceptions"], ("rule", "exception", "messages", "owner", "expires"), rows)
        )
    if report.unread_reasons:
        names = words()["unread_reasons"]
        rows = tuple(Row((names.get(reason, reason), count)) for reason, count in report.unread_reasons)
        found.append(Table("unread", titles["unread"], ("reason", "count"), rows))
    if report.answers:
        rows = tuple(
            Row((o.address, o.asked, o.answered, share(o.answered, o.asked), o.median_hours)) for o in report.answers
        )
        heads = ("address", "asked", "answered", "answered_share", "median_hours")
        found.append(Table("answers", titles["answers"], heads, rows))
    if report.reasons:
        rows = tuple(Row((o.name, o.reason, o.messages)) for o in report.reasons)
        found.append(Table("challenges", titles["challenges"], ("agency", "given_reason", "messages"), rows))
    if report.mailboxes is not None:
        rows = tuple(
            Row((o.address, o.name, o.agency, o.days, o.messages, o.official, o.official_to_public))
            for o in report.mailboxes
        )
        columns = ("address", "name", "slug", "days", "messages", "official", "official_to_public")
        found.append(Table("mailboxes", titles["mailboxes"], columns, rows))
    return found


def _agencies(report: Report, columns: tuple[str, ...]) -> tuple[Row, ...]:
    rows: list[Row] = []
    for line in report.agencies:
        rows.append(Row((line.name, *_values(line.own.now, columns)), line.depth))
        if line.tree is not None:
            name = words()["whole_tree"].format(name=line.name)
            rows.append(Row((name, *_values(line.tree, columns)), line.depth, total=True))
    rows += [Row((line.name, *_values(line.own.now, columns))) for line in report.outside]
    rows.append(Row((words()["all"], *_values(report.total.now, columns)), total=True))
    return tuple(rows)


def _comparison(report: Report) -> Table:
    names = words()["columns"]
    # Of a year there is only the year before to compare with.
    heads = ("now_year", "before_year") if report.yearly else ("now", "before", "year_ago")
    compared = (report.total.now, report.total.before, report.total.year_ago)[: len(heads)]
    rows = tuple(
        Row((names[column], *(_value(one, column) for one in compared)), share=form(column) == "share")
        for column in (*MAIN, *PUBLIC)
        if column not in ("confirmed", "false_alarms", "upheld", "unread")  # asked of the month of the report only
    )  # fmt: skip
    return Table("comparison", words()["sections"]["comparison"], ("indicator", *heads), rows)


def _trend(report: Report) -> Table:
    columns = ("issued", "used", "used_share", "sent", "internal", "received", "documents_sent", "official_share",
               "challenged", "stripped", "held", "refused", "forwards_automatic")  # fmt: skip
    rows = tuple(Row((short_month(point.month), *_values(point.figures, columns))) for point in report.trend)
    return Table("trend", words()["sections"]["trend"], ("month", *columns), rows)


def _values(figures: Figures, columns: tuple[str, ...]) -> tuple[Value, ...]:
    return tuple(_value(figures, column) for column in columns)


def _value(figures: Figures, column: str) -> Value:
    value: Value = getattr(figures, column)
    return value
