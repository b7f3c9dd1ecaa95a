"""Months as offices count them: local time, working days by the settings; in UTC for the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..policy.hours import Calendar
from ..projections.store_counts import Span


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month. ``parse`` raises ValueError for anything but ``YYYY-MM``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """From ``YYYY-MM``."""
        year, hyphen, number = text.partition("-")
        if not (hyphen and len(year) == 4 and len(number) == 2 and text.isascii() and (year + number).isdecimal()):
            raise ValueError(f"write a month as 2026-01, not {text!r}")
        if not (1 <= int(number) <= 12 and 1970 <= int(year) <= 9998):
            raise ValueError(f"there is no month {text!r}")
        return cls(int(year), int(number))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that a day lies in."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    def back(self, months: int) -> Month:
        """The month so many months earlier."""
        year, number = divmod(self.year * 12 + self.number - 1 - months, 12)
        return Month(year, number + 1)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.back(-1).first - timedelta(days=1)

    def days(self) -> Iterator[date]:
        """All its days."""
        return (self.first + timedelta(days=number) for number in range(self.last.day))

    def span(self, zone: ZoneInfo) -> Span:
        """From its first local midnight to that of the next month."""
        return between(self.first, self.last, zone)

    def working_days(self, calendar: Calendar) -> list[date]:
        """Its days on which offices work."""
        return [day for day in self.days() if day.isoweekday() in calendar.days and day not in calendar.holidays]


def between(first: date, last: date, zone: ZoneInfo) -> Span:
    """Local days, both inclusive."""
    return Span(_midnight(first, zone), _midnight(last + timedelta(days=1), zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
