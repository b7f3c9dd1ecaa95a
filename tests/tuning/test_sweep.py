"""A sweep asks what the policy would do if its threshold were another one, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.policies import policy_of, rule, unless
from support.policy_strategies import facts
from vanthu.errors import UsageError
from vanthu.policy.decide import decide
from vanthu.tuning.sweep import Sweep


def policy(low: float):
    score = {"official.score": {"min": low}, "recipient.class": "public"}
    return policy_of(
        rule("a", score, "hold", unless=[unless("u", {"not": {"official.score": {"min": low, "max": 0.99}}})]),
        rule("b", {"any": [score, {"direction": "inbound"}]}, "warn"),
        rule("c", {"official.score": {"max": 0.3}}, "count"),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([0.3, 0.5, 0.7, 0.9]), facts())
def test_it_decides_as_a_policy_with_that_threshold(value, seen) -> None:
    (swept,) = Sweep("official.score", (value,)).policies(policy(0.8))
    assert decide(swept, seen) == decide(policy(value), seen)


def test_values_go_from_one_end_to_the_other() -> None:
    assert Sweep.parse("official.score=0.5..0.95").values[0::9] == (0.5, 0.95)
    assert Sweep.parse("official.score=0.5..0.9/4").values == (0.5, 0.6, 0.7, 0.8, 0.9)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("official.score", "write CONDITION=FROM..TO"),
        ("official.score=0.9..0.5", "write CONDITION=FROM..TO"),
        ("official.score=0.5.1..0.9", "write CONDITION=FROM..TO"),
        ("oficial.score=0.5..0.9", "did you mean official.score?"),
        ("direction=0..1", "is no condition with a number"),
    ],
)
def test_a_mistake_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        Sweep.parse(text)


def test_a_threshold_that_no_rule_has_is_a_mistake() -> None:
    with pytest.raises(UsageError, match=r"no rule asks forward\.score"):
        Sweep.parse("forward.score=0.5..0.9").policies(policy(0.8))
