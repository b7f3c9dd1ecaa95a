"""When children that ended get their successors: at once after a long life, later and later where they keep dying."""

from __future__ import annotations

import time

from .children import Child, Kind

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0  # seconds before a crashed child is replaced, doubling
_HEALTHY = 10.0  # seconds after which a child's crash is no longer held against its successor


class Successors:
    """What has to be forked, and when."""

    def __init__(self) -> None:
        self._pauses: dict[Kind, float] = {}
        self._due: list[tuple[float, Kind]] = []

    def of(self, child: Child) -> None:
        """This child has ended and needs one."""
        pause = 0.0 if child.age > _HEALTHY else self._pauses.get(child.kind, _FIRST_PAUSE)
        self._pauses[child.kind] = min(_LONGEST_PAUSE, max(_FIRST_PAUSE, pause * 2))
        self._due.append((time.monotonic() + pause, child.kind))

    def due(self) -> list[Kind]:
        """Whose time has come; each is told once."""
        now = time.monotonic()
        come = [one for one in self._due if one[0] <= now]
        self._due = [one for one in self._due if one[0] > now]
        return [kind for _, kind in come]

    def wait(self) -> float:
        """Seconds until the next one is due."""
        return min((at - time.monotonic() for at, _ in self._due), default=float("inf"))
