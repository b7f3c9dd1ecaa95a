"""The mix is what it is called, quantiles are those of plain mail, and the table says when the client was late."""

from __future__ import annotations

from typing import Any

import pytest

from bench import latency, report
from bench.arrivals import Answered
from bench.latency import Mix, figures, quantile, tail


def test_mix() -> None:
    mails = Mix(seed=1).take(4 * latency.EVERY)
    for start in range(0, len(mails), latency.EVERY):
        assert sum(scan for _, scan in mails[start : start + latency.EVERY]) == 1
    scans = [mail.raw for mail, scan in mails if scan]
    assert len(set(scans)) == len(scans) == 4
    assert all(b"quet.pdf" in raw for raw in scans)
    assert [scan for _, scan in mails] == [scan for _, scan in Mix(seed=1).take(len(mails))]


def _answers(plain: int, scans: int, scan_verdict: str = "accept") -> tuple[list[Answered], list[bool]]:
    answers = [Answered(0.001, number / 1000, "accept") for number in range(1, plain + 1)]
    answers += [Answered(0.002, 3.0, scan_verdict)] * scans
    return answers, [False] * plain + [True] * scans


def test_figures() -> None:
    found = figures(*_answers(200, 4, "tempfail"))
    assert (found["plain"], found["scans"]) == (200, 4)
    assert (found["p50_ms"], found["p99_ms"]) == pytest.approx((100, 198))
    assert found["slowest_ms"][-1] == pytest.approx(200)
    assert found["scan_p50_ms"] == pytest.approx(3000)
    assert found["scan_verdicts"] == {"tempfail": 4}
    assert found["late_p99_ms"] == pytest.approx(2)


def test_no_scan_came() -> None:
    assert figures(*_answers(5, 0))["scan_p50_ms"] is None


def test_plain_mail_has_to_pass() -> None:
    with pytest.raises(RuntimeError, match="tempfail"):
        figures([Answered(0.0, 0.1, "tempfail")], [False])


@pytest.mark.parametrize(("part", "expected"), [(0.5, 50), (0.99, 99), (0.999, 100)])
def test_quantile(part: float, expected: float) -> None:
    assert quantile(list(range(1, 101)), part) == expected
    assert quantile([7.0], part) == 7


def _rows(late: float) -> list[dict[str, Any]]:
    rows = []
    for share in latency.SHARES:
        for number in range(5):
            answers, scans = _answers(400, 2)
            row = figures(answers, scans) | {"late_p99_ms": late}
            rows.append({"round": number, "peer": f"at {share:.0%} of capacity", "capacity": 40.0, **row})
    return rows


def test_the_tail_of_all_rounds_is_that_of_all_mails() -> None:
    every = sorted(one.seconds * 1e3 for one in _answers(400, 2)[0][:400] * 5)
    rows = [row for row in _rows(1.0) if "60" in row["peer"]]
    assert tail(rows, 0.999) == pytest.approx(quantile(every, 0.999))


def test_table() -> None:
    lines = latency.table(_rows(1.0)).splitlines()
    assert "capacity of the mix 40.0 mails/s" in lines[1]
    assert " ".join(lines[4].split()) == "at 60% of capacity 200.0 396.0 400.0 2000 10 3000 0 1.0 ms"
    assert "late" not in lines[4]
    assert latency.table(_rows(6.0)).splitlines()[4].endswith("the client itself was late")


def test_bound() -> None:
    (found,) = report.judged({"latency": _rows(1.0)}, (), latency.BOUNDS)
    assert (found["value"], found["pass"]) == (pytest.approx(396), False)
