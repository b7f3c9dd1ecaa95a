"""Months are local; working days follow the settings."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.policy.hours import Calendar
from vanthu.reports.months import Month, between

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    "text", ["2026", "2026-13", "2026-00", "2026-1", "26-01", "2026-01-01", "x", "", "２０２６-01"]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


@given(st.integers(1971, 9990), st.integers(1, 12), st.integers(0, 40))
def test_months_go_back_and_forth(year: int, number: int, back: int) -> None:
    month = Month(year, number)
    if month.year > 1975:
        assert month.back(back).back(-back) == month
        assert month.back(12) == Month(year - 1, number)
    assert Month.parse(str(month)) == month
    assert list(month.days())[-1] == month.last


def test_a_month_begins_and_ends_at_local_midnight() -> None:
    span = Month(2026, 3).span(HANOI)
    assert (span.begin, span.end) == (datetime(2026, 2, 28, 17, tzinfo=UTC), datetime(2026, 3, 31, 17, tzinfo=UTC))
    # A zone with summer time: March has an hour less.
    span = Month(2026, 3).span(ZoneInfo("Europe/Berlin"))
    assert (span.end - span.begin).total_seconds() == (31 * 24 - 1) * 3600


def test_spans_of_days_lie_end_to_end() -> None:
    days = list(Month(2026, 3).days())
    spans = [between(day, day, ZoneInfo("Europe/Berlin")) for day in days]
    assert all(one.end == other.begin for one, other in pairwise(spans))


def test_working_days_leave_out_weekends_and_holidays() -> None:
    calendar = Calendar.of(HANOI, days=(1, 2, 3, 4, 5), start="07:30", end="17:00", holidays=("2026-09-02",))
    days = Month(2026, 9).working_days(calendar)
    assert len(days) == 21
    assert date(2026, 9, 2) not in days
