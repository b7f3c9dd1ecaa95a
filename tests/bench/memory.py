"""Memory of the daemon after start, after 10,000 mails, and at the end: does it grow with what it has seen?

RSS of all its processes, by kind; pages that processes share count in each of them. ``make soak`` asks the same of
mixed mail, for longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench import raw, report, workload
from bench.growth import POLICIES
from bench.measure import rss_bytes, settled_cpu_seconds
from support.milter_load import load
from support.vanthu import Vanthu

EARLY = 10_000
START, MIDDLE, END = "after start", "early", "at the end"
_BATCH = 1000
TARGETS = (report.Target("RSS at the end beside early", "memory", "rss_mb", END, MIDDLE, 1.05, at_most=True),)


def looks(messages: int) -> Iterator[dict[str, Any]]:
    """Rows: after start, then at every stop, the last at the end. Raises RuntimeError where a mail does not pass."""
    mails = workload.mails("plain")
    with Vanthu(policies=POLICIES) as daemon:
        yield _look(daemon, 0, START)
        sent = 0
        for stop, name in stops(messages):
            while sent < stop:
                count = min(_BATCH, stop - sent)
                done = load(daemon.socket, mails, messages=count, sessions=raw.SESSIONS)
                if set(done.verdicts) != {"accept"}:
                    raise RuntimeError(f"vanthu: {dict(done.verdicts)}")
                sent += count
            yield _look(daemon, sent, name)


def stops(messages: int) -> list[tuple[int, str]]:
    """After how many mails to look, and what that look is called: every tenth of all of them, and ``early``.

    That is after 10,000 mails, or half-way where there are less than 20,000.
    """
    names = dict.fromkeys(range(messages // 10, messages, max(1, messages // 10)), "between")
    names |= {min(EARLY, messages // 2): MIDDLE, messages: END}
    return sorted(names.items())


def _look(daemon: Vanthu, sent: int, name: str) -> dict[str, Any]:
    settled_cpu_seconds(daemon.pid, 60.0)
    kinds: dict[str, float] = {}
    for child in daemon.children():
        kinds[child["kind"]] = kinds.get(child["kind"], 0.0) + rss_bytes(child["pid"]) / 1e6
    return {"round": 0, "peer": name, "messages": sent, "rss_mb": rss_bytes(daemon.pid) / 1e6, "kinds_mb": kinds}


def table(rows: report.Rows) -> str:
    """A line a look, kinds of processes beside each other (the broker's with the processes that read)."""
    kinds = list(rows[0]["kinds_mb"])
    lines = ["\nMemory, RSS in MB", f"  {'mails':>9}{'all':>9}" + "".join(f"{kind:>12}" for kind in kinds)]
    for row in rows:
        cells = "".join(f"{row['kinds_mb'].get(kind, 0):12.1f}" for kind in kinds)
        lines.append(f"  {row['messages']:9,}{row['rss_mb']:9.1f}{cells}  {row['peer']}")
    return "\n".join(lines)
