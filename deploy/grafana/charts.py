"""Panels as HTML with inline SVG: single numbers, horizontal bars, tables, and lines or stacked bars over time.

Not Grafana's looks, but its meaning: units, value mappings, thresholds, fixed colours by name, stacking and what the
legend adds up are taken from the panel. Whatever comes from labels is escaped. Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from curves import over_time
from dashboard import Series, Window
from looks import colour, reduced, text, threshold


def drawn(panel: Mapping[str, Any], series: Sequence[Series], window: Window, width: int, height: int) -> str:
    """The inside of a panel of this size in pixels; "no data" where there is none."""
    if not series:
        return '<p class="none">no data</p>'
    kind = panel["type"]
    if kind == "stat":
        return _stat(panel, series)
    if kind == "bargauge":
        return _gauges(panel, series, height)
    return _table(series) if kind == "table" else over_time(panel, series, window, width, height)


def _stat(panel: Mapping[str, Any], series: Sequence[Series]) -> str:
    shown = []
    for one in series:
        value = reduced(panel, one)
        paint = threshold(panel, value) or "#24292f"
        shown.append(f'<p class="stat" style="color:{paint}">{escape(text(panel, value))}</p>')
        if len(series) > 1:
            shown.append(f'<p class="of">{escape(one.name)}</p>')
    return "".join(shown)


def _gauges(panel: Mapping[str, Any], series: Sequence[Series], height: int) -> str:
    found = sorted(((one.name, reduced(panel, one)) for one in series), key=lambda one: -one[1])
    most = max(value for _, value in found) or 1.0
    rows = []
    for number, (name, value) in enumerate(found[: max(1, (height - 10) // 30)]):
        paint = threshold(panel, value) or colour(panel, name, number)
        share = max(0.0, min(100.0, 100 * value / most))
        rows.append(
            f'<div class="gauge"><span>{escape(name)}</span><b>{escape(text(panel, value))}</b>'
            f'<i><u style="width:{share:.1f}%;background:{paint}"></u></i></div>'
        )
    return "".join(rows)


def _table(series: Sequence[Series]) -> str:
    names = sorted({name for one in series for name in one.labels} - {"__name__", "job"})
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(one.labels.get(name, ''))}</td>" for name in names) + "</tr>" for one in series
    )
    return f"<table><tr>{head}</tr>{rows}</table>"
