"""Filters side by side behind a real Postfix: smtp-source, one smtpd port a filter, smtp-sink."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import workload
from bench.measure import cpu_seconds, settled_cpu_seconds
from bench.peers import Peer
from support.places import free_port
from support.postfix import Listener, Postfix, milter
from support.process import Daemon, listens

SESSIONS = 10
NONE = "no filter"


def rounds(
    peers: Sequence[Peer], folder: Path, kind: str, *, count: int, messages: int, sessions: int = SESSIONS
) -> Iterator[dict[str, Any]]:
    """One row a port and round, ports in turn; the first has no filter. Raises RuntimeError where mail is not taken.

    ``rate`` counts until the last mail has reached the sink and the queue is empty; ``accepted_rate`` until
    the client has its last 250. All filters share one Postfix, so that it is the same for all.
    """
    sample = folder / "mail"
    sample.write_bytes(workload.KINDS[kind](1))
    listeners = [Listener("none"), *(Listener(f"p{at}", milters=milter(one.address)) for at, one in enumerate(peers))]
    # in_flow_delay would hold every sender for a second as soon as mail comes in faster than it leaves.
    with _sink(folder) as sink, Postfix(listeners, next_hop=sink, parameters={"in_flow_delay": "0"}) as postfix:
        ports: list[tuple[Peer | None, int]] = [(None, postfix.ports["none"])]
        ports += [(one, postfix.ports[f"p{at}"]) for at, one in enumerate(peers)]
        for _, port in ports:
            _send(postfix, port, sample, messages // 4, sessions)  # warm-up
        for number in range(count):
            for peer, port in ports:
                before = cpu_seconds(peer.pid) if peer else 0.0
                accepted, delivered = _send(postfix, port, sample, messages, sessions)
                cpu = settled_cpu_seconds(peer.pid, quiet=peer.quiet) - before if peer else 0.0
                yield {
                    "round": number,
                    "peer": peer.name if peer else NONE,
                    "kind": kind,
                    "sessions": sessions,
                    "messages": messages,
                    "seconds": delivered,
                    "rate": messages / delivered,
                    "accepted_rate": messages / accepted,
                    "cpu_us": cpu / messages * 1e6,
                }


def _send(postfix: Postfix, port: int, sample: Path, messages: int, sessions: int) -> tuple[float, float]:
    """Seconds until all are taken, and until all are delivered."""
    command = ["smtp-source", "-s", str(sessions), "-m", str(messages), "-F", str(sample)]
    command += ["-f", workload.SENDER.decode(), "-t", workload.RECIPIENT.decode(), f"inet:127.0.0.1:{port}"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    accepted = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"smtp-source: {done.stderr}")
    postfix.wait_until_quiet(60)
    return accepted, time.perf_counter() - start


@contextmanager
def _sink(folder: Path) -> Iterator[int]:
    port = free_port()
    sink = Daemon(["smtp-sink", "-u", "nobody", f"127.0.0.1:{port}", "1000"], output=folder / "smtp-sink")
    try:
        sink.wait_until(lambda: listens(port))
        yield port
    finally:
        sink.stop()
