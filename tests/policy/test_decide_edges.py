"""What would be decided otherwise if ``decide`` or what it stands on were a little different (make mutate)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from support.policies import GMAIL, NOW, OFFICE, YAHOO, mail, policy_of, rule, unless
from vanthu.facts.model import Challenge, Missing, Recipient
from vanthu.policy.decide import decide
from vanthu.policy.decision import Exempted
from vanthu.policy.lifting import unreadable
from vanthu.policy.truth import conjunction, disjunction, negation

PUBLIC = {"recipient.class": "public"}
MARK = {"secrecy.level": ["mat", "toi_mat", "tuyet_mat"]}
ONE, TWO = (frozenset({Missing(fact, "timeout")}) for fact in ("/official", "/secrecy"))


@pytest.mark.parametrize(
    ("action", "verdict"), [("strip", "reject"), ("reject", "reject"), ("challenge", "challenge")]
)
def test_a_mail_without_recipients_is_neither_stripped_nor_spared(action, verdict) -> None:
    decision = decide(policy_of(rule("a", {}, action)), mail())
    assert (decision.verdict, decision.recipients) == (verdict, ())


def test_a_mail_without_recipients_is_not_one_to_postmaster() -> None:
    """The cap for who must be reached is for mail that goes there, and to nobody else."""
    assert decide(policy_of(rule("a", {}, "reject")), mail()).verdict == "reject"


@pytest.mark.parametrize(
    ("rollout", "verdict"),
    [
        ({"from": "2026-11-24"}, "accept"),
        ({"from": "2026-11-23"}, "hold"),
        ({"agencies": ["so-noi-vu"]}, "accept"),
        ({"agencies": ["so-y-te"]}, "hold"),
        ({"agencies": ["so-y-te"], "from": "2026-11-24"}, "accept"),
        ({"agencies": ["so-noi-vu"], "from": "2026-11-23"}, "accept"),
    ],
)
def test_each_half_of_a_rollout_stands_alone(rollout, verdict) -> None:
    assert decide(policy_of(rule("a", {}, "hold", rollout=rollout)), mail(GMAIL)).verdict == verdict


@pytest.mark.parametrize("action", ["count", "warn", "strip", "challenge", "hold", "reject"])
def test_the_sender_is_told_from_a_warning_on(action) -> None:
    told = decide(policy_of(rule("a", {}, action)), mail(GMAIL, YAHOO)).notify
    assert told == (() if action == "count" else ("sender",))


@pytest.mark.parametrize("on_unknown", ["count", "warn", "hold", "reject"])
def test_an_unknown_mark_does_what_on_unknown_says_where_that_can_be_done(on_unknown) -> None:
    policy = policy_of(rule("s", MARK, "reject", on_unknown=on_unknown))
    assert decide(policy, mail(GMAIL, unavailable=(Missing("/secrecy", "timeout"),))).verdict == on_unknown


def test_an_exception_that_has_expired_does_not_hide_those_after_it() -> None:
    over = {name: unless(name, PUBLIC, expires="2026-11-22") for name in ("a-over", "c-over")}
    lifters = [over["a-over"], unless("b-good", PUBLIC), over["c-over"]]
    decision = decide(policy_of(rule("r", {}, "hold", unless=lifters)), mail(GMAIL))
    assert (decision.verdict, decision.exempted) == ("accept", (Exempted("r", "b-good", (0,)),))


def test_an_exception_of_a_rule_that_does_not_hit_is_not_told() -> None:
    policy = policy_of(rule("r", {"any_document": {"number": "1"}}, "hold", unless=[unless("e", PUBLIC)]))
    hidden = mail(GMAIL, unavailable=(Missing("/official", "timeout"),))
    assert decide(policy, hidden).exempted == ()


def test_a_challenge_that_was_answered_lifts_no_rule_that_does_more() -> None:
    given = Challenge("valid", rules=("a",))
    assert decide(policy_of(rule("a", PUBLIC, "hold")), mail(GMAIL, challenge=given)).verdict == "hold"


def test_tags_stand_in_their_order() -> None:
    tags = ["[E]", "[B]", "[D]", "[A]", "[C]", "[F]"]
    rules = [rule(f"r{number}", {}, "count", tag_subject=tag) for number, tag in enumerate(tags)]
    assert decide(policy_of(*rules), mail(GMAIL)).tag_subject == "[A] [B] [C] [D] [E] [F]"


def test_inbound_mail_to_a_rolled_out_agency_and_another_hits_the_one() -> None:
    other = Recipient("c@y.vn", "y.vn", class_="official", agency="so-noi-vu")
    ours = Recipient("d@x.vn", "x.vn", class_="official", agency="so-y-te")
    policy = policy_of(rule("a", {}, "warn", rollout={"agencies": ["so-y-te"]}))
    decision = decide(policy, mail(other, ours, direction="inbound"))
    assert decision.recipients == ("accept", "warn")
    assert [(hit.mode, hit.recipients) for hit in decision.rules] == [("enforce", (1,)), ("shadow", (0,))]


def test_a_recipient_struck_by_two_rules_has_the_harsher() -> None:
    policy = policy_of(rule("a", PUBLIC, "strip"), rule("b", {"recipient.domain": "yahoo.com"}, "warn"))
    assert decide(policy, mail(OFFICE, YAHOO, GMAIL)).recipients == ("accept", "strip", "strip")


def test_the_day_is_that_of_the_installation() -> None:
    policy = policy_of(rule("a", {}, "hold", rollout={"from": "2026-11-24"}))
    assert decide(policy, mail(GMAIL, time=NOW + timedelta(hours=14, minutes=1))).verdict == "hold"


# The logic below.


def test_what_is_unknown_for_two_reasons_names_both() -> None:
    assert conjunction((ONE, True, TWO)) == ONE | TWO
    assert disjunction((ONE, False, TWO)) == ONE | TWO


def test_what_is_known_decides_wherever_it_stands() -> None:
    assert conjunction((ONE, False, TWO)) is False
    assert disjunction((ONE, True, TWO)) is True
    assert (conjunction(()), disjunction(())) == (True, False)
    assert (negation(True), negation(False), negation(ONE)) == (False, True, ONE)


def test_what_is_known_is_not_unreadable() -> None:
    assert not unreadable(True)
    assert not unreadable(False)
