"""A challenge is asked of who can answer it, in a reply that shows the code first; a good tag leaves the subject."""

from __future__ import annotations

from dataclasses import replace as replaced
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from support.policies import GMAIL, OFFICE, mail, policy_of, rule
from vanthu.facts.model import Challenge, Facts
from vanthu.inspection.answer import Answer, HeaderEdit
from vanthu.inspection.effects import carry_out
from vanthu.inspection.reply import MAX_LINE, request
from vanthu.mail.message import HeaderField, Message
from vanthu.policy.challenge import code, find
from vanthu.policy.decide import decide
from vanthu.policy.decision import Decision

KEY = b"k" * 32
POLICY = policy_of(
    rule("a", {"recipient.class": "public"}, "challenge"),
    rule("b", {"recipient.family": "yahoo"}, "challenge"),
    rule("tag", {"direction": "outbound"}, "count", tag_subject="[X]"),
)
UNTAGGED = policy_of(rule("a", {"recipient.class": "public"}, "challenge"))


def seen(*recipients: Any, **keys: Any) -> Facts:
    return mail(*recipients, **{"origin": "submission", "subject": "Báo cáo", **keys})


def carried(facts: Facts, subject: str, policy: Any = UNTAGGED, keys: tuple[bytes, ...] = (KEY,)) -> Answer:
    message = Message(10, (HeaderField("Subject", subject, subject.encode()),), (), (), ())
    return carry_out(decide(policy, facts), facts, message, policy, "ID", keys)


def test_who_has_logged_in_gets_a_code_for_the_rules_that_challenged() -> None:
    answer = carried(seen(GMAIL), "Báo cáo", POLICY)
    assert answer.kind == "reject"
    tag = find(str(answer.reply))
    assert tag is not None
    assert tag.code == code(KEY, "a", ["a"], date(2026, 11, 23))


@pytest.mark.parametrize("change", [{"login": None}, {"origin": "trusted"}])
def test_anybody_else_is_held(change: dict[str, Any]) -> None:
    answer = carried(seen(GMAIL, **change), "Báo cáo")
    assert (answer.kind, answer.reply) == ("accept", None)
    assert answer.quarantine is not None


def test_without_keys_a_challenge_is_held() -> None:
    assert carried(seen(GMAIL), "Báo cáo", keys=()).quarantine is not None


def test_beside_a_clean_recipient_nobody_is_asked() -> None:
    answer = carried(seen(OFFICE, GMAIL), "Báo cáo")
    assert (answer.kind, answer.strip) == ("accept", (1,))


LIFTED = Challenge("valid", ("a",), "gấp")


def test_a_good_tag_leaves_the_subject() -> None:
    answer = carried(seen(GMAIL, challenge=LIFTED, subject="Bao cao"), "Bao cao [LD 7F3K2MQ: gap]")
    assert answer.edits == (HeaderEdit("Subject", 1, "Bao cao"),)


def test_a_rules_own_tag_goes_before_the_subject_without_the_code() -> None:
    answer = carried(seen(GMAIL, challenge=LIFTED, subject="Bao cao"), "Bao cao [LD 7F3K2MQ: gap]", POLICY)
    assert answer.edits == (HeaderEdit("Subject", 1, "[X] Bao cao"),)


def test_a_good_tag_leaves_held_mail_too() -> None:
    policy = policy_of(rule("a", {"recipient.class": "public"}, "challenge"), rule("h", {}, "hold"))
    answer = carried(seen(GMAIL, challenge=LIFTED), "Bao cao [LD 7F3K2MQ: gap]", policy)
    assert answer.quarantine is not None
    assert answer.edits == (HeaderEdit("Subject", 1, "Bao cao"),)


def test_any_other_tag_stays() -> None:
    answer = carried(seen(OFFICE, challenge=Challenge("invalid", (), "gap")), "[LD 7F3K2MQ: gap] Bao cao")
    assert [edit for edit in answer.edits if edit.name == "Subject"] == []


def test_a_wrong_and_an_old_code_are_told_apart() -> None:
    assert "Wrong code" in str(carried(seen(GMAIL, challenge=Challenge("invalid", (), "x")), "s").reply)
    assert "too old" in str(carried(seen(GMAIL, challenge=Challenge("expired", ("a",), "x")), "s").reply)


@given(st.text(max_size=400), st.text(max_size=400), st.sampled_from(["none", "invalid", "expired"]))
def test_the_reply_is_short_ascii_with_the_code_whatever_the_title(
    english: str, vietnamese: str, status: Any
) -> None:
    titled = replaced(UNTAGGED.by_id["a"], title={"vi": vietnamese, "en": english})
    policy = replaced(UNTAGGED, by_id={"a": titled})
    decision: Decision = replace(decide(UNTAGGED, seen(GMAIL)))
    reply = request(decision, policy, "7F3K2MQ", Challenge(status), "01REF")
    assert (reply.code, reply.enhanced) == ("550", "5.7.1")
    for line in reply.lines:
        assert line.isascii()
        assert line.isprintable()
        assert "%" not in line
        assert len(line) <= MAX_LINE
        assert "[LD 7F3K2MQ: " in line
    assert "[ref 01REF]" in reply.lines[1]
