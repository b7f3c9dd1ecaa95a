"""Who writes to whom: direction, sender and recipients by register and lists (contracts: direction, sender)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from vanthu import shipped
from vanthu.directory.load import load as load_register
from vanthu.facts.gather import House, gather
from vanthu.facts.model import Facts
from vanthu.mail.envelope import Envelope, Origin, Recipient
from vanthu.mail.parse import parse
from vanthu.providers.load import load as load_providers

REGISTER = load_register(Path(__file__).parents[2] / "deploy" / "demo" / "register.yaml")
HOUSE = House(
    register=REGISTER,
    providers=load_providers(
        shipped.providers(), official=["hathanh.gov.vn"], register=REGISTER.domains, government=["dang.example"]
    ),
    zone=ZoneInfo("Asia/Ho_Chi_Minh"),
    own_hosts=("hathanh.gov.vn",),
)
AN, HOA = "annv@soyte.hathanh.gov.vn", "hoatt@soyte.hathanh.gov.vn"
GMAIL, OTHER_OFFICE = "ai.do@gmail.com", "vanthu@haiphong.gov.vn"


def facts(
    sender: str,
    *recipients: str,
    origin: Origin | None = None,
    login: str | None = None,
    header: str = "",
    time: datetime = datetime(2026, 11, 23, 2, tzinfo=UTC),
) -> Facts:
    raw = f"{header or f'From: {sender}'}\r\n\r\nx\r\n".encode()
    envelope = Envelope(sender, tuple(map(Recipient, recipients)), time, origin=origin, login=login)
    return gather(parse(raw), envelope, HOUSE)


@pytest.mark.parametrize(
    ("sender", "recipients", "origin", "login", "direction"),
    [
        (AN, [HOA], "submission", AN, "internal"),
        (AN, [HOA, GMAIL], "submission", AN, "outbound"),
        (AN, [OTHER_OFFICE], "trusted", None, "outbound"),
        (AN, [HOA], "outside", None, "inbound"),
        (AN, [HOA], None, None, "internal"),
        (GMAIL, [HOA], "outside", None, "inbound"),
        (GMAIL, [HOA], "trusted", None, "inbound"),
        (GMAIL, [GMAIL], "outside", None, "foreign"),
        (GMAIL, [GMAIL], "submission", AN, "outbound"),
        (OTHER_OFFICE, [HOA], "outside", None, "inbound"),
    ],
)
def test_direction(sender: str, recipients: list[str], origin: Origin, login: str | None, direction: str) -> None:
    assert facts(sender, *recipients, origin=origin, login=login).direction == direction


def test_system_mail_is_ours_by_its_from_field_unless_it_comes_from_outside() -> None:
    header = "From: Mail Delivery System <mailer@hathanh.gov.vn>"
    assert facts("", HOA, origin="pickup", header=header).direction == "internal"
    assert facts("", HOA, origin="outside", header=header).direction == "inbound"
    assert facts("", GMAIL, origin="pickup", header="From: x@y.example").direction == "foreign"


def test_the_sender_as_the_register_knows_him() -> None:
    sender = facts(AN, GMAIL, login=AN).sender
    assert (sender.class_, sender.registered, sender.status) == ("official", True, "active")
    assert (sender.agency, sender.role, sender.matches_login) == ("so-y-te", "personal", True)
    stranger = facts("khong.co@soyte.hathanh.gov.vn", GMAIL).sender
    assert (stranger.registered, stranger.status, stranger.agency) == (False, "unknown", "so-y-te")


def test_a_mailbox_expires_on_the_day_after_its_last_one_by_local_time() -> None:
    dung = "dungpv@sotaichinh.hathanh.gov.vn"  # valid until 2026-06-30
    assert facts(dung, HOA, time=datetime(2026, 6, 30, 16, 59, tzinfo=UTC)).sender.status == "active"
    assert facts(dung, HOA, time=datetime(2026, 6, 30, 17, 1, tzinfo=UTC)).sender.status == "expired"


@pytest.mark.parametrize(
    ("login", "sender", "header", "matches"),
    [
        (AN, AN, f"From: {AN}", True),
        ("annv", AN, f"From: {AN}", True),
        ("ANNV@SoYTe.hathanh.gov.vn", AN, f"From: An <{AN}>", True),
        (HOA, AN, f"From: {AN}", False),
        (AN, AN, f"From: {HOA}", False),
        (AN, "", f"From: {AN}", True),
        (None, AN, f"From: {AN}", None),
    ],
)
def test_whether_sender_and_from_are_the_logins_own(
    login: str | None, sender: str, header: str, matches: bool | None
) -> None:
    assert facts(sender, HOA, login=login, header=header).sender.matches_login is matches


def test_recipients_get_class_family_agency_and_the_reason() -> None:
    office, gmail, other = facts(AN, HOA, GMAIL, OTHER_OFFICE).recipients
    assert (office.class_, office.agency, office.role) == ("official", "so-y-te", "personal")
    assert (gmail.class_, gmail.family, gmail.agency) == ("public", "google", None)
    assert "gmail.com" in gmail.because
    assert (other.class_, other.agency) == ("government", None)


def test_a_declared_private_mailbox_is_told_from_a_colleagues() -> None:
    private = "an.nguyen85@gmail.com"
    assert facts(AN, private).recipients[0].relation == "self_declared"
    assert facts(HOA, private).recipients[0].relation == "colleague_declared"
    assert facts(HOA, GMAIL).recipients[0].relation == "none"


def test_without_a_snapshot_nobody_can_say_what_a_reply_answers() -> None:
    answer = facts(AN, HOA, GMAIL, header=f"From: {AN}\r\nIn-Reply-To: <1@gmail.com>")
    assert [(one.fact, one.reason) for one in answer.unavailable] == [("/recipients/1/conversation", "no_snapshot")]
    assert facts(AN, GMAIL).unavailable == ()
