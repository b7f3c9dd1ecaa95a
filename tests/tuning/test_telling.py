"""Whatever policy and mail, an explanation can be told in both languages, and nothing in it moves a cursor."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from support.policies import GMAIL, loaded, mail, policy_of, rule
from support.policy_strategies import facts, policies
from vanthu.facts.model import Document, Facts, Missing
from vanthu.tuning.explanation import explain
from vanthu.tuning.telling import tell
from vanthu.tuning.words import WORDS

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policies(), facts())
def test_every_explanation_can_be_told(written, seen: Facts) -> None:
    explanation = explain(loaded(written).policy, seen)
    for lang in ("vi", "en"):
        text = tell(explanation, lang, ZONE)
        assert all(line.isprintable() for line in text.splitlines())
        assert all(rule.id in text for rule in explanation.rules)
        assert explanation.decision.verdict in text


@pytest.mark.parametrize("key", sorted(WORDS))
def test_every_word_is_there_in_both_languages(key: str) -> None:
    assert all(text.strip() for text in WORDS[key])


def test_rules_that_an_unread_part_left_unknown_are_told_together() -> None:
    hidden = (Missing("/official", "encrypted"),)
    rules = [rule(id_, {"official.score": {"min": 0.8}}, "challenge") for id_ in ("one", "two")]
    explanation = explain(policy_of(*rules), mail(GMAIL, unavailable=hidden))
    text = tell(explanation, "en", ZONE)
    assert "? Not judged, since parts could not be read: /official (encrypted)\n    one, two\n" in text
    assert [one.outcome for one in explanation.rules] == ["unknown", "unknown"]


@pytest.mark.parametrize(("lang", "said"), [("vi", "attachment:1, trang 3"), ("en", "attachment:1, page 3")])
def test_the_page_of_a_document_is_told(lang, said: str) -> None:
    policy = policy_of(rule("out", {"official.score": {"min": 0.8}}, "challenge"))
    seen = mail(GMAIL, document=Document("attachment:1", page=3, number="815", score=0.97))
    assert said in tell(explain(policy, seen), lang, ZONE)
