"""An explanation says of every rule what the decision says, whatever the policy and the mail."""

from __future__ import annotations

import msgspec
from hypothesis import HealthCheck, given, settings

from support.policies import GMAIL, OFFICE, loaded, mail, policy_of, rule
from support.policy_strategies import facts, policies
from vanthu.facts.model import Challenge, Missing
from vanthu.policy.decide import decide
from vanthu.tuning.explanation import Explanation, explain

many = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def told(explanation: Explanation, outcome: str) -> set[tuple[str, int | None]]:
    return {
        (one.id, index)
        for one in explanation.rules
        for case in one.cases
        if case.outcome == outcome
        for index in case.recipients or (None,)
    }


@many
@given(policies(), facts())
def test_it_never_disagrees_with_the_decision(written, seen) -> None:
    policy = loaded(written).policy
    decision = decide(policy, seen)
    explanation = explain(policy, seen)
    assert explanation.decision == decision
    hits = {(hit.id, index) for hit in decision.rules for index in hit.recipients or (None,)}
    lifted = {(one.rule, index) for one in decision.exempted for index in one.recipients or (None,)}
    unknown = {one.rule for one in decision.unknown}
    assert told(explanation, "lifted") == lifted
    assert {id_ for id_, _ in told(explanation, "unknown")} == unknown
    assert told(explanation, "hit") <= hits <= told(explanation, "hit") | told(explanation, "unknown")
    for one in explanation.rules:
        for case in one.cases:
            assert (case.action is not None) == any((one.id, i) in hits for i in case.recipients or (None,))


@many
@given(policies(), facts())
def test_it_goes_to_json_and_back(written, seen) -> None:
    clean = msgspec.structs.replace(seen, subject="a" if seen.subject else None)
    explanation = explain(loaded(written).policy, clean)
    line = msgspec.json.encode(explanation)
    assert msgspec.json.encode(msgspec.json.decode(line, type=Explanation)) == line


def test_each_condition_tells_what_it_saw() -> None:
    policy = policy_of(rule("a", {"direction": "outbound", "recipient.class": ["public", "relay"]}, "hold"))
    (one,) = explain(policy, mail(OFFICE, GMAIL)).rules
    assert [(case.recipients, case.outcome) for case in one.cases] == [((0,), "no"), ((1,), "hit")]
    steps = {step.name: (step.truth, step.expects, step.saw) for step in one.cases[1].when.steps}
    assert steps == {
        "direction": ("true", "outbound", "outbound"),
        "recipient.class": ("true", "public | relay", "public"),
    }


def test_an_unknown_condition_tells_why() -> None:
    policy = policy_of(rule("a", {"official.score": {"min": 0.8}}, "hold"))
    seen = msgspec.structs.replace(mail(GMAIL), unavailable=(Missing("/official", "encrypted"),))
    (case,) = explain(policy, seen).rules[0].cases
    assert (case.outcome, case.when.truth) == ("unknown", "unknown")
    assert case.when.missing == (Missing("/official", "encrypted"),)


def test_a_rule_that_a_code_lifts_is_told_so() -> None:
    policy = policy_of(rule("a", {"direction": "outbound"}, "challenge"))
    seen = msgspec.structs.replace(mail(GMAIL), challenge=Challenge("valid", ("a",), "khẩn"))
    (case,) = explain(policy, seen).rules[0].cases
    assert (case.outcome, case.lifted_by) == ("lifted", ("challenge",))
