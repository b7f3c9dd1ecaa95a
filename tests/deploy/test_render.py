"""The static page of the dashboard: numbers as people write them, nothing from a label becomes markup."""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from support.places import free_port

sys.path.append(str(Path(__file__).parents[2] / "deploy" / "grafana"))

import charts
import dashboard
import looks
import render

DASHBOARDS = [dashboard.load(render.HERE / name) for name in dashboard.FILES]
PANELS = {str(panel["title"]): panel for one in DASHBOARDS for panel in dashboard.panels(one)}
WINDOW = dashboard.Window(0, 3600)
HOSTILE = '<script>"&'


class Markup(HTMLParser):
    """Which tags a page has, and all its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile_prometheus(path: str, **parameters: str) -> Any:
    """Answers every query with one series whose labels are markup."""
    names = (
        "agency",
        "rule",
        "verdict",
        "kind",
        "direction",
        "class",
        "family",
        "mode",
        "action",
        "digest",
        "instance",
    )
    labels = dict.fromkeys((*names, "exception", "reason", "step", "status", "result", "version"), HOSTILE)
    if path == "query":
        return {"result": [{"metric": labels, "value": [3600, "1"]}]}
    return {"result": [{"metric": labels, "values": [[60, "NaN"], [120, "2"], [180, "0"]]}]}


@pytest.mark.parametrize("one", DASHBOARDS, ids=dashboard.FILES)
def test_labels_are_never_markup(one: dict[str, Any]) -> None:
    page = Markup(render.page(one, WINDOW, dashboard.chosen(one, {}), hostile_prometheus))
    assert "script" not in page.tags
    assert HOSTILE in page.text
    assert {"svg", "table", "section"} <= page.tags
    assert all(panel["title"] in page.text for panel in dashboard.panels(one))


@pytest.mark.parametrize("one", DASHBOARDS, ids=dashboard.FILES)
def test_a_page_without_data_says_so_in_every_panel(one: dict[str, Any]) -> None:
    page = render.page(one, WINDOW, dashboard.chosen(one, {}), lambda path, **_: {"result": []})
    assert page.count("no data") == len(dashboard.panels(one))


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.0021, "s", "2.1 ms"),
        (90, "s", "1.5 min"),
        (128_000_000, "s", "1481 d"),
        (0.5, "percentunit", "50 %"),
        (12_000, "short", "12 k"),
        (7, "none", "7"),
    ],
)
def test_numbers_have_the_unit_of_their_panel(value: float, unit: str, shown: str) -> None:
    assert looks.formatted(value, unit) == shown


def test_states_are_words() -> None:
    def shown(value: float) -> str:
        series = dashboard.Series("", {}, ((3600.0, value),))
        return Markup(charts.drawn(PANELS["Last reload"], [series], WINDOW, 200, 100)).text

    assert (shown(0.0), shown(1.0)) == ("refused", "accepted")


def test_bars_of_one_time_stand_on_each_other() -> None:
    one, two = (dashboard.Series(name, {}, ((60.0, 3.0),)) for name in ("accept", "reject"))
    drawn = charts.drawn(PANELS["Mails by verdict"], [one, two], WINDOW, 800, 200)
    paths = [part.split('"')[1] for part in drawn.split("<path d=")[1:] if "fill=" in part]
    (low, top), (next_low, _) = ((path.split("V")[0].split()[1], path.split("V")[1].split("h")[0]) for path in paths)
    assert float(top) < float(low)
    assert next_low == top


def test_a_prometheus_that_is_away_is_one_line_and_no_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    assert render.main([f"http://127.0.0.1:{free_port()}", str(page)]) == 1
    assert capsys.readouterr().err.startswith("render: ")
    assert not page.exists()
