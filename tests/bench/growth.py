"""What a mail costs where an installation is large: rules, mailboxes, recipients, bytes.

Of each pair both daemons (or both mails) are measured in turn, in the same rounds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import raw, report, workload
from bench.measure import median_ratio
from bench.peers import ROOT, Peer, as_peer
from bench.raw import Turn
from support.milter_wire import Mail
from support.places import open_folder
from support.policies import BASES, province_rules
from support.vanthu import Vanthu

POLICIES = ROOT / "policies"
LARGE = 50 << 20


# What is shown beside what, and how many times as much it may cost; None: shown only.
PAIRS: Mapping[tuple[str, str], float | None] = {
    ("1,000 rules", "10 rules"): 2.0,
    ("100,000 mailboxes", "100 mailboxes"): 1.05,
    ("1,000 recipients", "1 recipient"): None,
    ("50 MB", "2 kB"): None,
}
TARGETS = tuple(
    report.Target(f"CPU: {over} beside {under}", "growth", "cpu_us", over, under, limit, at_most=True)
    for (over, under), limit in PAIRS.items()
    if limit is not None
)


def rounds(*, count: int, messages: int) -> Iterator[dict[str, Any]]:
    """Rows of all pairs. Raises RuntimeError where a mail is not let pass."""
    plain = workload.mails("plain")
    with open_folder("growth") as folder:
        policies = {name: rules(folder, number) for name, number in (("10 rules", 10), ("1,000 rules", 1000))}
        registers = {f"{number:,} mailboxes": register(folder, number) for number in (100, 100_000)}
        yield from _apart({name: {"policies": place} for name, place in policies.items()}, plain, count, messages)
        yield from _apart({name: {"register": place} for name, place in registers.items()}, plain, count, messages)
        with ExitStack() as stack:
            peer = _vanthu(stack, register=registers["100 mailboxes"])
            crowd = [b"citizen%d@gmail.com" % number for number in range(1000)]
            circular = [workload.wrapped(workload.KINDS["plain"](number), number, crowd) for number in range(4)]
            one = Turn("1 recipient", peer, plain, messages // 5)
            yield from _rounds([one, Turn("1,000 recipients", peer, circular, messages // 100, 2)], range(count))
            huge = [workload.wrapped(large(LARGE, number), number) for number in range(2)]
            # One after the other: how many such mails are in memory at once is a limit, not a cost.
            small = Turn("2 kB", peer, plain, messages // 5)
            yield from _rounds([small, Turn("50 MB", peer, huge, 0, 1)], range(count))


def _apart(
    sides: Mapping[str, Mapping[str, Path]], mails: Sequence[Mail], count: int, messages: int
) -> Iterator[dict[str, Any]]:
    """Both sides of a pair, by name with what they are started with, new daemons in every round: two daemons that are
    alike differ by some hundredths for as long as they live, as their memory lies differently."""
    for number in range(count):
        with ExitStack() as stack:
            turns = [Turn(name, _vanthu(stack, **made), mails, messages) for name, made in sides.items()]
            yield from _rounds(turns, [number])


def _rounds(turns: list[Turn], numbers: Iterable[int]) -> Iterator[dict[str, Any]]:
    for turn in turns:  # warm-up
        raw.sample(turn.peer, turn.mails, messages=max(2, turn.messages // 4), sessions=turn.sessions)
    for number in numbers:
        yield from raw.in_turn(turns, number)


def _vanthu(stack: ExitStack, *, policies: Path = POLICIES, register: Path | None = None) -> Peer:
    return as_peer(stack.enter_context(Vanthu(policies=policies, register=register)))


def rules(folder: Path, count: int) -> Path:
    """A policy of ``count`` rules, each but the first ten for an office of its own, none of which our mails break."""
    place = folder / f"rules-{count}"
    place.mkdir()
    content = {"version": 1, "rules": province_rules(count)}
    (place / "rules.yaml").write_text(json.dumps(content, default=str), encoding="utf-8")
    (place / "bases.yaml").write_text(json.dumps(BASES), encoding="utf-8")
    return place


def register(folder: Path, count: int) -> Path:
    """One office with ``count`` mailboxes, the sender's among them."""
    place = folder / f"register-{count}"
    place.mkdir()
    office = workload.SENDER.decode().partition("@")[2]
    (place / "agencies.csv").write_text(f"slug,name,domains\nso-y-te,Sở Y tế,{office}\n", encoding="utf-8")
    others = "".join(f"u{number}@{office},Nguyễn Văn {number},so-y-te\n" for number in range(count - 1))
    sender = f"{workload.SENDER.decode()},Nguyễn Văn An,so-y-te\n"
    (place / "mailboxes.csv").write_text(f"address,name,agency\n{sender}{others}", encoding="utf-8")
    return place


def large(size: int, number: int) -> bytes:
    """A letter with one attachment of a kind that nobody reads, ``size`` bytes as it travels; each has its number."""
    head = f"From: {workload.SENDER.decode()}\nSubject: large {number}\nMIME-Version: 1.0\n"
    head += "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
    first = b"%076d\n" % number
    return head.encode() + first + (b"A" * 76 + b"\n") * (size // 78 - 1)


def table(rows: report.Rows) -> str:
    """A line a case, and each pair's ratio."""
    lines = [report.table("\nGrowth, CPU a mail", rows, {"cpu_us": "CPU µs/mail", "rate": "mails/s"}, {})]
    for over, under in PAIRS:
        ratio = median_ratio(report.series(rows, over, "cpu_us"), report.series(rows, under, "cpu_us"))
        lines.append(f"  {over} beside {under}: {ratio:.2f}×")
    return "\n".join(lines)
