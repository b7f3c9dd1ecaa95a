"""The report as one page that needs nothing else: no script, no font or picture from anywhere, charts inside.

Readable by screen readers (headings, captions, row and column heads), in light and dark, and on A4 paper: the first
page is for a chairman, the wide tables behind it lie across.
"""

from __future__ import annotations

from html import escape
from importlib import resources

from . import charts
from .report import SMALL, Action, Report
from .tables import Form, Row, Table, Value, tables
from .words import (
    blind,
    coverage,
    decimal,
    headlines,
    made,
    month_name,
    notes,
    number,
    percent,
    reasons,
    short_month,
    words,
)

_WIDE = frozenset(["agencies", "public", "trend", "mailboxes"])
_DEEPEST = 4
_SUM = ' class="total"'


def html(report: Report) -> str:
    """The whole page."""
    titles, columns = words()["sections"], words()["columns"]
    title = f"{words()['title']} {month_name(report)}"
    found = {table.key: table for table in tables(report)}
    body = [
        f"<header><h1>{escape(title)}</h1><p>{escape(report.installation)}</p>",
        f"<p>{escape(coverage(report))}. {escape(made(report))}.</p></header><main>",
        '<ul class="five">',
    ]
    for name, value, text, before, year in headlines(report):
        beside = [("before_year", before)] if report.yearly else [("before", before), ("year_ago", year)]
        changes = "".join(f"<dt>{columns[key]}</dt><dd>{escape(text)}</dd>" for key, text in beside)
        body.append(
            f'<li><h3>{escape(name)}</h3><p class="value">{escape(value)}</p><p class="text">{escape(text)}</p>'
            f"<dl>{changes}</dl></li>"
        )
    body += ["</ul>", _actions(report.actions), f'<p class="note">{escape(_small(report))}</p>']
    body += ['<section class="next">', _head("trend", titles["trend"]), *_charts(report), "</section>"]
    for key, table in found.items():
        wide = ' class="wide"' if key in _WIDE else ""
        body.append(f"<section{wide}>")
        body.append(_head(f"table-{key}", titles[key]) if key != "trend" else "")
        body += [_table(table), "</section>"]
    body += ["<section>", _head("blind", titles["blind"]), "<ul>"]
    body += [f"<li>{escape(text)}</li>" for text in blind(report)]
    body += ["</ul></section>", _notes(report), "</main>"]
    style = resources.files(__package__).joinpath("page.css").read_text("utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>\n{style}</style></head><body>{''.join(body)}</body></html>\n"
    )


def _small(report: Report) -> str:
    return str(words()["small"].format(count=number(report.small_agencies), limit=SMALL))


def _notes(report: Report) -> str:
    found = "".join(f"<li>{escape(text)}</li>" for text in notes(report))
    return f"<section>{_head('notes', words()['sections']['notes'])}<ul>{found}</ul></section>" if found else ""


def _head(name: str, title: str) -> str:
    return f'<h2 id="{name}">{escape(title)}</h2>'


def _actions(actions: tuple[Action, ...]) -> str:
    head = f"<section>{_head('actions', words()['sections']['actions'])}"
    if not actions:
        return f"{head}<p>{escape(words()['no_actions'])}</p></section>"
    items = "".join(
        f"<li><strong>{escape(action.name)}</strong><ul>"
        + "".join(f"<li>{escape(reason)}</li>" for reason in reasons(action))
        + "</ul></li>"
        for action in actions
    )
    return f'{head}<ul class="actions">{items}</ul></section>'


def _charts(report: Report) -> list[str]:
    titles, columns = words()["charts"], words()["columns"]
    labels = [short_month(point.month) for point in report.trend]
    points = [point.figures for point in report.trend]
    messages = [
        charts.Series(columns[name], [getattr(point, name) for point in points])
        for name in ("sent", "internal", "received")
    ]
    used = [charts.Series(columns["used_share"], [point.used_share for point in points])]
    stopped = [charts.Series(titles["stopped"], [point.stopped for point in points])]
    return [
        f"<figure>{charts.columns(titles[key], labels, series, show, place)}"
        f"<figcaption>{escape(titles[key])}</figcaption></figure>"
        for place, (key, series, show) in enumerate(
            [("messages", messages, number), ("used", used, percent), ("stopped", stopped, number)], 1
        )
    ]


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in table.heads())
    rows = "".join(_row(row, table.forms(row)) for row in table.rows)
    # A region that scrolls must be reachable by keyboard and have a name.
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(table.title)}">'
        f'<table class="{table.key}">'
        f"<caption>{escape(table.title)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(row: Row, forms: list[Form]) -> str:
    depth = f' class="d{min(row.depth, _DEEPEST)}"' if row.depth else ""
    cells = [f'<th scope="row"{depth}>{escape(shown(row.values[0], forms[0]))}</th>']
    for value, form in zip(row.values[1:], forms[1:], strict=True):
        kind = ' class="text"' if form == "text" else ""
        cells.append(f"<td{kind}>{escape(shown(value, form))}</td>")
    return f"<tr{_SUM if row.total else ''}>{''.join(cells)}</tr>"


def shown(value: Value, form: Form) -> str:
    """A value as it is printed."""
    if value is None:
        return str(words()["none"])
    if isinstance(value, str):
        return value
    return percent(value) if form == "share" else decimal(value) if form == "hours" else number(value)
