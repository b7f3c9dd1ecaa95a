"""From Decision to Answer, without an MTA."""

from __future__ import annotations

from support.records import facts
from vanthu.facts.model import Recipient
from vanthu.inspection.answer import HeaderEdit
from vanthu.inspection.effects import HEADER, carry_out, forged
from vanthu.mail.message import HeaderField, Message
from vanthu.policy.decision import Decision, RuleHit

OFFICE = Recipient("b@x.gov.vn", "x.gov.vn", "official")
GMAIL = Recipient("c@gmail.com", "gmail.com", "public")


class Policy:
    """What replies ask of a policy."""

    def title(self, rule_id: str, lang: str) -> str:
        return rule_id


def message(*names: str, subject: str | None = "Chào") -> Message:
    fields = [HeaderField(name, "v", b"v") for name in names]
    if subject is not None:
        fields.append(HeaderField("Subject", subject, subject.encode()))
    return Message(10, tuple(fields), (), (), ())


def carried(decision: Decision, *recipients: Recipient, direction: str = "internal", **kwargs: object):
    seen = facts(direction=direction, recipients=recipients)
    return carry_out(decision, seen, message(**kwargs), Policy(), "ID")  # type: ignore[arg-type]


def test_forged_fields_are_deleted_from_the_highest_index_down() -> None:
    edits = forged(["Subject", "X-Vanthu", "To", "x-vanthu", "X-Vanthu-Hop", "X-Vanthu"])
    assert edits == (
        HeaderEdit("X-Vanthu", 3, None),
        HeaderEdit("X-Vanthu-Hop", 1, None),
        HeaderEdit("x-vanthu", 2, None),
        HeaderEdit("X-Vanthu", 1, None),
    )


def test_our_field_stands_only_where_all_remaining_recipients_are_official() -> None:
    mixed = Decision("strip", ("accept", "strip"))
    assert carried(mixed, OFFICE, GMAIL, direction="outbound").edits == (HeaderEdit(HEADER, 0, "strip; id=ID"),)
    plain = Decision("accept", ("accept", "accept"))
    assert carried(plain, OFFICE, GMAIL, direction="outbound").edits == ()
    assert carried(plain, OFFICE, OFFICE).edits == (HeaderEdit(HEADER, 0, "accept; id=ID"),)


def test_mail_from_outside_is_not_marked_or_tagged() -> None:
    decision = Decision("count", ("count",), tag_subject="[X]")
    assert carried(decision, OFFICE, direction="inbound").edits == ()


def test_a_tag_goes_before_the_subject_or_makes_one() -> None:
    decision = Decision("count", ("count",), tag_subject="[X]")
    assert carried(decision, GMAIL, direction="outbound", subject="Chao").edits == (
        HeaderEdit("Subject", 1, "[X] Chao"),
    )
    assert carried(decision, GMAIL, direction="outbound", subject=None).edits == (HeaderEdit("Subject", 0, "[X]"),)


def test_a_subject_cannot_smuggle_a_header_line_in() -> None:
    decision = Decision("count", ("count",), tag_subject="[X]")
    (edit,) = carried(decision, GMAIL, direction="outbound", subject="a\r\nBcc: evil@example.com").edits
    assert edit.value is not None
    assert "\n" not in edit.value


def test_hold_and_challenge_quarantine_with_a_short_reason() -> None:
    rules = tuple(RuleHit(f"a-rather-long-rule-name-{n}", "enforce", "hold", (0,)) for n in range(9))
    for verdict in ("hold", "challenge"):
        answer = carried(Decision(verdict, (verdict,), rules), OFFICE)  # type: ignore[arg-type]
        assert answer.kind == "accept"
        assert answer.quarantine is not None
        assert answer.quarantine.startswith("vanthu ID a-rather")
        assert len(answer.quarantine.encode()) <= 100


def test_strip_names_the_recipients_by_index() -> None:
    answer = carried(Decision("strip", ("accept", "strip")), OFFICE, GMAIL, direction="outbound")
    assert answer.strip == (1,)
