"""What a connection costs that is open and says nothing: memory of the whole process tree with 10 and with 1,000."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from bench import report, workload
from bench.growth import POLICIES
from bench.measure import rss_bytes, settled_cpu_seconds
from support.milter_client import MilterSession
from support.milter_load import load
from support.vanthu import Vanthu

FEW, MANY = 10, 1000
_WARM_UP = 2000
BOUNDS = (report.Bound("Idle connection, kB", "idle", "each_kb", 20.0),)


def rounds(*, count: int) -> Iterator[dict[str, Any]]:
    """One row a round, each from a daemon of its own: memory that was once taken does not all come back."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4 * MANY)), hard))
    plain = workload.mails("plain")
    for number in range(count):
        # By default a worker serves 200; that limit is not what is asked for here.
        with (
            Vanthu(policies=POLICIES, settings={"milter": {"max_sessions": 2 * MANY}}) as daemon,
            ExitStack() as held,
        ):
            # What is built or cached at the first mails is no connection's.
            load(daemon.socket, plain, messages=_WARM_UP)
            opened = 0
            taken = []
            for wanted in (FEW, MANY):
                for _ in range(wanted - opened):
                    session = held.enter_context(MilterSession(daemon.socket))
                    # As Postfix leaves it behind a mail: what the filter keeps of a session is there.
                    session.send(plain[0])
                opened = wanted
                settled_cpu_seconds(daemon.pid)
                time.sleep(0.5)
                taken.append(rss_bytes(daemon.pid))
        few, many = taken
        yield {
            "round": number,
            "peer": "vanthu",
            "few_mb": few / 1e6,
            "many_mb": many / 1e6,
            "each_kb": (many - few) / (MANY - FEW) / 1e3,
        }


def table(rows: report.Rows) -> str:
    """One line."""
    few, many, each = (statistics.median(row[key] for row in rows) for key in ("few_mb", "many_mb", "each_kb"))
    return (
        f"\nIdle connections: {few:.1f} MB with {FEW}, {many:.1f} MB with {MANY:,} (RSS of all processes): "
        f"{each:.1f} kB each"
    )
