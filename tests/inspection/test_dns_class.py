"""From exchangers to the class of a recipient: who is asked about, what an answer makes of it, and who never is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from support.dns_server import DnsServer
from vanthu import shipped
from vanthu.answers import Absent, Answer, Known, Unavailable
from vanthu.cli.main import vanthu
from vanthu.directory.load import load as load_register
from vanthu.facts.asked import NOBODY, Asked
from vanthu.facts.exchangers import to_ask
from vanthu.facts.gather import House, gather
from vanthu.facts.model import Facts, Missing
from vanthu.mail.envelope import Envelope, Recipient
from vanthu.mail.parse import parse
from vanthu.providers.load import load as load_providers

HOUSE = House(
    register=load_register(None),
    providers=load_providers(shipped.providers(), official=["x.gov.vn"], government=["dang.example"]),
    zone=ZoneInfo("Asia/Ho_Chi_Minh"),
)
AN = "annv@x.gov.vn"


def envelope(sender: str, *recipients: str, login: str | None = AN) -> Envelope:
    return Envelope(sender, tuple(map(Recipient, recipients)), datetime(2026, 11, 23, tzinfo=UTC), login=login)


def facts(recipient: str, answer: Answer[tuple[str, ...]] | None, sender: str = AN, login: str | None = AN) -> Facts:
    answers = {} if answer is None else {"firm.vn": answer}
    message = parse(f"From: {sender}\r\n\r\nx\r\n".encode())
    return gather(message, envelope(sender, recipient, login=login), HOUSE, asked=Asked(answers))


def test_only_what_no_list_names_is_asked_about_and_each_domain_once() -> None:
    listed = ["a@gmail.com", "d@haiphong.gov.vn", "e@y.x.gov.vn", "f@dang.example", "h@mailinator.com"]
    nowhere = ["g@[192.0.2.1]", "root", "", "j@localhost"]
    others = ["b@firm.vn", "c@FIRM.vn.", "i@Công-Ty.vn", "k@vnexpress.net.vn"]
    asked = to_ask(envelope(AN, *listed, *nowhere, *others), HOUSE.providers)
    assert asked == ("firm.vn", "xn--cng-ty-ixa.vn", "vnexpress.net.vn")


def test_a_sender_is_asked_about_only_where_he_has_no_login() -> None:
    assert to_ask(envelope("ai@firm.vn", AN, login=None), HOUSE.providers) == ("firm.vn",)
    assert to_ask(envelope("ai@firm.vn", AN, login="ai@firm.vn"), HOUSE.providers) == ()
    assert to_ask(envelope("", AN, login=None), HOUSE.providers) == ()


@pytest.mark.parametrize(
    ("answer", "class_", "family", "because"),
    [
        (Known(("aspmx.l.google.com",)), "hosted", "google", "mx aspmx.l.google.com: families.yaml: google"),
        (Known(("mx.firm.vn", "alt1.aspmx.l.google.com")), "hosted", "google", "mx alt1.aspmx.l.google.com: "),
        (Known(("firm-vn.mail.protection.outlook.com",)), "hosted", "microsoft", "mx firm-vn.mail.protection"),
        (Known(("mx.firm.vn",)), "other", None, "no list names it, nor its MX mx.firm.vn"),
        (
            Known(("notgoogle.com", "google.com.firm.vn", "xaspmx-l-google.com")),
            "other",
            None,
            "no list names it, nor",
        ),
        (Absent(), "other", None, "no list names it, no MX"),
        (Unavailable("dns_timeout"), "other", None, "no list names it, MX unknown (dns_timeout)"),
        (None, "other", None, "no list names it, MX not asked"),
    ],
)
def test_what_the_exchangers_make_of_a_domain(
    answer: Answer[tuple[str, ...]] | None, class_: str, family: str | None, because: str
) -> None:
    (recipient,) = facts("b@firm.vn", answer).recipients
    assert (recipient.class_, recipient.family) == (class_, family)
    assert recipient.because.startswith(because)


@pytest.mark.parametrize("reason", ["dns_timeout", "dns_error", "busy"])
def test_what_nobody_could_say_is_unknown_with_its_reason(reason: str) -> None:
    missing = facts("b@firm.vn", Unavailable(reason)).unavailable
    assert missing == (Missing("/recipients/0/class", reason), Missing("/recipients/0/family", reason))
    inbound = facts(AN, Unavailable(reason), sender="ai@firm.vn", login=None)
    assert inbound.unavailable == (Missing("/sender/class", reason), Missing("/sender/family", reason))


@pytest.mark.parametrize("answer", [None, Absent(), Known(("mx.firm.vn",))])
def test_what_is_known_or_was_not_asked_is_not_unknown(answer: Answer[tuple[str, ...]] | None) -> None:
    assert facts("b@firm.vn", answer).unavailable == ()


@pytest.mark.parametrize("address", ["b@gmail.com", "b@haiphong.gov.vn", "b@x.gov.vn", "b@dang.example"])
def test_an_answer_never_overrules_a_list(address: str) -> None:
    message = parse(b"From: a@x.gov.vn\r\n\r\nx\r\n")
    lies = Asked({address.partition("@")[2]: Known(("mx.mailinator.com",))})
    listed, lied = (gather(message, envelope(AN, address), HOUSE, asked=one).recipients for one in (NOBODY, lies))
    assert listed == lied


def test_the_sender_of_inbound_mail_has_a_class_too() -> None:
    sender = facts(AN, Known(("aspmx.l.google.com",)), sender="ai@firm.vn", login=None).sender
    assert (sender.class_, sender.family) == ("hosted", "google")


def test_commands_ask_dns_only_when_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.eml").write_text("From: a@x.gov.vn\nTo: b@firm.vn, c@gmail.com\n\nx\n")
    with DnsServer({"firm.vn": {"aspmx.l.google.com": 1}}) as server:
        Path("vanthu.yaml").write_text(f"own: {{domains: [x.gov.vn]}}\ndns: {{servers: ['{server.address}']}}\n")
        silent = CliRunner().invoke(vanthu, ["facts", "a.eml"])
        assert json.loads(silent.stdout)["recipients"][0]["because"] == "no list names it, MX not asked"
        assert server.asked == {}
        told = CliRunner().invoke(vanthu, ["facts", "--dns", "a.eml"])
        assert json.loads(told.stdout)["recipients"][0]["class"] == "hosted"
        explained = CliRunner().invoke(vanthu, ["explain", "--dns", "--lang", "en", "a.eml"])
        assert "mx aspmx.l.google.com" in explained.stdout
        assert set(server.asked) == {"firm.vn"}
