"""Local days and working hours: the only calendar that rules know. Time always comes from ``facts.time``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days (1 = Monday), hours and holidays of an installation, in its time zone."""

    zone: ZoneInfo
    days: frozenset[int]
    start: time
    end: time
    holidays: frozenset[date]

    @classmethod
    def of(cls, zone: ZoneInfo, *, days: Sequence[int], start: str, end: str, holidays: Sequence[str]) -> Calendar:
        """From what settings say (``HH:MM`` and ``YYYY-MM-DD``); ValueError where that is no time or date."""
        return cls(
            zone,
            frozenset(days),
            time.fromisoformat(start),
            time.fromisoformat(end),
            frozenset(map(date.fromisoformat, holidays)),
        )

    def local(self, moment: datetime) -> datetime:
        """``moment`` on the clock of the installation; a time without zone counts as UTC."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        try:
            return aware.astimezone(self.zone)
        except (OverflowError, ValueError):  # the first and last days that Python can name
            return aware

    def day(self, moment: datetime) -> date:
        """The local day of ``moment``."""
        return self.local(moment).date()

    def working(self, moment: datetime) -> bool:
        """Whether ``moment`` lies inside working hours: a working day, no holiday, from start to before end."""
        local = self.local(moment)
        clock = local.time()
        return (
            local.isoweekday() in self.days and local.date() not in self.holidays and self.start <= clock < self.end
        )

    def canonical(self) -> list[object]:
        """What of it goes into the policy digest."""
        return [
            str(self.zone),
            sorted(self.days),
            self.start.isoformat(),
            self.end.isoformat(),
            sorted(day.isoformat() for day in self.holidays),
        ]
