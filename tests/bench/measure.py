"""What a process tree costs, and the middle of several rounds."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")


def process_tree(pid: int) -> Iterator[int]:
    """The process and all its living descendants."""
    yield pid
    try:
        below = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return  # it ended meanwhile
    for child in " ".join(below).split():
        yield from process_tree(int(child))


def cpu_seconds(pid: int) -> float:
    """User and system time of the tree so far, in seconds, descendants that have ended and been waited for included.

    It is utime + stime of /proc/PID/stat, read from each process's CPU clock because that counts in nanoseconds, not
    in ticks of 10 ms.
    """
    total = 0.0
    for one in process_tree(pid):
        try:
            # clock_getcpuclockid(3): the clock's number is made of the pid; 2 is CPUCLOCK_SCHED.
            total += time.clock_gettime((~one << 3) | 2)
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(") ")[2].split()
            total += (int(fields[13]) + int(fields[14])) * _TICK
        except OSError:
            continue
    return total


def settled_cpu_seconds(pid: int, seconds: float = 15.0, quiet: float = 0.1) -> float:
    """The same, once the tree is at rest: what a filter puts off until after its answer is part of its cost.

    At rest is less than 2 % of one CPU in every tenth of a second for ``quiet`` seconds. After ``seconds`` it counts
    as it stands.
    """
    begun = rested = time.monotonic()
    now = cpu_seconds(pid)
    while time.monotonic() < begun + seconds:
        time.sleep(0.1)
        before, now = now, cpu_seconds(pid)
        if now - before >= 0.002:
            rested = time.monotonic()
        elif time.monotonic() >= rested + quiet:
            break
    return now


def rss_bytes(pid: int) -> int:
    """Memory of the tree: the sum of what each process has in memory, pages that they share counted in each."""
    total = 0
    for one in process_tree(pid):
        try:
            # Not statm: the kernel counts there by CPU, and is off by some hundred kilobytes for each process.
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Rss:")) * 1024
        except OSError:
            continue  # it ended meanwhile
    return total


def median_ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of the ratios of rounds; each is taken within its round, so that drift of the machine cancels."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))
