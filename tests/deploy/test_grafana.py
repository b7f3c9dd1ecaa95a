"""The dashboard: Prometheus accepts every query, and it uses only metrics and labels that we expose."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from vanthu.projections import catalogue

ROOT = Path(__file__).parents[2]
DASHBOARDS: dict[str, dict[str, Any]] = {
    file.stem: json.loads(file.read_text()) for file in sorted((ROOT / "deploy" / "grafana").glob("vanthu-*.json"))
}
PANELS = [panel for one in DASHBOARDS.values() for panel in one["panels"] if panel["type"] != "row"]
QUERIES = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]
METRICS = {metric.name: set(metric.labels) for metric in catalogue.METRICS}
VARIABLES = {"$agency": ".*", "$__interval": "10m", "$__rate_interval": "5m", "$__range": "7d"}


def filled(expression: str) -> str:
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def test_every_query_parses(tmp_path: Path) -> None:
    rules = [{"record": f"query:{number}", "expr": filled(expr)} for number, (_, expr) in enumerate(QUERIES)]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    done = subprocess.run(["promtool", "check", "rules", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "$" not in "".join(rule["expr"] for rule in rules)


@pytest.mark.parametrize(("title", "expr"), QUERIES, ids=[f"{title}-{n}" for n, (title, _) in enumerate(QUERIES)])
def test_queries_use_known_metrics_and_labels(title: str, expr: str) -> None:
    allowed = {"instance", "job"}
    used = re.findall(r"(vanthu_[a-z_]+)(?:\{([^}]*)\})?", expr)
    assert used
    for name, selector in used:
        base = re.sub(r"_(bucket|sum|count)$", "", name) if name not in METRICS else name
        assert base in METRICS, name
        own = METRICS[base] | ({"le"} if name.endswith("_bucket") else set())
        allowed |= own
        assert set(re.findall(r"([a-z_]+)\s*(?:=~|!~|!=|=)", selector or "")) <= own | {"instance", "job"}
        assert ("$agency" in (selector or "")) == ("agency" in own), (
            "the agency variable binds whatever has an agency"
        )
    for labels in re.findall(r"\b(?:by|on|without)\s*\(([^)]*)\)", expr):
        assert {label.strip() for label in labels.split(",")} <= allowed


def test_legends_use_labels_that_the_query_keeps() -> None:
    for panel in PANELS:
        for target in panel["targets"]:
            wanted = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            kept = re.findall(r"\bby\s*\(([^)]*)\)", target["expr"])
            assert wanted <= {label.strip() for labels in kept for label in labels.split(",")}, panel["title"]


def test_every_metric_is_shown() -> None:
    shown = " ".join(expr for _, expr in QUERIES)
    assert [name for name in METRICS if name not in shown] == []


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: str(panel["title"]))
def test_every_panel_says_what_it_shows_and_in_what_unit(panel: dict[str, Any]) -> None:
    assert len(panel["description"]) > 20
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]


@pytest.mark.parametrize("name", DASHBOARDS)
def test_ids_are_unique_and_panels_do_not_overlap(name: str) -> None:
    dashboard = DASHBOARDS[name]
    assert dashboard["uid"] == name
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken
        taken |= cells


def test_the_agency_can_be_chosen_where_it_matters() -> None:
    variables = DASHBOARDS["vanthu-agency"]["templating"]["list"]
    agency = next(one for one in variables if one["name"] == "agency")
    assert agency["definition"] == "label_values(vanthu_messages_total, agency)"
    assert "$agency" not in json.dumps(DASHBOARDS["vanthu-operations"])
    assert not {panel["title"] for panel in DASHBOARDS["vanthu-operations"]["panels"]} & {
        panel["title"] for panel in DASHBOARDS["vanthu-agency"]["panels"]
    }


def series(name: str, instance: str, values: str) -> dict[str, str]:
    labels = f'job="vanthu", instance="{instance}"'
    if name != "up":
        labels += f', agency="so-y-te", direction="internal", verdict="{instance}"'
    return {"series": f"{name}{{{labels}}}", "values": values}


def test_a_bar_counts_first_events_and_no_outage(tmp_path: Path) -> None:
    """One sample a minute, bars of ten. Each case is a host of its own, and a verdict of the same name."""
    (expr,) = [expr for title, expr in QUERIES if title == "Mails by verdict"]
    cases = {
        "steady": ("1x120", "0+1x120"),
        "blip": ("1x29 0x5 1x90", "0+1x29 _x6 36+1x90"),  # a host that was away for some minutes
        "born": ("1x120", "_x30 3x90"),  # the first mails of a host that Prometheus watches
        "joined": ("_x30 1x90", "_x30 100x90"),  # a host that Prometheus did not know
        "down": ("1x20 0x40 1x60", "50x20 _x41 90+1x60"),  # a host that did not answer for long
        "unwatched": ("1x20 _x40 1x60", "50x20 _x41 90+1x60"),  # Prometheus itself was away
        "lost": ("1x120", "70x32 0x90"),  # the state of a host was lost: it counts anew
    }
    expected = {
        "18m": {"steady": 10, "blip": 10, "down": 0, "unwatched": 0, "lost": 0},
        "33m": {"steady": 10, "blip": 6, "born": 3, "joined": 100, "down": 0, "unwatched": 0, "lost": 0},
        "43m": {"steady": 10, "blip": 14, "born": 0, "joined": 0, "lost": 0},
        "65m": {"steady": 10, "blip": 10, "born": 0, "joined": 0, "lost": 0},
        "80m": {"steady": 10, "blip": 10, "born": 0, "joined": 0, "down": 10, "unwatched": 10, "lost": 0},
    }
    given = [series("up", case, up) for case, (up, _) in cases.items()]
    given += [series("vanthu_messages_total", case, values) for case, (_, values) in cases.items()]
    query = expr.replace("$agency", ".*").replace("$__interval", "10m")
    checks = [
        {
            "expr": query,
            "eval_time": at,
            "exp_samples": [{"labels": f'{{verdict="{case}"}}', "value": value} for case, value in found.items()],
        }
        for at, found in expected.items()
    ]
    file = tmp_path / "bars.yml"
    file.write_text(
        yaml.safe_dump({"tests": [{"interval": "1m", "input_series": given, "promql_expr_test": checks}]})
    )
    done = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
