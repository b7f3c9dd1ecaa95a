"""Ratios are taken within rounds; a target is judged only where both peers ran."""

from __future__ import annotations

from typing import Any

from bench.report import Bound, judged, line, series, table


def _rows(**peers: list[float]) -> list[dict[str, Any]]:
    return [
        {"round": number, "peer": name.replace("_", " "), "cpu_us": value, "rate": value}
        for name, values in peers.items()
        for number, value in enumerate(values)
    ]


def test_judged() -> None:
    sections = {
        "raw": _rows(vanthu=[50, 70, 60], rspamd=[100, 100, 100]),
        "end_to_end": _rows(vanthu=[9], rspamd=[10]),
    }
    assert [(one["name"], one["ratio"], one["pass"]) for one in judged(sections)] == [
        ("CPU beside rspamd", 0.6, True),
        ("Postfix beside rspamd", 0.9, False),
    ]


def test_table() -> None:
    rows = _rows(vanthu=[50, 70, 60], rspamd=[100, 100, 100])
    assert series(rows, "vanthu", "cpu_us") == [50, 70, 60]
    lines = table("Title", rows, {"cpu_us": "µs"}, {"cpu_us": "vanthu's"}).splitlines()
    assert lines[0] == "Title"
    assert [line.split() for line in lines[2:]] == [["vanthu", "60.0", "1.00×"], ["rspamd", "100.0", "0.60×"]]


def test_a_part_that_did_not_run_is_not_judged() -> None:
    assert judged({"kinds": _rows(vanthu=[50], rspamd=[100])}) == []


def test_bound() -> None:
    bound = Bound("Each, kB", "idle", "cpu_us", 20)
    (found,) = judged({"idle": _rows(vanthu=[30, 19, 21])}, (), (bound,))
    assert (found["value"], found["pass"]) == (21, False)
    assert line(found) == "  missed  Each, kB: 21.00 (wanted ≤ 20)"
    assert judged({}, (), (bound,)) == []
