"""Intervals against published values, and what they promise about false alarms."""

from __future__ import annotations

import pytest

from vanthu.tuning.interval import ENFORCE_BOUND, ENFORCE_NEGATIVES, alarm_bound, wilson


@pytest.mark.parametrize(
    ("found", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_newcombe_1998_computed_it(found, total, low, high) -> None:
    assert wilson(found, total) == pytest.approx((low, high), abs=5e-5)


def test_nothing_seen_means_nothing_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert alarm_bound(0, 0, 0, 0) == 1.0
    assert alarm_bound(5, 1000, 0, 0) == 1.0


def test_twenty_thousand_clean_mails_are_just_enough() -> None:
    assert alarm_bound(0, ENFORCE_NEGATIVES, 0, 0) <= ENFORCE_BOUND < alarm_bound(0, 19_000, 0, 0)


def test_a_small_sample_of_many_hits_leaves_much_open() -> None:
    few, many = alarm_bound(1000, 100_000, 0, 10), alarm_bound(1000, 100_000, 0, 500)
    assert few > ENFORCE_BOUND > many
    assert alarm_bound(1000, 100_000, 5, 500) > ENFORCE_BOUND
