"""Filters side by side over the raw milter protocol: 8 sessions on a Unix socket, CPU and rate.

A round's mails go in parts, every peer's in turn: what the machine does meanwhile falls on all of them alike.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench import workload
from bench.measure import cpu_seconds, settled_cpu_seconds
from bench.peers import Peer
from support.milter_load import load
from support.milter_wire import Mail

SESSIONS = 8
_PARTS = 4  # of a round


@dataclass(frozen=True, slots=True)
class Turn:
    """One side of what is compared: its name, who is asked, with which mails, how many a round, in what sessions."""

    name: str
    peer: Peer
    mails: Sequence[Mail]
    messages: int
    sessions: int = SESSIONS


@dataclass(frozen=True, slots=True)
class Sample:
    """What some mails cost: processor time and time by the clock, in seconds, and how long each took."""

    messages: int
    cpu: float
    seconds: float
    latencies: Sequence[float]


def sample(peer: Peer, mails: Sequence[Mail], *, messages: int, sessions: int = SESSIONS) -> Sample:
    """Sends ``messages`` mails to one peer. Raises RuntimeError where one does not pass."""
    before = cpu_seconds(peer.pid)
    done = load(peer.address, mails, messages=messages, sessions=sessions)
    cpu = settled_cpu_seconds(peer.pid, quiet=peer.quiet) - before
    if set(done.verdicts) != {"accept"}:
        raise RuntimeError(f"{peer.name}: {dict(done.verdicts)}")
    return Sample(messages, cpu, done.seconds, done.latencies)


def row(samples: Sequence[Sample]) -> dict[str, Any]:
    """Several samples as one."""
    messages, seconds = sum(one.messages for one in samples), sum(one.seconds for one in samples)
    latencies = sorted(latency for one in samples for latency in one.latencies)
    return {
        "messages": messages,
        "seconds": seconds,
        "rate": messages / seconds,
        "cpu_us": sum(one.cpu for one in samples) / messages * 1e6,
        "p50_ms": statistics.median(latencies) * 1e3,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1e3,
    }


def in_turn(turns: Sequence[Turn], number: int) -> Iterator[dict[str, Any]]:
    """One round, a row for each of ``turns``. Who comes first in one part comes last in the next."""
    samples: list[list[Sample]] = [[] for _ in turns]
    for part in range(_PARTS):
        places = range(len(turns)) if (number + part) % 2 == 0 else reversed(range(len(turns)))
        for place in places:
            turn = turns[place]
            messages = max(2, turn.messages // _PARTS)
            samples[place].append(sample(turn.peer, turn.mails, messages=messages, sessions=turn.sessions))
    for turn, taken in zip(turns, samples, strict=True):
        yield {"round": number, "peer": turn.name, **row(taken)}


def rounds(peers: Sequence[Peer], kind: str, *, count: int, messages: int) -> Iterator[dict[str, Any]]:
    """One row a peer and round. Raises RuntimeError where a mail is not let pass."""
    mails = workload.mails(kind)
    for peer in peers:
        sample(peer, mails, messages=messages // 4)  # warm-up
    turns = [Turn(peer.name, peer, mails, messages) for peer in peers]
    for number in range(count):
        for found in in_turn(turns, number):
            yield {**found, "kind": kind}
