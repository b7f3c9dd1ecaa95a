"""Charts as inline SVG: columns over months. Colours are classes of page.css, so that they follow light and dark.

A chart repeats what a table on the same page says; it is one picture to a screen reader, named by its title.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 8, 28, 24


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart; ``values`` in the order of the labels, None where there is nothing."""

    name: str
    values: Sequence[float | None]


def columns(
    title: str, labels: Sequence[str], series: Sequence[Series], show: Callable[[float], str], number: int
) -> str:
    """Columns side by side for each label; ``show`` writes a value, ``number`` makes the id unique on the page."""
    values = [value for one in series for value in one.values if value is not None]
    top = _ceiling(max(values, default=0), any(isinstance(value, float) for value in values) or not values)
    inner = _HEIGHT - _TOP - _BOTTOM
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    width = min(step * 0.8 / max(len(series), 1), 36)
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="chart{number}">',
        f'<title id="chart{number}">{escape(title)}</title>',
    ]
    for line in range(5):
        y = _TOP + inner * (1 - line / 4)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(
            f'<text class="axis" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{show(top * line / 4)}</text>'
        )
    for index, label in enumerate(labels):
        middle = _LEFT + step * (index + 0.5)
        parts.append(
            f'<text class="axis" x="{middle:.1f}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(label)}</text>'
        )
        for place, one in enumerate(series):
            value = one.values[index]
            if value:
                height = inner * value / top
                x, y = middle + (place - len(series) / 2) * width, _TOP + inner - height
                parts.append(
                    f'<rect class="s{place + 1}" x="{x:.1f}" y="{y:.1f}" width="{width * 0.92:.1f}"'
                    f' height="{height:.1f}"><title>{escape(f"{one.name}, {label}: {show(value)}")}</title></rect>'
                )
    parts += _legend(series) if len(series) > 1 else []
    return "".join(parts) + "</svg>"


def _legend(series: Sequence[Series]) -> list[str]:
    parts = []
    x = float(_LEFT)
    for place, one in enumerate(series):
        parts.append(f'<rect class="s{place + 1}" x="{x:.0f}" y="6" width="12" height="12"/>')
        parts.append(f'<text class="axis" x="{x + 17:.0f}" y="16">{escape(one.name)}</text>')
        x += 40 + 7.2 * len(one.name)
    return parts


def _ceiling(value: float, shares: bool) -> float:
    """A number at or above it whose quarters are whole, so that the axis reads well; of shares 1, which is all."""
    if shares:
        return 1.0
    size = 10.0 ** math.floor(math.log10(max(value, 1)))
    return next(
        size * factor for factor in ((4, 8, 12) if size == 1 else (1.2, 2, 4, 6, 8, 10)) if size * factor >= value
    )
