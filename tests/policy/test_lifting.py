"""An exception that cannot be known: a lock in the mail is no excuse, our own ignorance is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from support.policies import GMAIL, loaded, mail, policy_of, rule, unless
from support.policy_strategies import facts, policies
from vanthu.facts.model import Attachment, Missing
from vanthu.policy.decide import decide
from vanthu.policy.lifting import UNREADABLE, lifts
from vanthu.tuning.explanation import explain

ROOT = Path(__file__).parents[2]
ENCRYPTED, NO_DNS = Missing("/official", "encrypted"), Missing("/recipients/0/class", "dns_timeout")


@pytest.mark.parametrize(
    ("truth", "lifted"),
    [
        (True, True),
        (False, False),
        (frozenset({ENCRYPTED}), False),
        (frozenset({NO_DNS}), frozenset({NO_DNS})),
        (frozenset({ENCRYPTED, NO_DNS}), frozenset({ENCRYPTED, NO_DNS})),
    ],
)
def test_only_what_we_failed_to_find_out_stays_unknown(truth, lifted) -> None:
    assert lifts(truth) == lifted


def test_these_are_the_reasons_that_no_alert_fires_for() -> None:
    alerts = (ROOT / "deploy/prometheus/vanthu.rules.yml").read_text("utf-8")
    (silent,) = set(re.findall(r'vanthu_rule_unknown_total\{reason!~"([a-z_|]+)"', alerts))
    assert set(silent.split("|")) == UNREADABLE


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policies(), facts())
def test_an_unread_part_never_lifts_a_rule(written, seen) -> None:
    """Where ``when`` holds, only an exception that holds, or one that we could not find out about, spares anybody."""
    policy = loaded(written).policy
    told = explain(policy, seen)
    hits = {(hit.id, index) for hit in told.decision.rules for index in hit.recipients or (-1,)}
    for one in told.rules:
        for case in one.cases:
            spared = any(not lifter.expired and lifter.truth == "true" for lifter in case.lifters)
            ours = any(
                missing.reason not in UNREADABLE
                for lifter in case.lifters
                if not lifter.expired
                for missing in lifter.when.missing
            )
            if case.when.truth == "true" and not (spared or ours or case.lifted_by):
                assert {(one.id, index) for index in case.recipients or (-1,)} <= hits


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policies(), facts())
def test_an_explanation_says_what_was_decided(written, seen) -> None:
    policy = loaded(written).policy
    told = explain(policy, seen)
    assert told.decision == decide(policy, seen)
    unknown = {one.rule for one in told.decision.unknown}
    assert {rule.id for rule in told.rules if any(case.outcome == "unknown" for case in rule.cases)} == unknown


def test_a_storm_exception_does_not_silence_a_rule_about_locked_archives() -> None:
    locked = rule("locked", {"any_attachment": {"reason": "encrypted"}}, "hold")
    locked["unless"] = [unless("storm", {"any_document": {"urgency": "hoa_toc"}})]
    archive = Attachment("attachment:1", "a.zip", "application/zip", 9, "0", False, reason="encrypted")
    seen = mail(GMAIL, attachments=(archive,), unavailable=(ENCRYPTED,))
    decision = decide(policy_of(locked), seen)
    assert (decision.verdict, decision.unknown) == ("hold", ())
