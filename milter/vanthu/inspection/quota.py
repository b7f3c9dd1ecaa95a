"""How many mails may be held in an hour, over all workers of a node: past that, the sender keeps his mail (451)."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path


class HoldQuota:
    """One byte is appended to the file of the hour for each hold; appends are atomic, so the size is the count."""

    def __init__(self, folder: Path, most: int) -> None:
        self.folder = folder
        self.most = most
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, now: datetime) -> bool:
        """True when one more mail may be held in this hour."""
        path = self.folder / f"holds-{now:%Y%m%d%H}"
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            if os.fstat(descriptor).st_size == 0:
                self._forget(path.name)
            os.write(descriptor, b".")
            return os.fstat(descriptor).st_size <= self.most
        finally:
            os.close(descriptor)

    def _forget(self, current: str) -> None:
        """Removes the files of earlier hours, at the first hold of a new one."""
        for old in self.folder.glob("holds-*"):
            if old.name < current:
                old.unlink(missing_ok=True)
