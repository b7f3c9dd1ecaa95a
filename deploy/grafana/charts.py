"""Panels as HTML with inline SVG: single numbers, horizontal bars, tables, and lines or stacked bars over time.

Not Grafana's looks, but its meaning: units, value mappings, thresholds, fixed colours by name, stacking and what the
legend adds up are taken from the panel. Whatever comes from labels is escaped. Standard library only.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from dashboard import Series, Window

_PALETTE = (
    "#4e79a7",
    "#f28e2b",
    "#59a14f",
    "#b07aa1",
    "#76b7b2",
    "#e15759",
    "#edc948",
    "#9c755f",
    "#ff9da7",
    "#8cd17d",
)
_NAMED = {
    "green": "#3f8f4f",
    "super-light-green": "#a8d5a2",
    "yellow": "#e3b505",
    "blue": "#3d7edb",
    "orange": "#f2811d",
    "purple": "#8e5bd0",
    "red": "#d6333f",
}
_LEGEND, _ROW = 190, 17  # pixels: width of the legend, height of its rows
_SCALES = {
    "s": ((86_400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs")),
    "short": ((1e6, "M"), (1e3, "k")),
}
_CALCS: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "max": max,
    "min": min,
    "lastNotNull": lambda values: values[-1],
}


def drawn(panel: Mapping[str, Any], series: Sequence[Series], window: Window, width: int, height: int) -> str:
    """The inside of a panel of this size in pixels; "no data" where there is none."""
    if not series:
        return '<p class="none">no data</p>'
    kind = panel["type"]
    if kind == "stat":
        return _stat(panel, series)
    if kind == "bargauge":
        return _gauges(panel, series, height)
    return _table(series) if kind == "table" else _over_time(panel, series, window, width, height)


def formatted(value: float, unit: str, decimals: int | None = None) -> str:
    """A number for people: 0.0021 of unit s is 2.1 ms, 0.5 of percentunit 50 %."""
    if unit == "percentunit":
        return f"{value * 100:.0f} %"
    for scale, name in _SCALES.get(unit, ()):
        if abs(value) >= scale:
            return f"{_short(value / scale)} {name}"
    return f"{value:.{decimals}f}" if decimals is not None else _short(value)


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _stat(panel: Mapping[str, Any], series: Sequence[Series]) -> str:
    shown = []
    for one in series:
        value = _reduced(panel, one)
        colour = _threshold(panel, value) or "#24292f"
        shown.append(f'<p class="stat" style="color:{colour}">{escape(_text(panel, value))}</p>')
        if len(series) > 1:
            shown.append(f'<p class="of">{escape(one.name)}</p>')
    return "".join(shown)


def _gauges(panel: Mapping[str, Any], series: Sequence[Series], height: int) -> str:
    found = sorted(((one.name, _reduced(panel, one)) for one in series), key=lambda one: -one[1])
    most = max(value for _, value in found) or 1.0
    rows = []
    for number, (name, value) in enumerate(found[: max(1, (height - 10) // 30)]):
        colour = _threshold(panel, value) or _PALETTE[number % len(_PALETTE)]
        share = max(0.0, min(100.0, 100 * value / most))
        rows.append(
            f'<div class="gauge"><span>{escape(name)}</span><b>{escape(_text(panel, value))}</b>'
            f'<i><u style="width:{share:.1f}%;background:{colour}"></u></i></div>'
        )
    return "".join(rows)


def _table(series: Sequence[Series]) -> str:
    names = sorted({name for one in series for name in one.labels} - {"__name__", "job"})
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(one.labels.get(name, ''))}</td>" for name in names) + "</tr>" for one in series
    )
    return f"<table><tr>{head}</tr>{rows}</table>"


def _over_time(panel: Mapping[str, Any], series: Sequence[Series], window: Window, width: int, height: int) -> str:
    unit = panel["fieldConfig"]["defaults"]["unit"]
    stacks = panel["fieldConfig"]["defaults"]["custom"]["drawStyle"] == "bars"
    step = window.interval(panel.get("interval"))
    base: dict[float, float] = defaultdict(float)  # how high the bar of a time is so far
    most = _highest(series, stacks)
    left, bottom, room = 54, height - 18, width - _LEGEND - 62

    def x(at: float) -> float:  # what was counted up to a time stands before it
        return left + room * (at - (step if stacks else 0) - window.start) / (window.end - window.start)

    def y(value: float) -> float:
        return bottom - (bottom - 8) * value / (most * 1.05)

    parts = [_axes(unit, most, window, y, room)]
    wide = max(1.0, room * step / (window.end - window.start) - 1)
    for number, one in enumerate(series):
        colour = _colour(panel, one.name, number)
        if stacks:
            bars = []
            for at, value in one.points:
                if value > 0:
                    top, low = y(base[at] + value), y(base[at])
                    bars.append(f"M{x(at):.1f} {low:.1f}V{top:.1f}h{wide:.1f}V{low:.1f}z")
                    base[at] += value
            parts.append(f'<path d="{"".join(bars)}" fill="{colour}"/>')
        else:
            path = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in one.points)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
    return f'<svg width="{width}" height="{height}">{"".join(parts)}{_legend(panel, series, width, height)}</svg>'


def _highest(series: Sequence[Series], stacks: bool) -> float:
    """The upper end of the scale; for counts an even number, so that its middle is one too."""
    if not stacks:
        return max(max(one.values) for one in series) or 1.0
    heights: dict[float, float] = defaultdict(float)
    for one in series:
        for at, value in one.points:
            heights[at] += value
    return max(2.0, 2.0 * math.ceil(max(heights.values()) / 2))


def _axes(unit: str, most: float, window: Window, y: Callable[[float], float], room: float) -> str:
    parts = []
    for value in (0.0, most / 2, most):
        parts.append(f'<path d="M54 {y(value):.1f}h{room:.1f}" stroke="#e3e6ea"/>')
        parts.append(f'<text x="48" y="{y(value) + 4:.1f}" text-anchor="end">{formatted(value, unit)}</text>')
    for part, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        clock = time.strftime("%d.%m. %H:%M", time.localtime(window.start + part * (window.end - window.start)))
        parts.append(f'<text x="{54 + room * part:.1f}" y="{y(0) + 14:.1f}" text-anchor="{anchor}">{clock}</text>')
    return "".join(parts)


def _legend(panel: Mapping[str, Any], series: Sequence[Series], width: int, height: int) -> str:
    defaults = panel["fieldConfig"]["defaults"]
    calc = (panel["options"].get("legend", {}).get("calcs") or ["lastNotNull"])[0]
    parts = [
        f'<text x="{width - 4}" y="10" text-anchor="end" class="calc">{escape(calc.replace("NotNull", ""))}</text>'
    ]
    room = max(1, (height - 14) // _ROW)
    for number, one in enumerate(series[: room if len(series) <= room else room - 1]):
        at = 14 + _ROW * number
        value = formatted(_CALCS[calc](one.values), defaults["unit"], defaults.get("decimals"))
        name = one.name if len(one.name) <= 24 else one.name[:23] + "…"
        parts.append(
            f'<rect x="{width - _LEGEND + 4}" y="{at + 3}" width="9" height="9" rx="2"'
            f' fill="{_colour(panel, one.name, number)}"/>'
            f'<text x="{width - _LEGEND + 18}" y="{at + 12}">{escape(name)}</text>'
            f'<text x="{width - 4}" y="{at + 12}" text-anchor="end">{escape(value)}</text>'
        )
    if len(series) > room:
        parts.append(f'<text x="{width - _LEGEND + 18}" y="{height - 4}">and {len(series) - room + 1} more</text>')
    return "".join(parts)


def _reduced(panel: Mapping[str, Any], series: Series) -> float:
    return float(_CALCS[panel["options"]["reduceOptions"]["calcs"][0]](series.values))


def _text(panel: Mapping[str, Any], value: float) -> str:
    defaults = panel["fieldConfig"]["defaults"]
    for mapping in defaults.get("mappings", ()):
        word = mapping["options"].get(f"{value:g}")
        if word:
            return str(word["text"])
    return formatted(value, defaults["unit"], defaults.get("decimals"))


def _threshold(panel: Mapping[str, Any], value: float) -> str | None:
    steps = panel["fieldConfig"]["defaults"].get("thresholds", {}).get("steps", ())
    reached = [step["color"] for step in steps if step["value"] is None or value >= step["value"]]
    return _NAMED.get(reached[-1]) if reached else None


def _overrides(panel: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        one["matcher"]["options"]: {item["id"]: item["value"] for item in one["properties"]}
        for one in panel["fieldConfig"]["overrides"]
        if one["matcher"]["id"] == "byName"
    }


def _colour(panel: Mapping[str, Any], name: str, number: int) -> str:
    fixed = _overrides(panel).get(name, {}).get("color", {}).get("fixedColor")
    return _NAMED.get(fixed, _PALETTE[number % len(_PALETTE)])
