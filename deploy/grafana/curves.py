"""Lines, or stacked bars, over time, with axes and a legend, as inline SVG."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from dashboard import Series, Window
from looks import CALCS, colour, formatted

_LEGEND, _ROW = 190, 17  # pixels: width of the legend, height of its rows


def over_time(panel: Mapping[str, Any], series: Sequence[Series], window: Window, width: int, height: int) -> str:
    """The series of a panel over the whole window, the legend at the right; width and height in pixels."""
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
        paint = colour(panel, one.name, number)
        if stacks:
            bars = []
            for at, value in one.points:
                if value > 0 and at > window.start:  # the bar of the first point ends where the window begins
                    top, low = y(base[at] + value), y(base[at])
                    bars.append(f"M{x(at):.1f} {low:.1f}V{top:.1f}h{wide:.1f}V{low:.1f}z")
                    base[at] += value
            parts.append(f'<path d="{"".join(bars)}" fill="{paint}"/>')
        else:
            parts.append(f'<path d="{_line(one, step, x, y)}" fill="none" stroke="{paint}" stroke-width="1.6"/>')
    return f'<svg width="{width}" height="{height}">{"".join(parts)}{_legend(panel, series, width, height)}</svg>'


def _line(series: Series, step: float, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    """A line that breaks where points are missing; a lonely point is a short stroke."""
    path, before = [], -math.inf
    for at, value in series.points:
        joined = at - before <= 1.5 * step
        path.append(f"L{x(at):.1f} {y(value):.1f}" if joined else f"M{x(at):.1f} {y(value):.1f}h1")
        before = at
    return "".join(path)


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
        value = formatted(CALCS[calc](one.values), defaults["unit"], defaults.get("decimals"))
        name = one.name if len(one.name) <= 24 else one.name[:23] + "…"
        parts.append(
            f'<rect x="{width - _LEGEND + 4}" y="{at + 3}" width="9" height="9" rx="2"'
            f' fill="{colour(panel, one.name, number)}"/>'
            f'<text x="{width - _LEGEND + 18}" y="{at + 12}">{escape(name)}</text>'
            f'<text x="{width - 4}" y="{at + 12}" text-anchor="end">{escape(value)}</text>'
        )
    if len(series) > room:
        parts.append(f'<text x="{width - _LEGEND + 18}" y="{height - 4}">and {len(series) - room + 1} more</text>')
    return "".join(parts)
