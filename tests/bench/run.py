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
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import endtoend, facts, raw, report, store
from bench.peers import PEERS
from support.places import open_folder


def main() -> int:
    arguments = _arguments()
    sections = _measure(arguments)
    judged = report.judged(sections)
    _show(sections, judged)
    stored = _store(arguments.store_records)
    result = {
        "version": 1,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "kernel": platform.release()},
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
    parser.add_argument("--rounds", type=int, default=5, help="rounds of every part (5)")
    parser.add_argument("--messages", type=int, default=1500, help="mails a round over the raw protocol (1500)")
    parser.add_argument("--mails", type=int, default=400, help="mails a round through Postfix (400)")
    parser.add_argument("--peers", default="vanthu,pymilter,c,rspamd", help=f"which of {', '.join(PEERS)}")
    parser.add_argument(
        "--store-records",
        type=int,
        default=1_000_000,
        help="records of the store's part; 0: none (1000000)",
    )
    parser.add_argument("--output", type=Path, default=Path("bench.json"), help="where the numbers go (bench.json)")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a target is missed")
    return parser.parse_args()


def _measure(arguments: argparse.Namespace) -> dict[str, list[Any]]:
    with ExitStack() as stack:
        folder = stack.enter_context(open_folder("bench"))
        running = []
        for name in arguments.peers.split(","):
            (folder / name).mkdir()
            running.append(stack.enter_context(PEERS[name](folder / name)))
        count = arguments.rounds
        alone: list[dict[str, Any]] = []
        rows = raw.rounds(running, "plain", count=count, messages=arguments.messages)
        return {
            "raw": list(facts.beside(rows, facts.Facts(folder, "plain"), alone)),
            "facts": alone,
            "end_to_end": list(endtoend.rounds(running, folder, "plain", count=count, messages=arguments.mails)),
        }


def _store(count: int) -> dict[str, Any]:
    """The store by itself, once nothing else runs."""
    if not count:
        return {}
    with open_folder("store") as folder:
        found = store.measured(count, folder)
    store.show(found)
    return found


def _show(sections: dict[str, list[Any]], judged: list[dict[str, Any]]) -> None:
    print(
        report.table(
            f"Raw milter protocol, Unix socket, {raw.SESSIONS} sessions, plain mail of 2 kB",
            sections["raw"],
            {"cpu_us": "CPU µs/mail", "rate": "mails/s", "p50_ms": "p50 ms", "p99_ms": "p99 ms"},
            {"cpu_us": "vanthu's CPU", "rate": "vanthu's rate"},
        )
    )
    if sections["facts"]:
        print(
            report.table(
                "\nFacts by themselves, parsing included, beside the whole of a filter that does nothing",
                sections["facts"],
                {"cpu_us": "CPU µs/mail"},
                {},
            )
        )
    print(
        report.table(
            f"\nThrough Postfix to a sink, {endtoend.SESSIONS} sessions, plain mail of 2 kB",
            sections["end_to_end"],
            {"rate": "delivered/s", "accepted_rate": "accepted/s", "cpu_us": "filter µs/mail"},
            {"rate": "vanthu's rate"},
        )
    )
    print("\nTargets")
    for one in judged:
        print(
            f"  {'met   ' if one['pass'] else 'missed'}  {one['name']}: {one['ratio']:.2f} (wanted {one['wanted']})"
        )


if __name__ == "__main__":
    sys.exit(main())
