"""Curves over the number of mails, one panel below the other, as one SVG file that any browser shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _PANEL, _LEFT, _RIGHT, _TOP, _GAP = 900, 180, 70, 150, 50, 60
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")  # told apart by everybody (Okabe, Ito)
_STYLE = "text{font:12px sans-serif}.g{stroke:#ddd}path{fill:none;stroke-width:1.5}"

Panel = tuple[str, Mapping[str, Sequence[float]]]
"""Title with its unit, and by name what each curve was at each point."""


def chart(title: str, at: Sequence[float], panels: Sequence[Panel]) -> str:
    """``at``: how many mails had been sent at each point, rising."""
    height = _TOP + len(panels) * (_PANEL + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f'<title>{escape(title)}</title><style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{_LEFT}" y="22" font-weight="bold">{escape(title)}</text>',
    ]
    for number, panel in enumerate(panels):
        parts += _panel(panel, at, _TOP + number * (_PANEL + _GAP))
    return "\n".join([*parts, "</svg>\n"])


def _panel(panel: Panel, at: Sequence[float], top: int) -> list[str]:
    name, curves = panel
    most = _ceiling(max((value for values in curves.values() for value in values), default=1.0))
    width, last = _WIDTH - _LEFT - _RIGHT, max(at, default=1.0) or 1.0
    parts = [f'<text x="{_LEFT}" y="{top + 12}">{escape(name)}</text>']
    for line in range(5):
        y = top + 20 + (_PANEL - 20) * (1 - line / 4)
        parts.append(f'<line class="g" x1="{_LEFT}" x2="{_LEFT + width}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{most * line / 4:g}</text>')
    for share in (0, 0.5, 1):
        x = _LEFT + width * share
        parts.append(f'<text x="{x:.0f}" y="{top + _PANEL + 16}" text-anchor="middle">{last * share:,.0f}</text>')
    for number, (label, values) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(
            f"{'L' if index else 'M'}{_LEFT + width * x / last:.1f},{top + 20 + (_PANEL - 20) * (1 - y / most):.1f}"
            for index, (x, y) in enumerate(zip(at, values, strict=True))
        )
        parts.append(f'<path d="{points}" stroke="{colour}"/>')
        place = f'x="{_LEFT + width + 10}" y="{top + 32 + number * 16}"'
        parts.append(f'<text {place} fill="{colour}">{escape(label)} {values[-1]:g}</text>')
    return parts


def _ceiling(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value)
