"""Modes, caps, mixed, exceptions, unknown: contracts.md, "Policy files", 2 to 5, one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from support.policies import GMAIL, NOW, OFFICE, SENDER, YAHOO, mail, policy_of, rule, unless
from vanthu.facts.model import Challenge, Detected, Document, Forward, Missing, Recipient, Secrecy, Sender
from vanthu.policy.decide import decide
from vanthu.policy.decision import Exempted, RuleHit, Unknown

PUBLIC = {"recipient.class": "public"}
OFFICIAL = {"official.score": {"min": 0.8}}


@pytest.mark.parametrize(
    ("action", "mixed", "recipients", "verdict", "each"),
    [
        ("count", None, (GMAIL, OFFICE), "count", ("count", "accept")),
        ("warn", "whole", (GMAIL, OFFICE), "warn", ("warn", "accept")),
        ("strip", None, (GMAIL, OFFICE), "strip", ("strip", "accept")),
        ("strip", None, (GMAIL, YAHOO), "reject", ("reject", "reject")),
        ("challenge", None, (GMAIL, OFFICE), "strip", ("strip", "accept")),
        ("challenge", None, (GMAIL, YAHOO), "challenge", ("challenge", "challenge")),
        ("challenge", "whole", (GMAIL, OFFICE), "challenge", ("challenge", "challenge")),
        ("hold", "strip", (GMAIL, OFFICE), "strip", ("strip", "accept")),
        ("hold", "strip", (GMAIL,), "hold", ("hold",)),
        ("reject", "strip", (OFFICE, GMAIL), "strip", ("accept", "strip")),
        ("reject", "whole", (OFFICE, GMAIL), "reject", ("reject", "reject")),
        ("reject", None, (OFFICE,), "accept", ("accept",)),
    ],
)
def test_mixed(action, mixed, recipients, verdict, each) -> None:
    decision = decide(policy_of(rule("a", PUBLIC, action, mixed=mixed)), mail(*recipients))
    assert (decision.verdict, decision.recipients) == (verdict, each)


def test_a_recipient_that_another_rule_strips_is_not_clean() -> None:
    policy = policy_of(rule("a", PUBLIC, "challenge"), rule("b", {"recipient.class": "official"}, "strip"))
    assert decide(policy, mail(GMAIL, OFFICE)).recipients == ("challenge", "challenge")


def test_a_recipient_that_is_only_warned_about_is_clean() -> None:
    policy = policy_of(rule("a", PUBLIC, "challenge"), rule("b", {"recipient.class": "official"}, "warn"))
    assert decide(policy, mail(GMAIL, OFFICE)).recipients == ("strip", "warn")


def test_hits_are_listed_with_their_recipients_before_mixed() -> None:
    decision = decide(policy_of(rule("a", PUBLIC, "reject")), mail(GMAIL, OFFICE, YAHOO))
    assert decision.rules == (RuleHit("a", "enforce", "reject", (0, 2)),)


def test_warn_mode_caps_and_shadow_mode_does_nothing() -> None:
    rules = (rule("a", PUBLIC, "reject", mode="warn"), rule("b", PUBLIC, "hold", mode="shadow"))
    decision = decide(policy_of(*rules), mail(GMAIL))
    assert (decision.verdict, decision.shadow) == ("warn", "hold")
    assert decision.rules == (RuleHit("a", "warn", "warn", (0,)), RuleHit("b", "shadow", "hold", (0,)))


def test_off_is_not_even_listed() -> None:
    assert decide(policy_of(rule("a", PUBLIC, "reject", mode="off")), mail(GMAIL)).rules == ()


ROLLOUT = {"agencies": ["so-y-te"], "from": "2026-11-23"}


class TestRollout:
    def verdicts(self, **facts) -> tuple[str, str]:
        decision = decide(policy_of(rule("a", {}, "hold", rollout=ROLLOUT)), mail(GMAIL, **facts))
        return decision.verdict, decision.shadow

    def test_inside(self) -> None:
        assert self.verdicts() == ("hold", "hold")

    def test_another_agency(self) -> None:
        sender = msgspec.structs.replace(SENDER, agency="so-noi-vu")
        assert self.verdicts(sender=sender) == ("accept", "hold")

    def test_begins_at_local_midnight(self) -> None:
        midnight = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
        assert self.verdicts(time=midnight) == ("hold", "hold")
        assert self.verdicts(time=midnight - timedelta(seconds=1)) == ("accept", "hold")

    def test_inbound_goes_by_each_recipient(self) -> None:
        policy = policy_of(rule("a", {"direction": "inbound"}, "warn", rollout={"agencies": ["so-y-te"]}))
        ours = msgspec.structs.replace(OFFICE, agency="so-y-te")
        facts = mail(ours, OFFICE, direction="inbound", sender=Sender("x@gmail.com", class_="public"))
        assert decide(policy, facts).recipients == ("warn", "accept")

    def test_automatic_forward_goes_by_the_forwarder(self) -> None:
        forward = Forward("automatic", 1.0, by="b@sonoivu.x.gov.vn", agency="so-noi-vu")
        assert self.verdicts(forward=forward) == ("accept", "hold")
        forward = Forward("automatic", 1.0, by="a@x.gov.vn", agency="so-y-te")
        assert self.verdicts(forward=forward) == ("hold", "hold")


class TestCaps:
    POSTMASTER = Recipient("Postmaster@x.gov.vn", "x.gov.vn", class_="official")
    ABUSE = Recipient("abuse@x.gov.vn", "x.gov.vn", class_="official")
    CAPPED = (
        {"forward": Forward("automatic", 1.0)},
        {"sender": Sender("", class_="other")},
        {"recipients": (POSTMASTER, ABUSE)},
    )

    @pytest.mark.parametrize("facts", CAPPED)
    @pytest.mark.parametrize(
        ("action", "becomes"),
        [
            ("count", "count"),
            ("warn", "warn"),
            ("strip", "hold"),
            ("challenge", "hold"),
            ("hold", "hold"),
            ("reject", "hold"),
        ],
    )
    def test_never_refused(self, facts, action, becomes) -> None:
        """strip would leave nobody here, so it is refused, and under the cap held."""
        seen = msgspec.structs.replace(mail(GMAIL), **facts)
        assert decide(policy_of(rule("a", {}, action)), seen).verdict == becomes

    @pytest.mark.parametrize("facts", CAPPED)
    @pytest.mark.parametrize("action", ["reject", "strip"])
    def test_unless_the_rule_says_so(self, facts, action) -> None:
        seen = msgspec.structs.replace(mail(GMAIL), **facts)
        assert decide(policy_of(rule("a", {}, action, null_sender=True)), seen).verdict == "reject"

    def test_mail_to_postmaster_and_others_is_not_capped(self) -> None:
        assert decide(policy_of(rule("a", {}, "reject")), mail(self.POSTMASTER, GMAIL)).verdict == "reject"

    def test_nobody_outside_is_told(self) -> None:
        policy = policy_of(rule("a", {}, "warn", notify=["sender", "security"]))
        forwarded = decide(policy, mail(GMAIL, forward=Forward("automatic", 1.0)))
        assert forwarded.notify == ("forwarder", "security")
        assert decide(policy, mail(GMAIL, sender=Sender(""))).notify == ("security",)
        assert decide(policy, mail(GMAIL)).notify == ("security", "sender")


MARK = {"secrecy.level": ["mat", "toi_mat", "tuyet_mat"]}


class TestSecrecy:
    def test_is_whole_though_clean_recipients_remain(self) -> None:
        policy = policy_of(rule("s", {**MARK, **PUBLIC}, "reject"))
        assert decide(policy, mail(GMAIL, OFFICE, secrecy=Secrecy("mat", 0.9))).recipients == ("reject", "reject")

    @pytest.mark.parametrize("on_unknown", ["strip", "challenge"])
    def test_unknown_is_never_a_challenge_or_a_strip(self, on_unknown) -> None:
        policy = policy_of(rule("s", MARK, "reject"), on_unknown=on_unknown)
        decision = decide(policy, mail(GMAIL, OFFICE, unavailable=(Missing("/secrecy", "timeout"),)))
        assert decision.recipients == ("hold", "hold")

    def test_asking_for_no_mark_makes_no_secrecy_rule(self) -> None:
        policy = policy_of(rule("s", {"secrecy.level": None, "not": {"secrecy.score": {"min": 0.2}}}, "challenge"))
        assert decide(policy, mail(GMAIL)).verdict == "challenge"


class TestExceptions:
    def test_unless_lifts_only_the_recipients_it_holds_for(self) -> None:
        policy = policy_of(rule("a", PUBLIC, "warn", unless=[unless("yahoo", {"recipient.family": "yahoo"})]))
        decision = decide(policy, mail(GMAIL, YAHOO))
        assert decision.recipients == ("warn", "accept")
        assert decision.exempted == (Exempted("a", "yahoo", (1,)),)

    def test_an_exception_reaches_rules_by_glob(self) -> None:
        storm = unless("storm", {"any_document": {"urgency": "hoa_toc"}}, applies_to=["official-*"])
        policy = policy_of(rule("official-a", PUBLIC, "hold"), rule("other", PUBLIC, "warn"), exceptions=[storm])
        decision = decide(policy, mail(GMAIL, document=Document("body", urgency="hoa_toc")))
        assert decision.verdict == "warn"
        assert decision.exempted == (Exempted("official-a", "storm", (0,)),)

    def test_expires_after_its_last_local_day(self) -> None:
        policy = policy_of(rule("a", {}, "hold", unless=[unless("always", PUBLIC, expires="2026-11-23")]))
        last = datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC)
        assert decide(policy, mail(GMAIL, time=last)).verdict == "accept"
        assert decide(policy, mail(GMAIL, time=last + timedelta(seconds=1))).verdict == "hold"

    def test_an_unknown_exception_makes_the_rule_unknown(self) -> None:
        policy = policy_of(rule("a", {}, "hold", unless=[unless("role", {"sender.role": "agency"})]))
        decision = decide(policy, mail(GMAIL, unavailable=(Missing("/sender/role", "busy"),)))
        assert decision.verdict == "accept"
        assert decision.unknown == (Unknown("a", "/sender/role", "busy"),)

    def test_a_valid_challenge_lifts_the_rules_it_was_given_for(self) -> None:
        policy = policy_of(rule("a", PUBLIC, "challenge"), rule("b", PUBLIC, "challenge"), rule("c", PUBLIC, "warn"))
        given = Challenge("valid", rules=("a", "b", "c"))
        decision = decide(policy, mail(GMAIL, challenge=given))
        assert decision.verdict == "warn"
        assert decision.exempted == (Exempted("a", "challenge", (0,)), Exempted("b", "challenge", (0,)))
        assert decide(policy, mail(GMAIL, challenge=Challenge("valid", rules=("a",)))).verdict == "challenge"
        assert decide(policy, mail(GMAIL, challenge=Challenge("expired", rules=("a", "b")))).verdict == "challenge"


class TestUnknown:
    HIDDEN = (Missing("/official", "timeout"),)

    @pytest.mark.parametrize(
        ("on_unknown", "action", "verdict"),
        [
            (None, "hold", "accept"),
            ("skip", "hold", "accept"),
            ("warn", "hold", "warn"),
            ("reject", "warn", "warn"),
            ("reject", "reject", "reject"),
        ],
    )
    def test_does_the_milder(self, on_unknown, action, verdict) -> None:
        policy = policy_of(rule("a", OFFICIAL, action, on_unknown=on_unknown))
        assert decide(policy, mail(GMAIL, unavailable=self.HIDDEN)).verdict == verdict

    def test_not_keeps_it(self) -> None:
        policy = policy_of(rule("a", {"not": OFFICIAL}, "reject"))
        decision = decide(policy, mail(GMAIL, unavailable=self.HIDDEN))
        assert (decision.verdict, decision.unknown) == ("accept", (Unknown("a", "/official", "timeout"),))

    def test_false_decides(self) -> None:
        policy = policy_of(rule("a", {**OFFICIAL, "direction": "inbound"}, "reject"))
        assert decide(policy, mail(GMAIL, unavailable=self.HIDDEN)).unknown == ()

    def test_true_decides_in_any(self) -> None:
        policy = policy_of(rule("a", {"any": [OFFICIAL, {"direction": "outbound"}]}, "reject"))
        decision = decide(policy, mail(GMAIL, unavailable=self.HIDDEN))
        assert (decision.verdict, decision.unknown) == ("reject", ())

    def test_a_pointer_is_about_one_recipient(self) -> None:
        policy = policy_of(rule("a", PUBLIC, "warn", on_unknown="count"))
        decision = decide(policy, mail(GMAIL, YAHOO, unavailable=(Missing("/recipients/1/class", "dns_timeout"),)))
        assert decision.recipients == ("warn", "count")
        assert decision.unknown == (Unknown("a", "/recipients/1/class", "dns_timeout"),)

    def test_a_pointer_is_no_prefix_of_names(self) -> None:
        many = (GMAIL,) * 11
        decision = decide(
            policy_of(rule("a", PUBLIC, "warn")), mail(*many, unavailable=(Missing("/recipients/1", "x"),))
        )
        assert [i for i, verdict in enumerate(decision.recipients) if verdict == "accept"] == [1]

    def test_the_empty_pointer_covers_everything(self) -> None:
        decision = decide(
            policy_of(rule("a", {"direction": "inbound"}, "hold")), mail(GMAIL, unavailable=(Missing("", "x"),))
        )
        assert decision.unknown == (Unknown("a", "", "x"),)

    def test_null_is_known(self) -> None:
        policy = policy_of(
            rule("a", {"sender.role": None}, "warn"), rule("b", {"not": {"sender.role": "agency"}}, "count")
        )
        decision = decide(policy, mail(GMAIL, sender=Sender("a@x.gov.vn")))
        assert [hit.id for hit in decision.rules] == ["a", "b"]

    def test_a_detector_that_did_not_run(self) -> None:
        cccd = {"cccd": {"title": {"vi": "CCCD", "en": "ID"}, "re2": "0[0-9]{11}", "distinct": True}}
        policy = policy_of(rule("a", {"detected.cccd.distinct": {"min": 2}}, "hold"), detectors=cccd)
        (detector,) = policy.detectors
        unknown = Unknown("a", f"/detected/{detector.key}", "detector_absent")
        assert decide(policy, mail(GMAIL)).unknown == (unknown,)
        assert decide(policy, mail(GMAIL, detected={"cccd@0000": Detected(9, 9)})).unknown == (unknown,)
        assert decide(policy, mail(GMAIL, detected={detector.key: Detected()})).verdict == "accept"
        assert decide(policy, mail(GMAIL, detected={detector.key: Detected(3, 2)})).verdict == "hold"

    def test_every_and_any_over_a_list_that_is_not_known(self) -> None:
        policy = policy_of(
            rule("a", {"every_document": {"stage": "legal"}}, "hold"),
            rule("b", {"not": {"any_document": {}}}, "warn"),
        )
        assert [one.rule for one in decide(policy, mail(GMAIL, unavailable=self.HIDDEN)).unknown] == ["a", "b"]

    def test_count_is_unknown_only_if_it_could_matter(self) -> None:
        policy = policy_of(rule("a", {"recipients.count": {"class": "public", "min": 2}}, "hold"))
        hidden = (Missing("/recipients/0/class", "dns_timeout"),)
        assert decide(policy, mail(OFFICE, GMAIL, YAHOO, unavailable=hidden)).verdict == "hold"
        assert decide(policy, mail(OFFICE, GMAIL, unavailable=hidden)).unknown == (
            Unknown("a", "/recipients/0/class", "dns_timeout"),
        )
        assert decide(policy, mail(OFFICE, OFFICE, unavailable=hidden)).unknown == ()

    def test_a_strip_for_want_of_knowledge_never_does_more_than_the_rule(self) -> None:
        policy = policy_of(rule("a", OFFICIAL, "challenge", on_unknown="strip"))
        assert decide(policy, mail(GMAIL, unavailable=self.HIDDEN)).verdict == "challenge"


def test_notify_and_tag_come_from_rules_that_hit_for_real() -> None:
    policy = policy_of(
        rule("a", {}, "warn", tag_subject="[NB]"),
        rule("b", {}, "count", notify=["security"], tag_subject="[CV]"),
        rule("c", {}, "hold", mode="shadow", notify=["agency"], tag_subject="[X]"),
        rule("d", {}, "count"),
    )
    decision = decide(policy, mail(GMAIL))
    assert decision.notify == ("security", "sender")
    assert decision.tag_subject == "[CV] [NB]"


def test_a_mail_without_recipients_is_judged_as_a_mail() -> None:
    decision = decide(policy_of(rule("a", {}, "hold"), rule("b", PUBLIC, "reject")), mail())
    assert (decision.verdict, decision.recipients) == ("hold", ())


def test_time_is_the_time_of_the_mail() -> None:
    policy = policy_of(rule("a", {"time": {"outside": "working_hours"}}, "count"))
    assert decide(policy, mail(GMAIL)).verdict == "accept"
    assert decide(policy, mail(GMAIL, time=NOW + timedelta(hours=9))).verdict == "count"
    assert decide(policy, mail(GMAIL, time=NOW - timedelta(days=1))).verdict == "count"
    for extreme in (datetime.min, datetime.max.replace(tzinfo=UTC)):
        assert decide(policy, mail(GMAIL, time=extreme)).verdict in ("accept", "count")
