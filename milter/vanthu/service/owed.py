"""What could not be written for want of room, and is written when there is some: events and status of the supervisor.

What bears the same name is written in the order in which it came; one name does not wait for another. Not safe
between threads.
"""

from __future__ import annotations

from collections.abc import Callable

from ..errors import JournalError

MOST = 1000  # of one name; what comes then is lost, and the log said why

Report = Callable[[str, str | None, BaseException], None]


class Owed:
    """``report`` hears of each first failure, as ``log.trouble`` does. Failures are JournalError and OSError."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._waiting: dict[str, list[Callable[[], None]]] = {}

    def do(self, name: str, act: Callable[[], None]) -> None:
        """Does it now, or as soon as it succeeds."""
        self._add(name, act, MOST)

    def latest(self, name: str, act: Callable[[], None]) -> None:
        """The same, where only the newest of that name counts."""
        if self._waiting.pop(name, None) is None:
            self._add(name, act, 1)
        elif _done(act) is not None:
            self._waiting[name] = [act]

    def again(self) -> None:
        """Tries what waits. Costs nothing when nothing does."""
        for name in list(self._waiting):
            acts = self._waiting.pop(name)
            while acts and _done(acts[0]) is None:
                del acts[0]
            if acts:
                self._waiting[name] = acts

    def _add(self, name: str, act: Callable[[], None], most: int) -> None:
        if name in self._waiting:
            self.again()
        acts = self._waiting.get(name, [])
        failed = None if acts else _done(act)
        if failed is not None:
            self._report(name, None, failed)
        if (acts or failed) and len(acts) < most:
            self._waiting[name] = [*acts, act]


def _done(act: Callable[[], None]) -> Exception | None:
    try:
        act()
    except (JournalError, OSError) as error:
        return error
    return None
