"""Filters side by side over the raw milter protocol: 8 sessions on a Unix socket, CPU and rate."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import Any

from bench import workload
from bench.measure import cpu_seconds, settled_cpu_seconds
from bench.peers import Peer
from support.milter_load import load
from support.milter_wire import Mail

SESSIONS = 8


def once(peer: Peer, mails: Sequence[Mail], *, messages: int, sessions: int = SESSIONS) -> dict[str, Any]:
    """What ``messages`` mails cost one peer, and how long they took. Raises RuntimeError where one does not pass."""
    before = cpu_seconds(peer.pid)
    done = load(peer.address, mails, messages=messages, sessions=sessions)
    cpu = settled_cpu_seconds(peer.pid) - before
    if set(done.verdicts) != {"accept"}:
        raise RuntimeError(f"{peer.name}: {dict(done.verdicts)}")
    latencies = sorted(done.latencies)
    return {
        "messages": messages,
        "seconds": done.seconds,
        "rate": messages / done.seconds,
        "cpu_us": cpu / messages * 1e6,
        "p50_ms": statistics.median(latencies) * 1e3,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1e3,
    }


def rounds(peers: Sequence[Peer], kind: str, *, count: int, messages: int) -> Iterator[dict[str, Any]]:
    """One row a peer and round, peers in turn. Raises RuntimeError where a mail is not let pass."""
    mails = workload.mails(kind)
    for peer in peers:
        load(peer.address, mails, messages=messages // 4, sessions=SESSIONS)  # warm-up
        settled_cpu_seconds(peer.pid)
    for number in range(count):
        for peer in peers:
            yield {"round": number, "peer": peer.name, "kind": kind, **once(peer, mails, messages=messages)}
