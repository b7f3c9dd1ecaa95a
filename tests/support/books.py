"""The audit of the books: what the metrics page must say, counted again and in another way from the raw journal.

This is on purpose no call of the code under test: it reads plain JSON and knows docs/metrics.md, nothing else.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

Sample = tuple[str, tuple[tuple[str, str], ...]]


def lines(folder: Path) -> Iterator[dict[str, Any]]:
    """Every whole line of a journal as plain JSON."""
    for path in sorted(folder.glob("*.jsonl")):
        for raw in path.read_bytes().split(b"\n")[:-1]:
            yield json.loads(raw)


def _sample(name: str, **labels: str) -> Sample:
    return name, tuple(sorted(labels.items()))


def expected(folder: Path) -> dict[Sample, float]:
    """Every counter (and the number of observations of every histogram) that this journal must give."""
    books: Counter[Sample] = Counter()
    for line in lines(folder):
        if line["kind"] == "message":
            _message(books, line)
        elif line["kind"] == "failure":
            books[_sample("vanthu_tempfails_total", reason=line["details"]["reason"])] += 1
        elif line["kind"] == "worker" and line["details"].get("child", "worker") == "worker":
            books[_sample("vanthu_worker_restarts_total", reason=line["details"]["reason"])] += 1
    return dict(books)


def _agency(facts: dict[str, Any]) -> str:
    if facts["secrecy"]["score"] >= 0.2:
        return "withheld"
    if facts["forward"]["kind"] == "automatic" and facts["forward"]["agency"]:
        return str(facts["forward"]["agency"])
    if facts["direction"] == "inbound":
        registered = [one["agency"] for one in facts["recipients"] if one["agency"]]
        return str(registered[0]) if registered else "unregistered"
    if facts["direction"] == "foreign":
        return "external"
    return str(facts["sender"]["agency"] or "unregistered")


def _message(books: Counter[Sample], line: dict[str, Any]) -> None:
    facts, decision = line["facts"], line["decision"]
    agency = _agency(facts)
    if facts["hop"]["parent"] is None:
        direction = facts["direction"]
        books[_sample("vanthu_messages_total", agency=agency, direction=direction, verdict=decision["verdict"])] += 1
        for document in facts["official"]["documents"]:
            kind = document["kind"] or "unknown"
            books[_sample("vanthu_official_documents_total", agency=agency, direction=direction, kind=kind)] += 1
        for attachment in facts["attachments"]:
            if not attachment["inspected"]:
                reason = attachment["reason"] or "unknown"
                books[_sample("vanthu_uninspected_attachments_total", agency=agency, reason=reason)] += 1
        for rule in facts["challenge"]["rules"] if facts["challenge"]["status"] == "valid" else ():
            books[_sample("vanthu_overrides_total", agency=agency, rule=rule)] += 1
    for one, verdict in zip(facts["recipients"], decision["recipients"], strict=True):
        labels = {"agency": agency, "class": one["class"], "family": one["family"] or "", "verdict": verdict}
        books[_sample("vanthu_recipients_total", **labels)] += 1
    if facts["forward"]["kind"] != "none":
        for class_ in {one["class"] for one in facts["recipients"]}:
            labels = {"agency": agency, "kind": facts["forward"]["kind"], "class": class_}
            books[_sample("vanthu_forwards_total", **labels)] += 1
    for hit in decision["rules"]:
        labels = {"agency": agency, "rule": hit["id"], "mode": hit["mode"], "action": hit["action"]}
        books[_sample("vanthu_rule_hits_total", **labels)] += 1
    for unknown in decision["unknown"]:
        books[_sample("vanthu_rule_unknown_total", rule=unknown["rule"], reason=unknown["reason"])] += 1
    if line["timings"]:
        books[_sample("vanthu_inspection_seconds_count")] += 1
        for step in set(line["timings"]) - {"total"}:
            books[_sample("vanthu_inspection_step_seconds_count", step=step)] += 1


_AUDITED = (
    "vanthu_messages_total", "vanthu_recipients_total", "vanthu_official_documents_total", "vanthu_forwards_total",
    "vanthu_rule_hits_total", "vanthu_rule_unknown_total", "vanthu_overrides_total",
    "vanthu_uninspected_attachments_total", "vanthu_tempfails_total", "vanthu_worker_restarts_total",
    "vanthu_inspection_seconds_count", "vanthu_inspection_step_seconds_count",
)  # fmt: skip


def found(page: str) -> dict[Sample, float]:
    """The audited samples of a metrics page."""
    return {
        _sample(sample.name, **sample.labels): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name in _AUDITED
    }


def differences(folder: Path, page: str) -> list[str]:
    """Every sample in which the metrics page and the journal disagree, as text; empty when the books are right."""
    right, told = expected(folder), found(page)
    return [
        f"{name}{dict(labels)}: journal {right.get((name, labels), 0):g}, metrics {told.get((name, labels), 0):g}"
        for name, labels in sorted(right.keys() | told.keys())
        if right.get((name, labels), 0) != told.get((name, labels), 0)
    ]
