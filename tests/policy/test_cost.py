"""A thousand rules cost at most twice what ten do, and a plain mail costs little (issue 5; measured in one run)."""

from __future__ import annotations

from functools import cache
from time import process_time

import pytest

from support.policies import GMAIL, OFFICE, mail, policy_of, province_rules
from vanthu.facts.model import Facts
from vanthu.policy.decide import decide
from vanthu.policy.model import Policy


@cache
def many(count: int) -> Policy:
    return policy_of(*province_rules(count))


def cost(policy: Policy, facts: Facts) -> float:
    """CPU seconds of a run of decisions, the best of several."""
    best = float("inf")
    for _ in range(7):
        start = process_time()
        for _ in range(300):
            decide(policy, facts)
        best = min(best, process_time() - start)
    return best


@pytest.mark.parametrize(
    "facts", [mail(OFFICE), mail(GMAIL, OFFICE), mail(GMAIL, score=0.9)], ids=["plain", "mixed", "official"]
)
def test_a_thousand_rules_cost_at_most_twice_what_ten_do(facts) -> None:
    ten, thousand = many(10), many(1000)
    # In turn, and again where a neighbour took the caches: he does not do so each time, a slow index does.
    ratios = (cost(thousand, facts) / cost(ten, facts) for _ in range(5))
    assert any(ratio <= 2 for ratio in ratios)
