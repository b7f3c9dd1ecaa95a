"""Whether anything stays behind: processes, descriptors, threads, memory and files, when all is quiet again."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from .house import House
from .processes import Holding

# What a process of each kind may hold when nothing goes on: descriptors, threads, megabytes. libmilter keeps a pool
# of threads; the broker has its cache.
_MOST = {
    "supervisor": (20, 2, 120), "worker": (20, 44, 250), "broker": (16, 2, 200), "fork server": (12, 2, 120),
    "steward": (36, 14, 250),
}  # fmt: skip
_MEGABYTE = 1 << 20


def holdings(house: House) -> dict[int, Holding]:
    """What each process holds now."""
    return house.processes.holdings(house.vanthu.pid, house.vanthu.status())


def leaks(house: House, seconds: float = 20.0) -> list[str]:
    """What is too much, once it no longer goes away by itself."""
    end = time.monotonic() + seconds
    while True:
        found = _leaks(house)
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.3)


def _leaks(house: House) -> list[str]:
    now = holdings(house)
    settings = house.vanthu.settings["milter"]
    wanted = Counter({"worker": settings["workers"]}) + Counter({kind: 1 for kind in _MOST if kind != "worker"})
    there = Counter(one.kind for one in now.values())
    found = [
        f"{there[kind]} of kind {kind}, not {wanted[kind]}" for kind in there | wanted if there[kind] != wanted[kind]
    ]
    for pid, one in now.items():
        if one.kind in _MOST:
            found += _too_much(pid, one)
        else:
            found.append(f"{one.kind} {pid}: {_of(pid)}")
    return found + _files(house, now)


def _too_much(pid: int, one: Holding) -> list[str]:
    descriptors, threads, megabytes = _MOST[one.kind]
    found = []
    if one.descriptors > descriptors:
        found.append(f"{one.kind} {pid} has {one.descriptors} descriptors")
    if one.deleted:
        found.append(f"{one.kind} {pid} has {one.deleted} deleted files open")
    if one.threads > threads:
        found.append(f"{one.kind} {pid} has {one.threads} threads")
    if one.rss > megabytes * _MEGABYTE:
        found.append(f"{one.kind} {pid} has {one.rss // _MEGABYTE} MB")
    return found


def _of(pid: int) -> str:
    """Who that is."""
    with suppress(OSError):
        entry = Path(f"/proc/{pid}")
        fields = (entry / "stat").read_text().rpartition(") ")[2].split()
        waits = (entry / "wchan").read_text()
        return f"state {fields[0]}, child of {fields[1]}, {fields[11]} ticks of processor, waits in {waits}"
    return "gone"


def _files(house: House, now: Mapping[int, Holding]) -> list[str]:
    workers = {f"inhand-{pid}" for pid, one in now.items() if one.kind == "worker"}
    mail = {path.name for path in (house.vanthu.state / "mail").iterdir() if path.name.startswith("inhand-")}
    found = [f"state/mail/{name} is of nobody" for name in sorted(mail - workers)]
    found += [f"{path} stays behind" for path in sorted(house.temporary.iterdir())]
    drafts = [*house.vanthu.state.rglob("*.draft"), *house.vanthu.state.rglob(".*"), *house.vanthu.journal.glob(".*")]
    return found + [f"{path} stays behind" for path in drafts if path.is_file()]


def table(house: House) -> str:
    """One line: what the processes hold, for who watches."""
    now = sorted(holdings(house).values(), key=lambda one: one.kind)
    return "; ".join(
        f"{one.kind} {one.descriptors} fds {one.threads} threads {one.rss // _MEGABYTE} MB" for one in now
    )
