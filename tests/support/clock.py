"""A wall clock that can be set, for one daemon and its children (clock.c); nobody else's clock is touched.

clock = Clock(folder)
Vanthu(env=clock.env, …)
clock.off(86_400)  # tomorrow
"""

from __future__ import annotations

import mmap
import struct
import subprocess
from pathlib import Path

_SOURCE = Path(__file__).with_suffix(".c")


class Clock:
    """``env`` is what a program needs in its environment in order to believe us."""

    def __init__(self, folder: Path) -> None:
        library, place = folder / "clock.so", folder / "clock"
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", library, _SOURCE, "-ldl"], check=True
        )
        place.write_bytes(bytes(8))
        with place.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 8)
        self.env = {"LD_PRELOAD": str(library), "VANTHU_TEST_CLOCK": str(place)}

    def off(self, seconds: int) -> None:
        """From now on the clock differs by so much from the real one."""
        self._map[:] = struct.pack("=q", seconds)
