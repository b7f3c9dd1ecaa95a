"""Reasons for challenged mail reach the head of the office, once, when the month is over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from support import records
from vanthu.facts.model import Challenge, Recipient, Sender
from vanthu.journal.record import Record
from vanthu.policy.decision import Decision, Exempted

from .test_notices import Office, text, told

NOVEMBER = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 0, 30, tzinfo=UTC).timestamp()  # half past seven in Vietnam


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def justified(reason: str | None, time: datetime = NOVEMBER, verdict: Any = "accept", **facts: Any) -> Record:
    challenge = Challenge("valid", ("official-to-public",), reason, reason is None)
    decision = Decision(verdict, (verdict,), (), (Exempted("official-to-public", "challenge", (0,)),))
    return records.message(time=time, challenge=challenge, decision=decision, **facts)


def monthly(office: Office, now: float) -> list[Any]:
    office.now = now
    office.notices.sweep()
    return [mail for mail in office.outbox() if mail["X-Vanthu-Notice"] == "monthly"]


def test_the_head_of_office_is_told_when_the_month_is_over(office: Office) -> None:
    first, second = justified("họp bão", subject="Kín"), justified(None)
    office.tell(first, second)
    assert monthly(office, office.now + 3600) == []
    assert monthly(office, datetime(2026, 11, 30, 23, 0, tzinfo=UTC).timestamp()) == [], "not before the morning"
    (mail,) = monthly(office, DECEMBER)
    assert told([mail]) == {("monthly", "lanhdao.soyte@x.gov.vn")}
    assert mail["Subject"] == "Giải trình gửi thư ra ngoài, tháng 11/2026 (2)"
    said = " ".join(text(mail).split())
    for part in (
        "1 thư của Sở Y tế", "“họp bão”", "báo nhầm", first.id, second.id, "2 × Quy tắc official-to-public",
        "an@soyte.x.gov.vn", "b@gmail.com", "In 2026-11, senders of Sở Y tế gave a reason for 1 messages",
    ):  # fmt: skip
        assert part in said, part
    assert "Kín" not in said
    assert len(monthly(office, DECEMBER + 86_400)) == 1, "once"


def test_each_agency_hears_of_its_own_and_nobody_is_forgotten(office: Office) -> None:
    other = Sender("binh@sonoivu.x.gov.vn", class_="official", registered=True, agency="so-noi-vu")
    unknown = Sender("x@x.gov.vn", class_="official")
    office.tell(justified("một"), justified("hai", sender=other), justified("ba", sender=unknown))
    mails = monthly(office, DECEMBER)
    assert told(mails) == {("monthly", "lanhdao.soyte@x.gov.vn"), ("monthly", "attt@x.gov.vn")}
    assert len({mail["Message-ID"] for mail in mails}) == 3


@pytest.mark.parametrize(
    "record",
    [
        justified("hop", hop=records.Hop("egress", "01")),
        justified("hold", verdict="hold"),
        justified("old", datetime(2026, 9, 20, tzinfo=UTC)),
        records.message(challenge=Challenge("invalid", (), "x")),
    ],
    ids=["second hop", "stopped by another rule", "told long ago", "no code"],
)
def test_what_is_no_reason(office: Office, record: Record) -> None:
    office.tell(record)
    assert monthly(office, DECEMBER) == []


def test_last_month_is_told_where_the_steward_slept_through_its_end(office: Office) -> None:
    office.now = DECEMBER
    office.tell(justified("họp"))
    assert len(monthly(office, DECEMBER)) == 1


def test_nothing_that_a_sender_writes_makes_a_line_of_its_own(office: Office) -> None:
    office.tell(justified("x\r\n\r\n- giả\x1b[2J", recipients=(Recipient("b\n@gmail.com", "gmail.com", "public"),)))
    (mail,) = monthly(office, DECEMBER)
    assert "“x - giả?[2J”" in " ".join(text(mail).split())


def test_a_long_month_is_cut_and_counted(office: Office) -> None:
    office.tell(*(justified(f"lý do {number}") for number in range(205)))
    (mail,) = monthly(office, DECEMBER)
    assert "… và 5 thư khác" in text(mail)
    assert "(205)" in mail["Subject"]
