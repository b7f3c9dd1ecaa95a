"""Rolls up the months of the store whose time is over (``store.retention_months``), in a thread of its own.

A look soon after the start and then a few times a day. Trouble (a store that is away) is logged and tried again
at the next look; nobody else notices.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from ..directory.model import Register
from ..settings.model import Settings

_FIRST, _EVERY = 60.0, 6 * 3600.0  # seconds


def tidy(
    settings: Settings, register: Register, log: Callable[[str], None], stop: threading.Event, first: float = _FIRST
) -> None:  # fmt: skip
    """Runs until ``stop`` is set."""
    pause = first
    while not stop.wait(pause):
        pause = _EVERY
        try:
            for month in _retire(settings, register):
                log(f"store: {month} is rolled up; its records are deleted")
        except Exception as error:  # whatever ails the store must not end the thread
            text = str(error).splitlines()
            log(f"store: retention: {type(error).__name__}: {text[0] if text else ''}")


def _retire(settings: Settings, register: Register) -> list[str]:
    from ..policy.hours import Calendar  # noqa: PLC0415
    from ..reports.retention import retire  # noqa: PLC0415

    hours, zone = settings.working_hours, settings.zone
    calendar = Calendar.of(zone, days=hours.days, start=hours.start, end=hours.end, holidays=hours.holidays)
    return retire(settings.store.url, register, calendar, datetime.now(zone).date(), settings.store.retention_months)
