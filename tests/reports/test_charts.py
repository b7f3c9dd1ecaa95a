"""The axis of a chart has whole numbers at even steps, whatever the values are."""

from __future__ import annotations

import re

import pytest

from vanthu.reports.charts import Series, columns


def axis(*values: float | None) -> list[float]:
    svg = columns("t", ["x"] * len(values), [Series("s", values)], repr, 1)
    return [float(one) for one in re.findall(r'text-anchor="end">([\d.]+)<', svg)]


@pytest.mark.parametrize("most", [0, 1, 2, 4, 5, 9, 10, 12, 13, 26, 43, 50, 51, 99, 101, 999, 1001, 123_456])
def test_counts_stand_at_whole_even_steps_and_fit(most: int) -> None:
    found = axis(0, most)
    assert found == [found[-1] * line / 4 for line in range(5)]
    assert all(one == int(one) for one in found)
    assert most <= found[-1] <= max(4, 2.5 * most)


@pytest.mark.parametrize("shares", [(0.02, None), (1.0, 0.5), (None, None)])
def test_shares_are_of_the_whole(shares: tuple[float | None, ...]) -> None:
    assert axis(*shares)[-1] == 1
