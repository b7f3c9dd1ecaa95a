"""How long a plain mail waits while scans are read: open loop, at parts of what the mix can do at most.

The mix: of fifty mails 49 are plain and one carries a scan that nobody has seen. What it can do at most is measured
in every round, closed loop: so many mails a second, scans being the slow ones. Then mails arrive at a part of that
rate, independently of each other, and are answered when they are.
"""

from __future__ import annotations

import itertools
import random
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from bench import papers, report, workload
from bench.arrivals import Answered, Arrival, Pool, on_time, poisson
from bench.peers import Peer
from support.milter_load import load
from support.milter_wire import Mail

SHARES = (0.3, 0.6, 0.9)
EVERY = 50  # one of so many carries a scan
SESSIONS = 8  # of the closed loop: as many as may wait for scans in one worker
_SCANS = 10
_LATE_MS = 5.0
_TAIL = 20  # the slowest that a row keeps: enough for p99.9 of all rounds together


def _name(share: float) -> str:
    return f"at {share:.0%} of capacity"


BOUNDS = (report.Bound("p99 of plain mail at 60 % of capacity, ms", "latency", "p99_ms", 50.0, _name(0.6)),)


class Mix:
    """The mails in order, forever: one scan at a random place of every fifty, no scan twice."""

    def __init__(self, seed: int) -> None:
        self._source = random.Random(seed)
        self._plain = itertools.cycle(workload.mails("plain"))
        self._numbers = itertools.count(1)
        self._block: list[bool] = []

    def take(self, count: int) -> list[tuple[Mail, bool]]:
        """The next mails, each with whether it carries a scan."""
        return [self._next() for _ in range(count)]

    def _next(self) -> tuple[Mail, bool]:
        if not self._block:
            place = self._source.randrange(EVERY)
            self._block = [number == place for number in range(EVERY)]
        if not self._block.pop():
            return next(self._plain), False
        number = next(self._numbers)
        return workload.wrapped(papers.with_file("quet.pdf", papers.scan_file(number), number), number), True


def rounds(peer: Peer, *, count: int, seconds: float) -> Iterator[dict[str, Any]]:
    """A row a share and round, each over ``seconds``. Raises RuntimeError where a plain mail does not pass."""
    mix = Mix(seed=1)
    capacity(peer, mix, scans=1)  # warm-up
    with closing(Pool(peer.address, workload.mails("plain", 1)[0])) as pool:
        for number in range(count):
            most = capacity(peer, mix, scans=_SCANS)
            for share in SHARES:
                due = poisson(share * most, seconds, seed=number * 100 + round(share * 100))
                mails = mix.take(len(due))
                arrivals = [Arrival(when, mail) for when, (mail, _) in zip(due, mails, strict=True)]
                with on_time():
                    answers = pool.play(arrivals)
                named = {"round": number, "peer": _name(share), "share": share, "capacity": most}
                yield {**named, "most_sessions": pool.most, **figures(answers, [scan for _, scan in mails])}


def capacity(peer: Peer, mix: Mix, *, scans: int) -> float:
    """Mails of the mix a second, closed loop. Raises RuntimeError where one does not pass."""
    mails = [mail for mail, _ in mix.take(scans * EVERY)]
    done = load(peer.address, mails, messages=len(mails), sessions=SESSIONS)
    if set(done.verdicts) != {"accept"}:
        raise RuntimeError(f"{peer.name}: {dict(done.verdicts)}")
    return len(mails) / done.seconds


def figures(answers: Sequence[Answered], scans: Sequence[bool]) -> dict[str, Any]:
    """Of one stretch: plain mail and scans apart, and how late the mails were sent. Raises RuntimeError."""
    plain = [one for one, scan in zip(answers, scans, strict=True) if not scan]
    others = [one for one, scan in zip(answers, scans, strict=True) if scan]
    if (verdicts := Counter(one.verdict for one in plain)).keys() - {"accept"}:
        raise RuntimeError(f"plain mail: {dict(verdicts)}")
    seconds = sorted(one.seconds * 1e3 for one in plain)
    late = sorted(one.late * 1e3 for one in answers)
    return {
        "plain": len(plain),
        "scans": len(others),
        "p50_ms": quantile(seconds, 0.5),
        "p99_ms": quantile(seconds, 0.99),
        "slowest_ms": seconds[-_TAIL:],
        "scan_p50_ms": statistics.median(one.seconds * 1e3 for one in others) if others else None,
        "scan_verdicts": dict(Counter(one.verdict for one in others)),
        "late_p99_ms": quantile(late, 0.99),
    }


def quantile(ordered: Sequence[float], part: float) -> float:
    """The least value with at least ``part`` of all at or below it, ``ordered`` being sorted."""
    return ordered[-_above(len(ordered), part) - 1]


def _above(count: int, part: float) -> int:
    """How many of ``count`` may be above the quantile; the thousandth is for ``part`` not being exact."""
    return min(count - 1, int(count * (1 - part) + 0.001))


def tail(rows: report.Rows, part: float) -> float:
    """The same of all rounds together, of the slowest that their rows have kept."""
    above = _above(sum(row["plain"] for row in rows), part)
    assert above < _TAIL, "the rows have not kept enough of the slowest"
    return sorted(value for row in rows for value in row["slowest_ms"])[-above - 1]


def table(rows: report.Rows) -> str:
    """A line a share: medians of rounds; p99.9 of all rounds together, since one has too few mails for it."""
    most = statistics.median(row["capacity"] for row in rows)
    lines = [
        f"\nPlain mail while scans are read (one of {EVERY}), open loop; capacity of the mix {most:.1f} mails/s",
        "  " + f"{'':22}" + "".join(f"{one:>14}" for one in ("p50 ms", "p99 ms", "p99.9 ms", "plain mails"))
        + f"{'scans':>8}{'p50 ms':>10}{'451':>6}{'client late':>14}",
    ]  # fmt: skip
    for name in dict.fromkeys(str(row["peer"]) for row in rows):
        these = [row for row in rows if row["peer"] == name]
        p50, p99, late = (statistics.median(row[key] for row in these) for key in ("p50_ms", "p99_ms", "late_p99_ms"))
        scans = [row["scan_p50_ms"] for row in these if row["scan_p50_ms"] is not None]
        delayed = sum(row["scan_verdicts"].get("tempfail", 0) for row in these)
        line = f"  {name:22}{p50:14.1f}{p99:14.1f}{tail(these, 0.999):14.1f}{sum(row['plain'] for row in these):14}"
        line += f"{sum(row['scans'] for row in these):8}{statistics.median(scans):10.0f}{delayed:6}{late:11.1f} ms"
        lines.append(line + ("  the client itself was late" if late > _LATE_MS else ""))
    return "\n".join(lines)
