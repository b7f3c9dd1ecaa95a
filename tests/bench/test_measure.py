"""CPU of a process tree, ended children included, and the middle of rounds."""

from __future__ import annotations

import os
import subprocess
import sys

from bench.measure import cpu_seconds, median_ratio, process_tree, settled_cpu_seconds

# A parent whose one child burns 0.3 s of CPU and ends, whose other child burns 0.2 s and stays.
_BURN = "import time\nwhile time.process_time() < {}: pass\n"
_PARENT = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {_BURN.format(0.3)!r}])
stays = {_BURN.format(0.2)!r} + "print('burnt', flush=True)\\ninput()"
child = subprocess.Popen([sys.executable, "-c", stays], stdin=subprocess.PIPE)
input()
child.communicate(b"\\n")
"""


def test_tree() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdin=pipe, stdout=pipe, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "burnt\n"
        assert len(list(process_tree(parent.pid))) == 2
        spent = settled_cpu_seconds(parent.pid)
        parent.communicate("\n")
    assert 0.5 <= spent < 1.5  # three interpreters start in it


def test_own_clock() -> None:
    """The same sum that the kernel shows in ticks."""
    before = sum(os.times()[:4])
    assert before - 0.03 <= cpu_seconds(os.getpid()) <= sum(os.times()[:4]) + 0.5


def test_median_ratio() -> None:
    assert median_ratio([2, 9, 4], [1, 3, 4]) == 2


def test_rest_is_not_a_pause() -> None:
    """Who goes to work again after half a second is not at rest before."""
    burn = "end = time.process_time() + 0.2\nwhile time.process_time() < end: pass\n"
    burns = f"import time\n{burn}time.sleep(0.5)\n{burn}"
    with subprocess.Popen([sys.executable, "-c", burns + "input()"], stdin=subprocess.PIPE, text=True) as process:
        assert settled_cpu_seconds(process.pid, quiet=1.0) >= 0.4
        process.communicate("\n")
