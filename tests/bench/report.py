"""From rows to what is shown: medians, ratios within rounds, targets, a table, bench.json."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.measure import median_ratio

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio of two peers that is wanted at most or at least."""

    name: str
    section: str
    measure: str
    over: str
    under: str
    limit: float
    at_most: bool

    def judge(self, sections: Mapping[str, Rows]) -> dict[str, Any]:
        rows = sections[self.section]
        ratio = median_ratio(series(rows, self.over, self.measure), series(rows, self.under, self.measure))
        met = ratio <= self.limit if self.at_most else ratio >= self.limit
        wanted = f"{'≤' if self.at_most else '≥'} {self.limit:g}"
        return {"name": self.name, "ratio": ratio, "wanted": wanted, "pass": met}


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure that is wanted at most, with nothing to set beside it: the median of the rounds. ``peer`` None: of
    all rows of the section."""

    name: str
    section: str
    measure: str
    limit: float
    peer: str | None = None

    def judge(self, sections: Mapping[str, Rows]) -> dict[str, Any]:
        rows = [row for row in sections[self.section] if self.peer in (None, row["peer"])]
        value = statistics.median(float(row[self.measure]) for row in rows)
        return {"name": self.name, "value": value, "wanted": f"≤ {self.limit:g}", "pass": value <= self.limit}


TARGETS = (
    Target("CPU beside rspamd", "raw", "cpu_us", "vanthu", "rspamd", 0.6, at_most=True),
    Target("CPU beside rspamd lean", "raw", "cpu_us", "vanthu", "rspamd lean", 0.6, at_most=True),
    Target("CPU beside the no-op pymilter", "raw", "cpu_us", "vanthu", "pymilter no-op", 3.0, at_most=True),
    Target("CPU beside it without replies", "raw", "cpu_us", "vanthu", "pymilter no-reply", 3.0, at_most=True),
    Target("Facts alone beside that", "facts", "cpu_us", "facts alone", "pymilter no-reply", 1.0, at_most=True),
    Target("Postfix beside the no-op in C", "end_to_end", "rate", "vanthu", "C no-op", 0.85, at_most=False),
    Target("Postfix beside rspamd", "end_to_end", "rate", "vanthu", "rspamd", 1.0, at_most=False),
    Target("Postfix beside rspamd lean", "end_to_end", "rate", "vanthu", "rspamd lean", 1.0, at_most=False),
)


def judged(
    sections: Mapping[str, Rows], targets: Sequence[Target] = TARGETS, bounds: Sequence[Bound] = ()
) -> list[dict[str, Any]]:
    """Each target whose two peers were there: its ratio, what was wanted, whether it is met. Bounds likewise."""
    present = {name: {str(row["peer"]) for row in rows} for name, rows in sections.items()}
    found = [one.judge(sections) for one in targets if {one.over, one.under} <= present.get(one.section, set())]
    return [*found, *(one.judge(sections) for one in bounds if present.get(one.section))]


def line(one: Mapping[str, Any]) -> str:
    """How a target that was judged is shown."""
    figure = one["ratio"] if "ratio" in one else one["value"]
    return f"  {'met   ' if one['pass'] else 'missed'}  {one['name']}: {figure:.2f} (wanted {one['wanted']})"


def series(rows: Rows, peer: str, measure: str) -> list[float]:
    """One peer's values of one measure, by round."""
    return [float(row[measure]) for row in rows if row["peer"] == peer]


def table(title: str, rows: Rows, measures: Mapping[str, str], ratios: Mapping[str, str]) -> str:
    """Medians of ``measures`` (key to heading), then for each of ``ratios`` vanthu's beside that peer's."""
    names = list(dict.fromkeys(str(row["peer"]) for row in rows))
    lines = [
        title,
        "  " + f"{'':18}" + "".join(f"{heading:>18}" for heading in [*measures.values(), *ratios.values()]),
    ]
    for name in names:
        cells = [f"{statistics.median(series(rows, name, key)):18.1f}" for key in measures]
        for key in ratios if "vanthu" in names else ():
            cells.append(f"{median_ratio(series(rows, 'vanthu', key), series(rows, name, key)):17.2f}×")
        lines.append(f"  {name:18}" + "".join(cells))
    return "\n".join(lines)
