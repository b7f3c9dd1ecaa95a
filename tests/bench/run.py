"""``make bench``: vanthu beside filters that do nothing and beside rspamd, interleaved in one run.

Only ratios within one run mean something; they are written, with every round, to bench.json. The store has no peer
to be measured beside: its targets are absolute.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import endtoend, facts, growth, idle, kinds, latency, memory, raw, report, store
from bench.peers import PEERS, Peer
from support.places import open_folder

PARTS = ("raw", "postfix", "kinds", "latency", "growth", "idle", "memory", "store")
TARGETS = (*report.TARGETS, *kinds.TARGETS, *growth.TARGETS, *memory.TARGETS)
BOUNDS = (*idle.BOUNDS, *latency.BOUNDS)
_KINDS_PEERS = ("vanthu", "noreply")


def main() -> int:
    arguments = _arguments()
    load = os.getloadavg()
    sections = _measure(arguments)
    judged = report.judged(sections, TARGETS, BOUNDS)
    _show(sections)
    stored = _store(arguments.store_records if "store" in arguments.parts else 0)
    if judged:
        print("\nTargets\n" + "\n".join(report.line(one) for one in judged))
    result = {
        "version": 1,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "kernel": platform.release()},
        "load_average": {"before": load, "after": os.getloadavg()},
        "targets": judged,
        "store": stored,
        **sections,
    }
    arguments.output.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\nEvery round is in {arguments.output}.")
    targets = [*judged, *stored.get("targets", ())]
    return 1 if arguments.strict and not all(one["pass"] for one in targets) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", type=_parts, default=PARTS, help=f"some of {','.join(PARTS)} (all)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of every part (5)")
    parser.add_argument("--messages", type=int, default=1500, help="mails a round over the raw protocol (1500)")
    parser.add_argument("--mails", type=int, default=400, help="mails a round through Postfix (400)")
    parser.add_argument(
        "--peers", default="vanthu,pymilter,noreply,c,rspamd,lean", help=f"which of {', '.join(PEERS)}"
    )
    parser.add_argument(
        "--latency-seconds", type=float, default=10.0, help="of each of three rates of arrival, in each round (10)"
    )
    parser.add_argument(
        "--memory-messages", type=int, default=20_000, help="mails of the memory's part (20000; the target's: 200000)"
    )
    parser.add_argument(
        "--store-records",
        type=int,
        default=1_000_000,
        help="records of the store's part; 0: none (1000000)",
    )
    parser.add_argument("--output", type=Path, default=Path("bench.json"), help="where the numbers go (bench.json)")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a target is missed")
    return parser.parse_args()


def _parts(text: str) -> tuple[str, ...]:
    """Raises ValueError, which argparse shows."""
    named = tuple(text.split(","))
    if not set(named) <= set(PARTS):
        raise ValueError(text)
    return named


def _measure(arguments: argparse.Namespace) -> dict[str, list[Any]]:
    """The rows of every part that was asked for, by part."""
    parts, count, messages = arguments.parts, arguments.rounds, arguments.messages
    found: dict[str, list[Any]] = {}
    names = arguments.peers.split(",")
    if {"raw", "postfix"} & set(parts):
        with _running(names) as (folder, running):
            if "raw" in parts:
                found["facts"] = []
                rows = raw.rounds(running, "plain", count=count, messages=messages)
                found["raw"] = list(facts.beside(rows, facts.Facts(folder, "plain"), found["facts"]))
            if "postfix" in parts:
                through = endtoend.rounds(running, folder, "plain", count=count, messages=arguments.mails)
                found["end_to_end"] = list(through)
    if "kinds" in parts:
        with _running([one for one in _KINDS_PEERS if one in names]) as (folder, running):
            found["kinds"] = list(kinds.rounds(running, folder, count=count, messages=messages))
    if "latency" in parts:
        with _running(["vanthu"]) as (_, (vanthu,)):
            found["latency"] = list(latency.rounds(vanthu, count=count, seconds=arguments.latency_seconds))
    if "growth" in parts:
        found["growth"] = list(growth.rounds(count=count, messages=messages))
    if "idle" in parts:
        found["idle"] = list(idle.rounds(count=count))
    if "memory" in parts:
        found["memory"] = list(memory.looks(arguments.memory_messages))
    return found


@contextmanager
def _running(names: Sequence[str]) -> Iterator[tuple[Path, list[Peer]]]:
    """A folder, and these peers in folders of their own below it."""
    with ExitStack() as stack:
        folder = stack.enter_context(open_folder("bench"))
        running = []
        for name in names:
            (folder / name).mkdir()
            running.append(stack.enter_context(PEERS[name](folder / name)))
        yield folder, running


def _store(count: int) -> dict[str, Any]:
    """The store by itself, once nothing else runs."""
    if not count:
        return {}
    with open_folder("store") as folder:
        found = store.measured(count, folder)
    store.show(found)
    return found


def _show(sections: dict[str, list[Any]]) -> None:
    if "raw" in sections:
        print(
            report.table(
                f"Raw milter protocol, Unix socket, {raw.SESSIONS} sessions, plain mail of 2 kB",
                sections["raw"],
                {"cpu_us": "CPU µs/mail", "rate": "mails/s", "p50_ms": "p50 ms", "p99_ms": "p99 ms"},
                {"cpu_us": "vanthu's CPU", "rate": "vanthu's rate"},
            )
        )
    if sections.get("facts"):
        print(
            report.table(
                "\nFacts by themselves, parsing included, beside the whole of a filter that does nothing",
                sections["facts"],
                {"cpu_us": "CPU µs/mail"},
                {},
            )
        )
    if "end_to_end" in sections:
        print(
            report.table(
                f"\nThrough Postfix to a sink, {endtoend.SESSIONS} sessions, plain mail of 2 kB",
                sections["end_to_end"],
                {"rate": "delivered/s", "accepted_rate": "accepted/s", "cpu_us": "filter µs/mail"},
                {"rate": "vanthu's rate"},
            )
        )
    for name, table in _TABLES.items():
        if sections.get(name):
            print(table(sections[name]))


_TABLES = {
    "kinds": kinds.table,
    "latency": latency.table,
    "growth": growth.table,
    "idle": idle.table,
    "memory": memory.table,
}


if __name__ == "__main__":
    sys.exit(main())
