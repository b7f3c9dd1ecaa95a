"""Replies are short ASCII that libmilter cannot misread and that gives nothing away."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from vanthu.inspection.reply import refusal
from vanthu.policy.decision import Decision, RuleHit


@dataclass
class Rule:
    secrecy: bool = False


@dataclass
class Policy:
    english: str = "Official document to a private mailbox"
    vietnamese: str = "Gửi văn bản công vụ vào hộp thư riêng"
    secrecy: bool = False

    @property
    def by_id(self) -> dict[str, Rule]:
        return {"a": Rule(self.secrecy), "b": Rule(self.secrecy)}

    def title(self, rule_id: str, lang: str) -> str:
        return self.english if lang == "en" else self.vietnamese


def reply(policy: Policy, *rules: RuleHit):
    return refusal(Decision("reject", ("reject",), rules), policy, "01REF")  # type: ignore[arg-type]


HIT = RuleHit("a", "enforce", "reject", (0,))


def test_both_languages_without_diacritics_and_the_reference() -> None:
    answer = reply(Policy(), HIT)
    assert str(answer) == (
        "550 5.7.1 Refused by mail policy: Official document to a private mailbox "
        "Tu choi theo quy dinh: Gui van ban cong vu vao hop thu rieng [ref 01REF]"
    )


def test_a_secret_gives_no_title_and_says_what_to_do() -> None:
    text = str(reply(Policy(secrecy=True), HIT))
    assert "Official document" not in text
    assert "report to the secrecy officer" in text
    assert "khong gui lai" in text


def test_shadow_rules_do_not_speak() -> None:
    shadow = RuleHit("0", "shadow", "reject", (0,))
    assert "private mailbox" in str(reply(Policy(), shadow, HIT))


@given(st.text(), st.text())
def test_any_title_gives_lines_that_libmilter_and_smtp_can_carry(english: str, vietnamese: str) -> None:
    for line in reply(Policy(english, vietnamese), HIT).lines:
        assert line.isascii()
        assert line.isprintable()
        assert "%" not in line
        assert len(line) <= 300
