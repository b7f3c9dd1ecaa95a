"""A real Prometheus over a real daemon with traffic: every rule, alert and dashboard query, and none is empty.

One test for all of it, so that one daemon and one Prometheus serve, however many processes share the tests.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.prometheus import Prometheus
from support.prometheus_traffic import Province

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "deploy" / "grafana"))

import dashboard  # noqa: E402
import render  # noqa: E402

RULES = ROOT / "deploy" / "prometheus" / "vanthu.rules.yml"
DASHBOARDS = [dashboard.load(ROOT / "deploy" / "grafana" / name) for name in dashboard.FILES]
DASHBOARD = DASHBOARDS[0]
PANELS = {str(panel["title"]): panel for one in DASHBOARDS for panel in dashboard.panels(one)}
WRITTEN: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
]
STEP = 4  # seconds between two points of a panel: four scrapes, as with Grafana's one minute and scrapes of 15 s

PROVOKED = {
    "VanthuExceptionExpiring",
    "VanthuHoldLimit",
    "VanthuJournalDamaged",
    "VanthuNoticesFailing",
    "VanthuRefusalsSpike",
    "VanthuReloadFailed",
    "VanthuRuleUnknown",
    "VanthuSecrecyMarkSeen",
    "VanthuTempfails",
    "VanthuWorkersRestarting",
}
"""What the traffic gives cause for; every other alert must keep silent."""

AT_REST = {"Relaxed": {0.0, 1.0}, "Last reload": {0.0}, "Journal disk": {1.0}}
"""Panels that tell a state, and what it may be after this traffic; all others must show something above zero."""


def test_rules_alerts_and_dashboard_tell_what_really_happened() -> None:
    began = time.time()
    with Province() as province, Prometheus(province.vanthu.metrics_port, rules=RULES) as prometheus:
        prometheus.wait_for('up{job="vanthu"} == 1')
        for number in (1, 2):  # a second time, since a rate needs a series that was there before
            province.day()
            province.damage_journal(f"damage-{number}")
            prometheus.wait_for(f"sum(vanthu_messages_total) + sum(vanthu_tempfails_total) == {province.sent}")
            province.kill_workers(2)
        province.audit_forwards()
        province.relax("1h")
        prometheus.wait_for('ALERTS{alertname="VanthuRelaxed", alertstate="firing"}')
        province.relax("0")
        prometheus.wait_for("vanthu_relaxed == 0")
        province.refuse_reload()
        prometheus.wait_for("vanthu_config_last_reload_successful == 0")
        prometheus.wait_for("sum(vanthu_worker_restarts_total) == 4")
        prometheus.wait_for('vanthu_notices_total{status="refused"} > 0')
        prometheus.wait_for("agency:vanthu_refusals:increase1h > 10")
        prometheus.wait_for_rules()
        window = dashboard.Window(began, time.time() + STEP, scrape=STEP / 4)
        rules_are_sound(prometheus)
        alerts_have_cause(prometheus)
        no_panel_is_empty(prometheus, window)
        counts_are_those_of_the_journal(province, prometheus, window)
        a_choice_narrows_the_panels(prometheus, window)
        for one in DASHBOARDS:
            assert "no data" not in render.page(one, window, dashboard.chosen(one, {}), prometheus.ask)
        province.vanthu.stop()
        prometheus.wait_for('ALERTS{alertname="VanthuDown", alertstate="pending"}')


def rules_are_sound(prometheus: Prometheus) -> None:
    """Prometheus runs all rules, none has an error, and each recording rule has samples."""
    live = prometheus.rules()
    assert sorted(rule["name"] for rule in live) == sorted(rule.get("record") or rule["alert"] for rule in WRITTEN)
    assert [(rule["name"], rule.get("lastError")) for rule in live if rule["health"] != "ok"] == []
    recorded = [rule for rule in WRITTEN if "record" in rule]
    assert [rule["record"] for rule in recorded if not prometheus.query(rule["record"])] == []


def alerts_have_cause(prometheus: Prometheus) -> None:
    """Whatever was provoked fires, or waits for its time to pass; all else is silent; the words are complete."""
    written = {rule["alert"]: rule for rule in WRITTEN if "alert" in rule}
    assert {name for name, rule in written.items() if prometheus.query(rule["expr"])} == PROVOKED
    for live in prometheus.rules():
        if live["type"] == "alerting":
            cause = "pending" if "for" in written[live["name"]] else "firing"
            assert live["state"] == (cause if live["name"] in PROVOKED else "inactive"), live["name"]
            for alert in live["alerts"]:
                words = " ".join(alert["annotations"].values())
                assert "<no value>" not in words, words
                assert "<error" not in words, words


def no_panel_is_empty(prometheus: Prometheus, window: dashboard.Window) -> None:
    """Every query of every panel has samples, and those that count have counted something."""
    variables = dashboard.chosen(DASHBOARD, {})
    for title, panel in PANELS.items():
        for target in panel["targets"]:
            found = dashboard.evaluate({**panel, "targets": [target]}, window, variables, prometheus.ask)
            values = {value for series in found for value in series.values}
            assert values, f"{title}: {target['expr']}"
            if title in AT_REST:
                assert values <= AT_REST[title], title
            else:
                assert max(values) > 0, f"{title}: {target['expr']}"


def shown(title: str, prometheus: Prometheus, window: dashboard.Window, *agencies: str) -> float:
    """The number that a panel shows: the sum of its points."""
    variables = dashboard.chosen(DASHBOARD, {"agency": agencies})
    (series,) = dashboard.evaluate(PANELS[title], window, variables, prometheus.ask)
    return sum(series.values)


def counts_are_those_of_the_journal(province: Province, prometheus: Prometheus, window: dashboard.Window) -> None:
    """To the mail, also where a series began with its first event."""
    records = province.vanthu.records()
    refused = [one for one in records if one["decision"]["verdict"] in ("challenge", "hold", "reject")]
    lifted = [one for one in records if one["facts"]["challenge"]["status"] == "valid"]
    assert shown("Mails", prometheus, window) == len(records)
    assert shown("Refused or held", prometheus, window) == len(refused)
    assert shown("Sent on with a reason", prometheus, window) == len(lifted) == 2
    assert shown("Worker restarts", prometheus, window) == 4
    assert shown("Journal damage", prometheus, window) == 2


def a_choice_narrows_the_panels(prometheus: Prometheus, window: dashboard.Window) -> None:
    """The list of agencies is complete, and one, two or all of them can be chosen."""
    offered = dashboard.choices(DASHBOARD, prometheus.ask)["agency"]
    assert set(offered) == {"so-noi-vu", "so-tai-chinh", "so-y-te", "withheld"}
    one, two, all_ = (
        shown("Mails", prometheus, window, *some) for some in (["so-noi-vu"], ["so-noi-vu", "withheld"], [])
    )
    assert 0 < one < two < all_


def test_a_query_with_a_variable_that_nobody_knows_is_not_sent() -> None:
    window = dashboard.Window(0, 3600)
    with pytest.raises(ValueError, match="office"):
        dashboard.filled('x{agency="$office"}', window, None, {"agency": ".*"})
    assert dashboard.filled("x[$__range] y[$__interval]", window, "1m", {}) == "x[3600s] y[60s]"
