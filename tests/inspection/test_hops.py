"""A mail on its second hop, without an MTA: what is believed, what is judged, what becomes of a refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from support.records import facts
from vanthu.facts.model import Challenge, Hop
from vanthu.inspection.answer import Answer
from vanthu.inspection.hops import Arrival, arrive, issued, settled, stamped
from vanthu.mail import envelope as mail
from vanthu.mail.envelope import Envelope
from vanthu.mail.transaction import Transaction
from vanthu.policy.decision import Decision, RuleHit

KEY = b"k" * 32
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
OFFICE, GMAIL, OTHER = "hoa@x.gov.vn", "an@gmail.com", "binh@yahoo.com"
SUBMITTED = Envelope("an@x.gov.vn", (mail.Recipient(OFFICE),), NOW, origin="submission", login="an@x.gov.vn")
EGRESS = Envelope("an@x.gov.vn", (mail.Recipient(OFFICE),), NOW, origin="trusted", hop="egress")


def transaction(*headers: tuple[bytes, bytes], body: bytes = b"chao\r\n") -> Transaction:
    made = Transaction("an@x.gov.vn", (), 1 << 20, lambda size: True)
    for name, value in (*headers, (b"Message-ID", b" <1@x>"), (b"Subject", b" x")):
        made.add_field(name, value)
    made.add_body(body)
    return made


def to(envelope: Envelope, *addresses: str) -> Envelope:
    return replace(envelope, recipients=tuple(map(mail.Recipient, addresses)))


def header(
    envelope: Envelope, answer: Answer | None = None, notice: bool = False, challenge: Challenge | None = None
) -> tuple[bytes, bytes]:
    plain = transaction()
    seen = facts(challenge=challenge or Challenge())
    edit = issued(answer or Answer("accept"), "REC", envelope, seen, plain, plain.raw(), KEY, notice)
    return edit.name.encode(), b" " + (edit.value or "").encode()


def arrived(envelope: Envelope, *headers: tuple[bytes, bytes], body: bytes = b"chao\r\n") -> Arrival:
    made = transaction(*headers, body=body)
    return arrive(made, envelope, made.raw(), (KEY,), 30)


def test_only_who_is_new_is_judged_and_by_whom_it_was_sent_comes_back() -> None:
    arrival = arrived(to(EGRESS, OFFICE, GMAIL), header(SUBMITTED))
    assert (arrival.result, arrival.seen) == ("valid", frozenset({0}))
    left = arrival.left(to(EGRESS, OFFICE, GMAIL))
    assert (left.login, left.origin, left.hop) == ("an@x.gov.vn", "submission", "egress")
    assert [one.address for one in left.recipients] == [GMAIL]
    assert arrival.completed(facts(hop=Hop("egress"))).hop.parent == "REC"


def test_who_was_stripped_did_not_pass() -> None:
    envelope = to(SUBMITTED, OFFICE, GMAIL)
    arrival = arrived(to(EGRESS, OFFICE, GMAIL), header(envelope, Answer("accept", strip=(1,))))
    assert arrival.seen == {0}


def test_indexes_to_strip_are_those_of_the_whole_mail() -> None:
    arrival = arrived(to(EGRESS, GMAIL, OFFICE, OTHER), header(SUBMITTED))
    assert arrival.indexes(Answer("accept", strip=(0, 1)), 3).strip == (0, 2)


def test_without_a_header_everything_is_judged() -> None:
    arrival = arrived(EGRESS)
    assert arrival == Arrival()
    assert arrival.left(EGRESS) is EGRESS


@pytest.mark.parametrize("origin", ["outside", "submission"])
def test_a_header_from_outside_or_from_a_client_is_a_replay(origin: str) -> None:
    assert arrived(replace(SUBMITTED, origin=origin, login=None), header(SUBMITTED)) == Arrival("replayed")
    assert arrived(replace(EGRESS, origin=origin), header(SUBMITTED)) == Arrival("replayed")


def test_a_forged_header_does_not_hide_the_real_one() -> None:
    forged = (b"x-vanthu-hop", b" v1 e30 AAAA")
    assert arrived(EGRESS, forged) == Arrival("forged")
    assert arrived(EGRESS, forged, header(SUBMITTED)).result == "valid"
    assert arrived(EGRESS, header(SUBMITTED), forged).result == "valid"


def test_on_other_content_it_lets_nobody_pass() -> None:
    arrival = arrived(EGRESS, header(SUBMITTED), body=b"secret\r\n")
    assert (arrival.result, arrival.seen) == ("unbound", frozenset())
    assert arrival.ticket is not None  # the same Message-ID: counted already
    another = transaction(header(SUBMITTED))
    another.fields = [(name, b" <2@x>" if name == b"Message-ID" else value) for name, value in another.fields]
    assert arrive(another, EGRESS, another.raw(), (KEY,), 30) == Arrival("unbound")


def test_what_comes_back_by_the_sendmail_command_is_judged_but_not_counted_again() -> None:
    pickup = replace(to(EGRESS, OFFICE), hop="submission", origin="pickup")
    arrival = arrived(pickup, header(SUBMITTED))
    assert (arrival.result, arrival.seen) == ("valid", frozenset())
    assert arrival.left(pickup) is pickup
    assert arrival.completed(facts()).hop.parent == "REC"


def test_what_a_code_lifted_stays_lifted() -> None:
    arrival = arrived(EGRESS, header(SUBMITTED, challenge=Challenge("valid", ("r1",), "because")))
    assert arrival.completed(facts(hop=Hop("egress"))).challenge == Challenge("valid", ("r1",))


def test_our_own_notice_may_go_wherever_its_mailbox_is_forwarded() -> None:
    arrival = arrived(to(EGRESS, GMAIL), header(SUBMITTED, notice=True))
    assert arrival.seen == {0}
    first = arrived(replace(EGRESS, hop="submission"), header(SUBMITTED, notice=True))
    assert first.is_notice
    assert first.completed(facts()).hop.parent is None


def policy(**whole: bool):
    return SimpleNamespace(by_id={name: SimpleNamespace(whole=one) for name, one in whole.items()})


def refused(*indexes: int, rule: str = "r", verdict: str = "reject") -> Decision:
    hits = (RuleHit(rule, "enforce", verdict, indexes), RuleHit("shade", "shadow", "reject", (0, 1)))  # type: ignore[arg-type]
    return Decision(verdict, (verdict, verdict), hits)  # type: ignore[arg-type]


@pytest.mark.parametrize("verdict", ["challenge", "hold", "reject"])
def test_nothing_is_ever_refused_at_egress(verdict: str) -> None:
    decision = settled(refused(0, 1, verdict=verdict), policy(r=False), Arrival("valid"))  # type: ignore[arg-type]
    assert (decision.verdict, decision.recipients) == ("hold", ("hold", "hold"))


def test_who_passed_before_is_not_held_for_the_sake_of_others() -> None:
    beside = Arrival("valid", seen=frozenset({7}))
    decision = settled(refused(1), policy(r=False), beside)  # type: ignore[arg-type]
    assert (decision.verdict, decision.recipients) == ("strip", ("accept", "strip"))
    assert settled(refused(1), policy(r=True), beside).verdict == "hold"  # type: ignore[arg-type]


def test_milder_verdicts_stay() -> None:
    decision = Decision("warn", ("warn",))
    assert settled(decision, policy(), Arrival()) is decision  # type: ignore[arg-type]


def test_a_notice_that_the_steward_stamps_is_known_at_its_first_hop() -> None:
    plain = (
        b"From: vanthu@x.gov.vn\r\nMessage-ID: <1@x>\r\nContent-Type: text/plain;\r\n charset=utf-8\r\n\r\nXin\r\n"
    )
    mail = stamped(plain, KEY, NOW.timestamp())
    assert mail.endswith(plain)
    made = Transaction("", (), 1 << 20, lambda size: True)
    head, _, body = mail.partition(b"\r\n\r\n")
    for line in head.replace(b"\r\n ", b"\n ").split(b"\r\n"):
        name, _, value = line.partition(b":")
        made.add_field(name, value)
    made.add_body(body)
    arrival = arrive(made, replace(SUBMITTED, origin="trusted", login=None), made.raw(), (KEY,), 30)
    assert arrival.is_notice
