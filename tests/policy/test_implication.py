"""What lint knows: certain where it says so, silent where it is not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings

from support.policies import loaded, policy_of, rule, unless
from support.policy_strategies import CONDITIONS, DETECTORS, facts
from vanthu.policy.implication import follows, impossible
from vanthu.policy.nodes import View

FOLLOWS = [
    ({"official.score": {"min": 0.9}}, {"official.score": {"min": 0.8}}),
    ({"direction": "outbound", "size": 1}, {"direction": ["outbound", "inbound"]}),
    ({"any_document": {"urgency": "khan", "signed": True}}, {"any_document": {"urgency": ["khan", None]}}),
    ({"every_document": {"signed": True}}, {"any_document": {}}),
    ({"not": {"direction": ["inbound", "internal"]}}, {"not": {"direction": "inbound"}}),
    ({"any": [{"size": 1}, {"size": 2}]}, {"size": {"max": 5}}),
    ({"size": 1}, {"any": [{"size": [1, 2]}, {"direction": "inbound"}]}),
    (
        {"recipients.count": {"class": "public", "min": 9}},
        {"recipients.count": {"class": ["public", "isp"], "min": 5}},
    ),
]
IMPOSSIBLE = [
    {"all": [{"size": {"min": 5}}, {"size": {"max": 4}}]},
    {"direction": "internal", "recipient.class": "public"},
    {"not": {"direction": ["inbound"]}, "direction": "inbound"},
    {"any_document": {"all": [{"stage": "draft"}, {"stage": "issued"}]}},
]
POSSIBLE = [
    {"all": [{"any_document": {"stage": "draft"}}, {"any_document": {"stage": "issued"}}]},
    {"all": [{"defects": "a"}, {"defects": "b"}]},
    {"all": [{"recipient.address": "gmail.com"}, {"recipient.address": "b@gmail.com"}]},
]


def nodes(*whens):
    policy = policy_of(*(rule(f"r{i}", when, "count") for i, when in enumerate(whens)), detectors=DETECTORS)
    return [one.when for one in policy.rules]


@pytest.mark.parametrize(("narrow", "wide"), FOLLOWS, ids=str)
def test_follows(narrow, wide) -> None:
    one, other = nodes(narrow, wide)
    assert follows(one, other)
    assert not follows(other, one)


@pytest.mark.parametrize("when", IMPOSSIBLE, ids=str)
def test_impossible(when) -> None:
    assert impossible(nodes(when)[0])


@pytest.mark.parametrize("when", POSSIBLE, ids=str)
def test_possible(when) -> None:
    assert not impossible(nodes(when)[0])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(CONDITIONS, CONDITIONS, facts())
def test_what_it_says_is_true_of_every_mail(one, other, seen) -> None:
    first, second = nodes(one, other)
    assume(follows(first, second) or impossible(first))
    view = View(seen)
    for index in range(len(seen.recipients)):
        view.turn_to(index)
        if first.truth(view) is True:
            # An internal mail with a recipient that is not official is no mail that gather makes.
            assert not impossible(first) or seen.direction == "internal"
            assert not follows(first, second) or second.truth(view) is True


def test_honest_policies_get_no_warning() -> None:
    lifted = [unless("e", {"sender.role": "agency"})]
    policy = loaded(
        {
            "rules": [
                rule("a", {"recipient.class": "public", "official.score": {"min": 0.8}}, "hold", unless=lifted),
                rule("b", {"recipient.class": "public"}, "warn"),
                rule("c", {"recipient.class": "public", "forward.score": {"min": 0.8}}, "reject"),
            ]
        }
    )
    assert policy.warnings == ()


def test_a_rule_that_is_lifted_more_often_covers_nothing() -> None:
    harsh = rule("a", {"recipient.class": "public"}, "reject", unless=[unless("e", {"sender.role": "agency"})])
    mild = rule("b", {"recipient.class": "public"}, "warn")
    assert loaded({"rules": [harsh, mild]}).warnings == ()
