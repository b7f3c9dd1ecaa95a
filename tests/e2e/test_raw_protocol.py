"""What a raw milter client sees of the real daemon: what Postfix would never send, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.milter_client import Mail, MilterSession
from support.milter_wire import LEADING_SPACE, Stage
from support.vanthu import Vanthu

HERE = Path(__file__).parent
REGISTER = HERE.parents[1] / "deploy" / "demo" / "register.yaml"
STAGES: tuple[Stage, ...] = ("connect", "helo", "mail", "rcpt", "data", "header", "eoh", "body", "eob")
HOA = b"hoatt@soyte.hathanh.gov.vn"


@pytest.fixture
def vanthu() -> Iterator[Vanthu]:
    with Vanthu(policies=HERE / "policies", register=REGISTER) as daemon:
        yield daemon


def mail(raw: bytes, **kwargs: object) -> Mail:
    return Mail(sender=b"annv@soyte.hathanh.gov.vn", recipients=[HOA], raw=raw, **kwargs)  # type: ignore[arg-type]


def test_one_reply_a_mail_and_only_what_is_used_is_asked_for(vanthu: Vanthu) -> None:
    with MilterSession(vanthu.socket) as session:
        agreed = session.agreed
    sent = {stage for stage in STAGES if agreed.sends(stage)}
    assert sent == {"connect", "mail", "rcpt", "header", "body", "eob"}
    assert [stage for stage in STAGES if agreed.replies(stage)] == ["eob"]
    assert agreed.flags & LEADING_SPACE
    assert agreed.symbols == {"connect": {b"j", b"daemon_name"}, "mail": {b"auth_authen"}, "eob": {b"i"}}


def test_a_field_that_cannot_be_handed_over_is_answered_at_the_end(vanthu: Vanthu) -> None:
    with MilterSession(vanthu.socket) as session:
        assert session.send(mail(b"\xff\xfe: \xff\r\n\r\n\xff")).verdict == "tempfail"
        assert session.send(mail(b"Subject: x\r\n\r\nx")).verdict == "accept"
    assert "reason=exception" in vanthu.said()


def test_any_bytes_get_an_answer_and_the_session_lives_on(vanthu: Vanthu) -> None:
    broken = [
        b"",
        b"\r\n",
        b"Subject\r\n\r\n",
        b'Content-Type: multipart/mixed; boundary="\r\n\r\n--\r\n',
        b": empty name\r\n\r\nx",
        b"X" * 70_000 + b": y\r\n\r\nx",
        b"Subject: " + b"=?utf-8?q?" * 5000 + b"\r\n\r\nx",
    ]
    with MilterSession(vanthu.socket) as session:
        for raw in broken:
            outcome = session.send(mail(raw))
            assert outcome.verdict in ("accept", "tempfail"), raw[:40]
        assert session.send(mail(b"Subject: reject\r\n\r\nx")).verdict == "reject"
    assert "exception" not in vanthu.said()


def test_addresses_in_raw_bytes_are_recorded(vanthu: Vanthu) -> None:
    with MilterSession(vanthu.socket) as session:
        outcome = session.send(
            Mail(
                sender=b"b\xe1\xba@x.vn", recipients=[b"\xff\xfe@gmail.com", b"<>", b"@"], raw=b"Subject: x\r\n\r\nx"
            )
        )
    assert outcome.verdict == "accept"
    (record,) = vanthu.wait_for_records(1)
    assert len(record["facts"]["recipients"]) == 3


def test_reply_lines_and_the_answer_to_many_mails_in_one_session(vanthu: Vanthu) -> None:
    with MilterSession(vanthu.socket) as session:
        for number in range(300):
            subject = b"reject" if number % 3 == 0 else b"chao"
            outcome = session.send(mail(b"Subject: " + subject + b"\r\n\r\nx"))
            assert outcome.verdict == ("reject" if number % 3 == 0 else "accept")
    assert len(vanthu.wait_for_records(300)) == 300


def test_a_client_that_hangs_up_in_the_middle_leaves_nothing_behind(vanthu: Vanthu) -> None:
    for stop in ("mail", "rcpt", "header", "body"):
        session = MilterSession(vanthu.socket)
        session.__enter__()
        session.send(mail(b"Subject: x\r\n\r\n" + b"y" * 100_000), stop_before="eob" if stop == "body" else stop)
        session.abandon()
    with MilterSession(vanthu.socket) as session:
        assert session.send(mail(b"Subject: x\r\n\r\nx")).verdict == "accept"
    assert len(vanthu.wait_for_records(1)) == 1
