"""Whose mailbox a domain is, by the shipped lists and by an operator's own."""

from __future__ import annotations

import time
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu import shipped
from vanthu.facts import model as facts
from vanthu.providers.load import load
from vanthu.providers.model import AddressClass, Providers

OWN = ["quangngai.gov.vn", "benhvien-x.vn"]


@pytest.fixture(scope="module")
def providers() -> Providers:
    return load(shipped.providers(), official=OWN, government=["quochoi.vn"], register=["ubnd-y.vn"])


@pytest.mark.parametrize(
    ("address", "class_", "family"),
    [
        ("an@gmail.com", "public", "google"),
        ("AN@GMAIL.COM.", "public", "google"),
        ("an@ｇｍａｉｌ.com", "public", "google"),
        ("yahoo.com.vn", "public", "yahoo"),
        ("outlook.com.vn", "public", "microsoft"),
        ("icloud.com", "public", "apple"),
        ("firm.onmicrosoft.com", "public", "microsoft"),
        ("hcm.vnn.vn", "isp", "vnpt"),
        ("hue.vnn.vn", "isp", "vnpt"),
        ("hn.fpt.vn", "isp", "fpt"),
        ("duck.com", "relay", "alias_relay"),
        ("mozmail.com", "relay", "alias_relay"),
        ("sub.mailinator.com", "disposable", "disposable"),
        ("googlegroups.com", "list", "google_groups"),
        ("council.groups.io", "list", "groups_io"),
        ("soyte.quangngai.gov.vn", "official", None),
        ("benhvien-x.vn", "official", None),
        ("ubnd-y.vn", "official", None),
        ("hanoi.gov.vn", "government", None),
        ("vptw.dcs.vn", "government", None),
        ("chinhphu.vn", "government", None),
        ("quochoi.vn", "government", None),
        ("mail.tdc.edu.vn", "other", None),
        ("imail.edu.vn", "other", None),
        ("fpt.vn", "other", None),
        ("vnexpress.net", "other", None),
        ("gmail.com.evil.example", "other", None),
        ("notgmail.com", "other", None),
        ("evilgov.vn", "other", None),
        ("mail.gmail.com", "other", None),
        ("[192.0.2.1]", "other", None),
        ("", "other", None),
        ("an@", "other", None),
    ],
)
def test_class_and_family(providers: Providers, address: str, class_: str, family: str | None) -> None:
    found = providers.classify(address)
    assert (found.class_, found.family) == (class_, family)


@pytest.mark.parametrize(
    ("domain", "because"),
    [
        ("gmail.com", "families.yaml: google: gmail.com"),
        ("a.quangngai.gov.vn", "settings own.domains: quangngai.gov.vn"),
        ("ubnd-y.vn", "register: ubnd-y.vn"),
        ("quochoi.vn", "settings government.domains: quochoi.vn"),
        ("hanoi.gov.vn", "suffix gov.vn"),
        ("x.edu.vn", "suffix edu.vn: never public"),
        ("mozmail.com", "families.yaml: alias_relay: mozmail.com (from memory)"),
        ("vnexpress.net", "no list names it"),
    ],
)
def test_because_names_the_entry(providers: Providers, domain: str, because: str) -> None:
    assert providers.classify(domain).because == because


def test_a_domain_longer_than_any_costs_no_more(providers: Providers) -> None:
    """A look-up at every label of a header field of one domain was quadratic."""
    before = time.process_time()
    assert providers.classify("a." * 200_000 + "gmail.com").class_ == providers.classify("a.gmail.com").class_
    providers.looks_like("a." * 200_000 + "vn")
    assert time.process_time() - before < 1


def test_long_tails(providers: Providers) -> None:
    tail = shipped.providers() / "free.txt"
    listed = [line for line in tail.read_text("utf-8").splitlines() if not line.startswith("#")]
    found = providers.classify(f"an@{listed[-1]}")
    assert (found.class_, found.because) == ("public", f"free.txt: {listed[-1]}")
    assert providers.classify(f"below.{listed[-1]}").class_ == "other"


def test_overrides_win_over_everything(tmp_path: Path) -> None:
    (tmp_path / "overrides.yaml").write_text(
        "version: 1\n"
        "overrides:\n"
        "  gmail.com: {class: other, family: ours, reason: agreed}\n"
        "  mail.x.gov.vn: {class: public}\n"
        "  own.vn: {class: hosted}\n"
        "  sub.own.vn: {class: list}\n",
        "utf-8",
    )
    providers = load(tmp_path, official=["own.vn"], government=[])
    assert providers.classify("gmail.com").because == "overrides.yaml: gmail.com (agreed)"
    assert providers.classify("a.mail.x.gov.vn").class_ == "public"
    assert providers.classify("own.vn").class_ == "hosted"
    assert providers.classify("a.sub.own.vn").class_ == "list"
    assert providers.classify("yahoo.com").class_ == "public", "the other shipped files still count"


@pytest.mark.parametrize(
    ("hosts", "class_", "family"),
    [
        (["aspmx.l.google.com", "alt1.aspmx.l.google.com"], "hosted", "google"),
        (["SMTP.google.com."], "hosted", "google"),
        (["x-vn.mail.protection.outlook.com"], "hosted", "microsoft"),
        (["x.j-v1.mx.microsoft"], "hosted", "microsoft"),
        (["mx.own.vn", "smtp.secureserver.net"], "hosted", "hosting_business"),
        (["route1.mx.cloudflare.net"], "relay", "alias_relay"),
        (["mail.mailinator.com"], "disposable", "disposable"),
    ],
)
def test_mail_exchangers(providers: Providers, hosts: list[str], class_: str, family: str) -> None:
    found = providers.by_mx(hosts)
    assert found is not None
    assert (found.class_, found.family) == (class_, family)


@pytest.mark.parametrize("hosts", [[], ["mx.own.vn"], ["evil-smtp.google.com.example"], ["notsmtp.google.company"]])
def test_other_mail_exchangers_say_nothing(providers: Providers, hosts: list[str]) -> None:
    assert providers.by_mx(hosts) is None


@pytest.mark.parametrize(
    "domain",
    [
        "quangngai-gov.vn",
        "quangngai.gov.vn.example.com",
        "quangngai.g0v.vn",
        "qu\u0430ngngai.gov.vn",
        "xn--qungngai-26g.gov.vn",
        "quảngngãi.gov-vn.com",
        "an@quangngaigov.vn",
    ],
)
def test_imitations_of_an_official_domain(providers: Providers, domain: str) -> None:
    assert providers.looks_like(domain) == "quangngai.gov.vn"


@pytest.mark.parametrize("domain", ["soyte.quangngai.gov.vn", "gmail.com", "quangnam.gov.vn", "", "baoquangngai.vn"])
def test_honest_domains_imitate_nobody(providers: Providers, domain: str) -> None:
    assert providers.looks_like(domain) is None


@given(st.text(max_size=300))
def test_classify_never_raises(text: str) -> None:
    assert SHIPPED.classify(text).class_ in get_args(AddressClass)
    SHIPPED.looks_like(text)
    SHIPPED.by_mx([text])


SHIPPED = load(shipped.providers(), official=OWN, government=[])


def test_classes_are_those_of_facts() -> None:
    assert get_args(AddressClass) == get_args(facts.AddressClass)


def test_a_thousand_recipients_cost_little() -> None:
    asked = [f"user{number}@domain{number}.example.com" for number in range(1000)]
    begun = time.process_time()
    for address in asked:
        SHIPPED.classify(address)
    assert time.process_time() - begun < 0.1
