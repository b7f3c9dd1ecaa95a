"""Large installations are what they are named after; tables show pairs; memory is looked at where it is judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench import growth, kinds, memory, workload
from vanthu.directory.load import load as load_register
from vanthu.policy.load import PolicyContext, load


def test_rules(tmp_path: Path) -> None:
    found = load(growth.rules(tmp_path, 40), PolicyContext(installation="demo"))
    assert len(found.policy.rules) == 40


def test_register(tmp_path: Path) -> None:
    found = load_register(growth.register(tmp_path, 30))
    assert len(list(found.mailboxes)) == 30
    assert found.mailbox(workload.SENDER.decode()) is not None


def test_large() -> None:
    travels = growth.large(1_000_000, 5).replace(b"\n", b"\r\n")
    assert 999_000 <= len(travels) <= 1_000_200
    assert growth.large(1000, 5) != growth.large(1000, 6)


def _row(peer: str, cpu: float, **more: object) -> dict[str, Any]:
    return {"round": 0, "peer": peer, "cpu_us": cpu, "rate": 1.0, **more}


def test_growth_table() -> None:
    rows = [_row(name, cpu) for pair in growth.PAIRS for name, cpu in zip(pair, (30.0, 20.0), strict=True)]
    assert growth.table(rows).splitlines()[-1] == "  50 MB beside 2 kB: 1.50×"


def test_kinds_table() -> None:
    rows = [
        _row("vanthu: plain", 30, kind="plain", filter="vanthu"),
        _row("no-op: plain", 10, kind="plain", filter="no-op"),
        _row("vanthu: docx", 30, kind="docx", filter="vanthu"),
        _row("no-op: docx", 15, kind="docx", filter="no-op"),
        _row("reader: docx", 20, kind="docx", filter="reader"),
    ]
    lines = [line.split() for line in kinds.table(rows).splitlines()[-2:]]
    assert lines == [["plain", "30", "10", "3.00×"], ["docx", "30", "15", "20", "2.00×", "1.50×"]]


def test_stops() -> None:
    assert [one for one in memory.stops(200_000) if one[1] != "between"] == [
        (10_000, "early"),
        (200_000, "at the end"),
    ]
    assert (500, "early") in memory.stops(1000)
    assert [number for number, _ in memory.stops(20_000)] == list(range(2000, 20_001, 2000))
