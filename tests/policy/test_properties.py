"""What must hold for every policy and every mail; hypothesis looks for the exception."""

from __future__ import annotations

import dataclasses
from copy import deepcopy
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.policies import loaded, policy_of, rule
from support.policy_strategies import CONDITIONS, DETECTORS, facts, policies, rules
from vanthu.facts.model import Facts, from_json, to_json
from vanthu.policy.decide import decide
from vanthu.policy.decision import SEVERITY, Decision
from vanthu.policy.nodes import View

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def compiled(*files: dict[str, Any]) -> Any:
    return loaded(*files).policy


def no_milder(one: Decision, other: Decision) -> bool:
    """Whether ``one`` does at least as much as ``other``, to the mail and to each recipient."""
    pairs = [(one.verdict, other.verdict), *zip(one.recipients, other.recipients, strict=True)]
    return all(SEVERITY[mine] >= SEVERITY[theirs] for mine, theirs in pairs)


@many
@given(policies(), facts())
def test_decide_is_deterministic_and_total(written, seen) -> None:
    policy = compiled(written)
    decision = decide(policy, seen)
    assert decision == decide(policy, seen)
    assert len(decision.recipients) == len(seen.recipients)
    assert all(SEVERITY[verdict] <= SEVERITY[decision.verdict] for verdict in decision.recipients)
    if decision.recipients:
        assert decision.verdict in decision.recipients


@many
@given(policies(), facts(), st.randoms())
def test_order_of_files_and_rules_changes_nothing(written, seen, random) -> None:
    first, second = deepcopy(written), {"version": 1, "rules": [], "exceptions": []}
    random.shuffle(first["rules"])
    for section in ("rules", "exceptions"):
        cut = random.randint(0, len(first[section]))
        first[section], second[section] = first[section][:cut], first[section][cut:]
    one, other = compiled(written), compiled(*random.sample([first, second], 2))
    assert decide(one, seen) == decide(other, seen)
    assert one.digest == other.digest


@many
@given(policies(), rules("r9"), facts())
def test_adding_a_rule_never_makes_it_milder(written, more, seen) -> None:
    wider = {**written, "rules": [*written["rules"], more]}
    assert no_milder(decide(compiled(wider), seen), decide(compiled(written), seen))


@many
@given(policies(), facts(), st.data())
def test_removing_an_exception_never_makes_it_milder(written, seen, data) -> None:
    fewer = deepcopy(written)
    holders = [fewer["exceptions"], *(one["unless"] for one in fewer["rules"])]
    holder = data.draw(st.sampled_from(holders))
    if holder:
        holder.pop(data.draw(st.integers(0, len(holder) - 1)))
    assert no_milder(decide(compiled(fewer), seen), decide(compiled(written), seen))


@many
@given(policies(), rules("r9", mode="shadow"), facts())
def test_shadow_rules_never_change_what_happens(written, more, seen) -> None:
    plain = decide(compiled(written), seen)
    shaded = decide(compiled({**written, "rules": [*written["rules"], more]}), seen)
    keys = ("verdict", "recipients", "notify", "tag_subject")
    assert [getattr(plain, key) for key in keys] == [getattr(shaded, key) for key in keys]
    assert SEVERITY[shaded.shadow] >= SEVERITY[plain.shadow] >= SEVERITY[plain.verdict]


@many
@given(CONDITIONS, facts(hidden=False), facts())
def test_unknown_never_passes_for_a_known_answer(when, seen, other) -> None:
    """Whatever is known while facts are missing stays so when they become known."""
    policy = policy_of(rule("a", when, "warn"), detectors=DETECTORS)
    node = policy.rules[0].when
    hidden = msgspec.structs.replace(seen, unavailable=other.unavailable)
    for index in range(len(seen.recipients)) if node.per_recipient else (0,):
        whole, part = View(seen), View(hidden)
        if node.per_recipient:
            whole.turn_to(index)
            part.turn_to(index)
        truth = node.truth(part)
        if isinstance(truth, bool):
            assert truth == node.truth(whole)


@many
@given(CONDITIONS, facts())
def test_not_is_unknown_where_the_condition_is(when, seen) -> None:
    policy = policy_of(rule("a", when, "warn"), rule("b", {"not": when}, "warn"), detectors=DETECTORS)
    decision = decide(policy, seen)
    unknown = {id_: {(one.fact, one.reason) for one in decision.unknown if one.rule == id_} for id_ in "ab"}
    assert unknown["a"] == unknown["b"]


@many
@given(policies(), facts())
def test_a_record_gives_the_decision_of_the_mail(written, seen) -> None:
    clean = msgspec.structs.replace(
        seen, subject=None if seen.subject and not seen.subject.isprintable() else seen.subject
    )
    policy = compiled(written)
    assert decide(policy, from_json(to_json(clean))) == decide(policy, clean)


@many
@given(policies(), facts())
def test_the_index_changes_no_decision(written, seen) -> None:
    policy = compiled(written)

    class Everything:
        def candidates(self, _: Facts) -> range:
            return range(len(policy.batches))

    blind = dataclasses.replace(policy, index=Everything())
    assert decide(policy, seen) == decide(blind, seen)
