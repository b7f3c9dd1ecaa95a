"""Alerts: promtool accepts and tests them all, each has a runbook that answers the three questions."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from vanthu.projections import catalogue

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((FOLDER / "vanthu.rules.yml").read_text())["groups"] for rule in group["rules"]
]
ALERTS = [rule for rule in RULES if "alert" in rule]
TESTS = sorted((FOLDER / "tests").glob("*.yml"))


def promtool(*arguments: str | Path) -> None:
    done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_accepts_rules_and_their_tests() -> None:
    promtool("check", "rules", FOLDER / "vanthu.rules.yml")
    promtool("test", "rules", *TESTS)


def test_promtool_accepts_the_scrape_snippet() -> None:
    promtool("check", "config", "--syntax-only", FOLDER / "scrape.yml")


@pytest.mark.parametrize("alert", ALERTS, ids=lambda rule: str(rule["alert"]))
def test_every_alert_is_tested_both_ways_and_has_a_runbook(alert: dict[str, Any]) -> None:
    name = alert["alert"]
    cases = yaml.safe_load((FOLDER / "tests" / f"{name}.yml").read_text())["tests"]
    checks = [check for case in cases for check in case["alert_rule_test"] if check["alertname"] == name]
    assert any(check["exp_alerts"] for check in checks)
    assert any(not check["exp_alerts"] for check in checks) or name == "VanthuExceptionExpiring"
    assert alert["labels"]["severity"] in {"critical", "warning", "info"}
    assert alert["annotations"]["runbook_url"] == f"docs/runbooks/{name}.md"
    page = (ROOT / alert["annotations"]["runbook_url"]).read_text()
    for heading in ("## What it means", "## What users see", "## What to do"):
        assert heading in page


def test_no_runbook_and_no_test_is_left_over() -> None:
    names = {alert["alert"] for alert in ALERTS}
    assert {file.stem for file in TESTS} == names
    assert {file.stem for file in (ROOT / "docs" / "runbooks").glob("Vanthu*.md")} == names


def test_rules_use_only_metrics_and_labels_that_we_expose() -> None:
    labels = {metric.name: set(metric.labels) for metric in catalogue.METRICS}
    for rule in RULES:
        for name, selector in re.findall(r"(?<!:)\b(vanthu_[a-z_]+)\b(?!:)(?:\{([^}]*)\})?", rule["expr"]):
            base = name if name in labels else re.sub(r"_(bucket|sum|count)$", "", name)
            assert base in labels, name
            assert set(re.findall(r"([a-z_]+)\s*(?:=~|!~|!=|=)\s*\"", selector)) <= labels[base]
