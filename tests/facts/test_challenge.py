"""The tag leaves the subject before anything reads it, but only for who logged in and only where it is good."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vanthu.facts.challenge import NONE, take
from vanthu.facts.model import Challenge
from vanthu.mail.envelope import Envelope, Recipient
from vanthu.mail.parse import parse

ENVELOPE = Envelope(
    "an@x.gov.vn", (Recipient("b@gmail.com"),), datetime(2026, 11, 23, tzinfo=UTC), "submission", login="an@x.gov.vn"
)
RAW = b"From: an@x.gov.vn\r\nSubject: thu [LD 7F3K2MQ: khong phai MAT]\r\nX-A: 1\r\n\r\nchao\r\n"
GOOD = Challenge("valid", ("a",), "r")


def verify(answer: Challenge):
    return lambda subject, login, time: (answer, subject.partition(" [")[0])


def test_a_good_tag_is_taken_off() -> None:
    challenge, message = take(parse(RAW), ENVELOPE, verify(GOOD))
    assert challenge == GOOD
    assert message.subject == "thu"
    assert [field.name for field in message.fields] == ["From", "Subject", "X-A"]


@pytest.mark.parametrize("status", ["invalid", "expired"])
def test_any_other_stays(status) -> None:
    message = parse(RAW)
    assert take(message, ENVELOPE, verify(Challenge(status))) == (Challenge(status), message)


@pytest.mark.parametrize("change", [{"login": None}, {"origin": "outside"}, {"origin": None}])
def test_only_who_logged_in_is_heard(change) -> None:
    message = parse(RAW)
    assert take(message, replace(ENVELOPE, **change), verify(GOOD)) == (NONE, message)


@pytest.mark.parametrize("subject", [b"", b"Subject: none here\r\n"])
def test_a_mail_without_a_tag_is_not_asked(subject: bytes) -> None:
    message = parse(subject + b"From: a@x.gov.vn\r\n\r\nchao\r\n")
    assert take(message, ENVELOPE, lambda *_: 1 / 0) == (NONE, message)
