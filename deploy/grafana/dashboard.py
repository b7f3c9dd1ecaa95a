"""A Grafana dashboard's queries, asked of a Prometheus as Grafana asks them: variables filled in, range or instant.

Only what our dashboards use is known: the variables $__interval, $__rate_interval, $__range and those of the
``templating`` list that come from ``label_values(metric, label)``; legends with ``{{label}}``. Anything else that
looks like a variable raises ValueError, so that a query is never sent half filled in. Standard library only.
"""

from __future__ import annotations

import json
import math
import re
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Ask = Callable[..., Any]
"""``ask(path, **parameters)`` gives ``data`` of an answer of Prometheus's HTTP API, or raises."""

FILES = ("vanthu-agency.json", "vanthu-operations.json")
"""The dashboards beside this file: policy by agency, and the service itself."""
USUAL_SCRAPE = 15.0  # seconds; the least intervals that panels name are meant for it
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_LABEL_VALUES = re.compile(r"label_values\((\w+),\s*(\w+)\)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Window:
    """What is looked at: from, to (seconds since 1970), the datasource's scrape interval, and a panel's width."""

    start: float
    end: float
    scrape: float = USUAL_SCRAPE
    points: int = 400

    def interval(self, least: str | None) -> int:
        """$__interval in whole seconds: the step of the query. ``least`` is the panel's own, for scrapes of 15 s."""
        wanted = (self.end - self.start) / self.points
        own = seconds(least) * self.scrape / USUAL_SCRAPE if least else 0
        return max(1, math.ceil(max(wanted, own, self.scrape)))

    def rate_interval(self, least: str | None) -> int:
        """$__rate_interval: four scrapes, or a step and a scrape, so that a rate always finds two samples."""
        return math.ceil(max(self.interval(least) + self.scrape, 4 * self.scrape))


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a panel: its name as the legend writes it, its labels, its points (time, value) without NaN."""

    name: str
    labels: Mapping[str, str]
    points: tuple[tuple[float, float], ...]

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(value for _, value in self.points)


def seconds(text: str) -> float:
    """The seconds of a duration such as 15s, 6h or 7d. Raises ValueError."""
    found = re.fullmatch(r"(\d+)([smhd])", text)
    if not found:
        raise ValueError(f"{text} is no duration; write 15s, 5m, 6h or 7d")
    return int(found[1]) * _SECONDS[found[2]]


def load(path: Path) -> dict[str, Any]:
    """The dashboard as committed."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def panels(dashboard: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Its panels without the rows that part them."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def choices(dashboard: Mapping[str, Any], ask: Ask) -> dict[str, list[str]]:
    """What can be chosen for each variable that Prometheus is asked for."""
    found = {}
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            metric, label = _LABEL_VALUES.fullmatch(variable["definition"]).groups()  # type: ignore[union-attr]
            found[variable["name"]] = ask(f"label/{label}/values", **{"match[]": metric})
    return found


def chosen(dashboard: Mapping[str, Any], choice: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The text of each variable: of the values chosen, or of "All" where nothing was."""
    texts = {}
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            values = choice.get(variable["name"], ())
            escaped = "|".join(re.escape(value).replace("\\", "\\\\") for value in values)
            texts[variable["name"]] = (f"({escaped})" if len(values) > 1 else escaped) or variable["allValue"]
    return texts


def filled(expression: str, window: Window, least: str | None, variables: Mapping[str, str]) -> str:
    """The query with every variable replaced. Raises ValueError for one that nobody knows."""
    known = {
        **variables,
        "__interval": f"{window.interval(least)}s",
        "__rate_interval": f"{window.rate_interval(least)}s",
        "__range": f"{round(window.end - window.start)}s",
    }

    def value(found: re.Match[str]) -> str:
        if found[1] not in known:
            raise ValueError(f"{found[0]} is no variable of this dashboard: {expression}")
        return known[found[1]]

    return _VARIABLE.sub(value, expression)


def evaluate(panel: Mapping[str, Any], window: Window, variables: Mapping[str, str], ask: Ask) -> list[Series]:
    """All series of a panel, of all its queries in turn; whatever ``ask`` raises."""
    least = panel.get("interval")
    found: list[Series] = []
    for target in panel["targets"]:
        query = filled(target["expr"], window, least, variables)
        if target.get("instant"):
            answer = ask("query", query=query, time=str(window.end))
            raw = [(one["metric"], [one["value"]]) for one in answer["result"]]
        else:
            step = window.interval(least)
            start, end = (int(at // step * step) for at in (window.start, window.end))
            answer = ask("query_range", query=query, start=str(start), end=str(end), step=str(step))
            raw = [(one["metric"], one["values"]) for one in answer["result"]]
        for labels, points in raw:
            kept = tuple((float(at), number) for at, text in points if not math.isnan(number := float(text)))
            if kept:
                found.append(Series(_legend(target, labels), labels, kept))
    return found


def over_http(url: str) -> Ask:
    """An ``ask`` for the Prometheus at this address. It raises OSError, also for a query that is refused."""

    def ask(path: str, **parameters: str) -> Any:
        address = f"{url.rstrip('/')}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        if not address.startswith(("http://", "https://")):
            raise ValueError(f"{url} is no address of a Prometheus")
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
            return json.load(answer)["data"]

    return ask


def _legend(target: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    text = target.get("legendFormat") or ""
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: labels.get(found[1], ""), text)
