"""How values look: units, words for states, thresholds and colours, as a panel of the dashboard asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboard import Series

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
_SCALES = {
    "s": ((86_400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs")),
    "short": ((1e6, "M"), (1e3, "k")),
}
CALCS: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "max": max,
    "min": min,
    "lastNotNull": lambda values: values[-1],
}
"""What a panel may make of the points of a series: a number to show, or one for the legend."""


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


def reduced(panel: Mapping[str, Any], series: Series) -> float:
    """The one number of a series that a panel shows."""
    return float(CALCS[panel["options"]["reduceOptions"]["calcs"][0]](series.values))


def text(panel: Mapping[str, Any], value: float) -> str:
    """A number as the panel writes it: the word that it stands for, or with its unit."""
    defaults = panel["fieldConfig"]["defaults"]
    for mapping in defaults.get("mappings", ()):
        word = mapping["options"].get(f"{value:g}")
        if word:
            return str(word["text"])
    return formatted(value, defaults["unit"], defaults.get("decimals"))


def threshold(panel: Mapping[str, Any], value: float) -> str | None:
    """The colour of the threshold that a number has reached; None where the panel has none."""
    steps = panel["fieldConfig"]["defaults"].get("thresholds", {}).get("steps", ())
    reached = [step["color"] for step in steps if step["value"] is None or value >= step["value"]]
    return _NAMED.get(reached[-1]) if reached else None


def colour(panel: Mapping[str, Any], name: str, number: int) -> str:
    """The colour of a series: the one fixed for its name, or the next of the palette."""
    fixed = _overrides(panel).get(name, {}).get("color", {}).get("fixedColor")
    return _NAMED.get(fixed, _PALETTE[number % len(_PALETTE)])


def _overrides(panel: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        one["matcher"]["options"]: {item["id"]: item["value"] for item in one["properties"]}
        for one in panel["fieldConfig"]["overrides"]
        if one["matcher"]["id"] == "byName"
    }
