"""How many wrong codes a login may send in an hour, over all workers of a node.

Beyond that no code is honoured and none is given: what would be challenged is held, so nobody can go on guessing.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from ..facts.model import Challenge, Facts

MOST = 10


class Attempts:
    """One byte is appended to a file of login and hour for each wrong code; the size is the count."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.folder = folder
        self.most = most
        folder.mkdir(parents=True, exist_ok=True)

    def judge(self, facts: Facts) -> tuple[Facts, bool]:
        """The facts, in which a code counts for nothing once too many were wrong, and whether that is so.

        Whoever gave no reason has not guessed. Costs nothing for mail without a tag.
        """
        challenge = facts.challenge
        if challenge.status == "none" or facts.login is None:
            return facts, False
        wrong = challenge.status != "valid" and challenge.reason is not None
        if self._count(facts.login, facts.time, wrong) <= self.most:
            return facts, False
        refused = Challenge("invalid", (), challenge.reason, challenge.false_alarm)
        return replace(facts, challenge=refused), True

    def _count(self, login: str, now: datetime, wrong: bool) -> int:
        """Wrong codes of this login in this hour, with this one."""
        who = hashlib.sha256(login.lower().encode("utf-8", "replace")).hexdigest()[:32]
        path = self.folder / f"{now:%Y%m%d%H}-{who}"
        if not wrong:
            try:
                return path.stat().st_size
            except OSError:
                return 0
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            if os.fstat(descriptor).st_size == 0:
                self._forget(f"{now:%Y%m%d%H}")
            os.write(descriptor, b".")
            return os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)

    def _forget(self, hour: str) -> None:
        """Removes the files of earlier hours, at the first wrong code of a new one."""
        for old in self.folder.iterdir():
            if old.name[:10] < hour:
                old.unlink(missing_ok=True)
