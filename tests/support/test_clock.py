"""The wall clock of a child runs off while it runs; its monotonic clock does not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from .clock import Clock

_PROGRAM = "import time\nwhile input():\n print(time.time(), time.monotonic(), flush=True)"


def test_a_clock_is_set_and_set_back(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | clock.env,
    ) as child:  # fmt: skip
        assert child.stdin is not None and child.stdout is not None
        for off in (0, 86_400, -3600, 0):
            clock.off(off)
            child.stdin.write("now\n")
            child.stdin.flush()
            wall, monotonic = map(float, child.stdout.readline().split())
            assert abs(wall - off - time.time()) < 5
            assert abs(monotonic - time.monotonic()) < 5
        child.stdin.write("\n")
        child.stdin.flush()
