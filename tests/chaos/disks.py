"""File systems of the daemon's own that can be full from one moment to the next.

They are mounted in the mount namespace that we are in; run.py sees to it that it is ours alone.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from support.running import Running

DISKS = ("journal", "state", "store")
_ROOM = "2g"


class Disks(Running):
    """One below ``folder`` for each of DISKS, while ``with Disks(folder)`` lasts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mounted: list[Path] = []

    def start(self) -> None:
        for name in DISKS:
            place = self._folder / name
            place.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_ROOM},mode=755", "none", place], check=True)
            self._mounted.append(place)

    def close(self) -> None:
        """Unmounts them; what was in them is gone."""
        while self._mounted:
            subprocess.run(["umount", "--lazy", self._mounted.pop()], check=False)

    def fill(self, name: str) -> None:
        """Not a byte more fits from now on."""
        place = self._folder / name
        for _ in range(50):  # somebody may write between the look and the mount
            now = os.statvfs(place)
            used = (now.f_blocks - now.f_bfree) * now.f_bsize
            if self._resize(place, str(max(used, now.f_bsize))):
                return
        raise RuntimeError(f"{place} cannot be made full")

    def empty(self, name: str) -> None:
        """There is room again."""
        self._resize(self._folder / name, _ROOM)

    @staticmethod
    def _resize(place: Path, size: str) -> bool:
        done = subprocess.run(["mount", "-o", f"remount,size={size}", place], check=False, capture_output=True)
        return done.returncode == 0
