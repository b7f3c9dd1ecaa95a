"""``make soak``: mixed mail over the raw milter protocol for a long time; memory, descriptors and latency over time.

    python tests/soak/run.py [--messages N] [--seed N] [--folder DIR]

Writes ``DIR/soak.svg`` and ``DIR/soak.json`` (default build/soak). Exits 1 where memory or descriptors of any kind of
process grew (docs/chaos.md), where a verdict was a temporary failure, or where records and mails are not as many.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "milter"), str(ROOT / "tests")]

from chaos.processes import Processes  # noqa: E402  the path comes first
from chaos.traffic import Traffic  # noqa: E402
from soak.chart import chart  # noqa: E402
from support import milter_wire  # noqa: E402
from support.load import Mail  # noqa: E402
from support.milter_load import load  # noqa: E402
from support.vanthu import Vanthu  # noqa: E402

_SESSIONS = 8
_BATCH = 1000  # mails between two looks
_DISTINCT = 200  # mails of a batch; each goes several times, as a letter to many offices does
KINDS = ("supervisor", "worker", "steward", "broker", "fork server")
GROWTH = 1.05  # by which memory may be more at the end than after the first fifth
# And bytes that are no growth: caches with a bound that a short run does not fill (SQLite's pages; documents read).
_CACHES = {"steward": 10 << 20, "broker": 64 << 20}
_SLACK = 2 << 20
MORE_DESCRIPTORS = 2


@dataclass(frozen=True, slots=True)
class Look:
    """After so many mails: by kind, the most that one process holds; milliseconds of the batch before."""

    messages: int
    seconds: float
    rss: dict[str, int]
    descriptors: dict[str, int]
    p50: float
    p99: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "soak")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    looks, wrong = soak(given.messages, given.seed)
    wrong += grown(looks)
    (given.folder / "soak.json").write_text(json.dumps([asdict(one) for one in looks], indent=1), encoding="utf-8")
    (given.folder / "soak.svg").write_text(picture(looks), encoding="utf-8")
    rate = looks[-1].messages / looks[-1].seconds
    print(f"soak: {looks[-1].messages:,} mails, {rate:.0f} a second; {given.folder / 'soak.svg'}")
    print("\n".join(wrong) or "soak: nothing grew")
    return 1 if wrong else 0


def soak(messages: int, seed: int) -> tuple[list[Look], list[str]]:
    """All looks, and what went wrong."""
    traffic = Traffic(f"soak {seed}")
    token = uuid4().hex
    processes = Processes(token)
    wrong: list[str] = []
    looks: list[Look] = []
    with Vanthu(
        policies=ROOT / "tests" / "e2e" / "policies", register=ROOT / "deploy" / "demo" / "register.yaml",
        settings={"milter": {"max_holds_per_hour": messages}}, env={"VANTHU_CHAOS": token},
    ) as vanthu:  # fmt: skip
        began = time.monotonic()
        sent = 0
        while sent < messages:
            count = min(_BATCH, messages - sent)
            done = load(vanthu.socket, _mails(traffic), messages=count, sessions=_SESSIONS)
            sent += count
            if done.verdicts["tempfail"]:
                wrong.append(f"{done.verdicts['tempfail']} temporary failures before mail {sent}")
            looks.append(_look(sent, time.monotonic() - began, sorted(done.latencies), processes, vanthu))
        try:
            vanthu.wait_for_metric("vanthu_messages_total", sent, 600)
        except TimeoutError as error:
            wrong.append(str(error))
    return looks, wrong


def _mails(traffic: Traffic) -> list[milter_wire.Mail]:
    return [_wire(traffic.next(number)) for number in range(_DISTINCT)]


def _wire(mail: Mail) -> milter_wire.Mail:
    recipients = [one.encode() for one in mail.recipients]
    sender = mail.sender.encode()
    return milter_wire.Mail(sender, recipients, mail.raw, login=sender, daemon_name=b"submission", queue_id=b"4Zzw1")


def _look(messages: int, seconds: float, latencies: list[float], processes: Processes, vanthu: Vanthu) -> Look:
    now = processes.holdings(vanthu.pid, vanthu.status()).values()
    rss = {kind: max((one.rss for one in now if one.kind == kind), default=0) for kind in KINDS}
    descriptors = {kind: max((one.descriptors for one in now if one.kind == kind), default=0) for kind in KINDS}
    p99 = latencies[int(len(latencies) * 0.99)] * 1e3
    return Look(messages, seconds, rss, descriptors, statistics.median(latencies) * 1e3, p99)


def grown(looks: list[Look]) -> list[str]:
    """What is more in the last fifth than it was in the second. The first is for caches to fill."""
    fifth = len(looks) // 5
    if not fifth:
        return []
    early, late = looks[fifth : 2 * fifth], looks[-fifth:]
    found = []
    for kind in KINDS:
        before, after = (statistics.median(one.rss[kind] for one in part) for part in (early, late))
        if after > before * GROWTH + _CACHES.get(kind, _SLACK):
            found.append(f"{kind}: {before / 1e6:.0f} MB have become {after / 1e6:.0f} MB")
        before, after = (statistics.median(one.descriptors[kind] for one in part) for part in (early, late))
        if after > before + MORE_DESCRIPTORS:
            found.append(f"{kind}: {before:g} descriptors have become {after:g}")
    return found


def picture(looks: list[Look]) -> str:
    """The chart."""
    panels = [
        ("memory (MB)", {kind: [round(one.rss[kind] / 1e6, 1) for one in looks] for kind in KINDS}),
        ("descriptors", {kind: [float(one.descriptors[kind]) for one in looks] for kind in KINDS}),
        ("latency (ms)", {"p50": [round(one.p50, 2) for one in looks], "p99": [round(one.p99, 2) for one in looks]}),
    ]
    return chart(f"Soak: {looks[-1].messages:,} mails", [float(one.messages) for one in looks], panels)


if __name__ == "__main__":
    sys.exit(main())
