"""Mailboxes that a provider fetches, by logins from its networks."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from vanthu.errors import UsageError
from vanthu.postfix.forwards.fetched import Fetched, Networks, fetched, load
from vanthu.postfix.logins import Login


def login(user: str, remote: str | None, day: int = 1, protocol: str = "pop3") -> Login:
    return Login(user, datetime(2026, 11, day, tzinfo=UTC), protocol, ip_address(remote) if remote else None)


@pytest.mark.parametrize(
    ("address", "family"),
    [
        ("209.85.220.41", "google"),
        ("2a00:1450:4864:20::52d", "google"),
        ("52.97.1.2", "microsoft"),
        ("40.92.0.0", "microsoft"),
        ("40.93.255.255", "microsoft"),
        ("74.6.1.2", "yahoo"),
        ("2a02:6b8:c0c::1", "yandex"),
        ("209.86.0.1", None),
        ("209.85.127.255", None),
        ("34.120.1.2", None),
        ("123.30.1.2", None),
        ("10.0.0.1", None),
        ("::1", None),
    ],
)
def test_whose_network(address: str, family: str | None) -> None:
    assert load().family(ip_address(address)) == family


def test_one_line_a_mailbox_and_provider() -> None:
    seen = [
        login("An@x.gov.vn", "209.85.220.41", 2),
        login("an@x.gov.vn", "209.85.220.69", 5, "imap"),
        login("an@x.gov.vn", "209.85.220.41", 3),
        login("an@x.gov.vn", "123.30.1.2", 6),
        login("binh", None),
        login("an@x.gov.vn", "74.6.1.2"),
    ]
    google, yahoo = fetched(seen, load())
    assert google == Fetched(
        "An@x.gov.vn", "google", ("imap", "pop3"), 3, datetime(2026, 11, 5, tzinfo=UTC), "209.85.220.69"
    )
    assert (yahoo.family, yahoo.count) == ("yahoo", 1)


def test_an_operator_adds_networks(tmp_path: Path) -> None:
    more = tmp_path / "more.yaml"
    more.write_text("networks: {zalo: [203.0.113.0/24], google: ['203.0.113.7/32']}\n")
    networks = load(more)
    assert networks.family(ip_address("203.0.113.9")) == "zalo"
    assert networks.family(ip_address("203.0.113.7")) == "google"
    assert networks.family(ip_address("209.85.220.41")) == "google"


def test_a_wide_network_holds_what_lies_between_many_narrow_ones() -> None:
    wide = (ip_network("198.18.0.0/15"), "wide")
    networks = Networks([wide, *((ip_network(f"198.18.{n}.0/30"), "narrow") for n in range(20))])
    assert networks.family(ip_address("198.18.19.1")) == "narrow"
    assert networks.family(ip_address("198.19.255.1")) == "wide"
    assert networks.family(ip_address("198.20.0.1")) is None


@pytest.mark.parametrize(
    "text", ["", "networks: 1", "networks: {a: [x]}", "networks: {a: [10.0.0.1/8]}", "a: [", "[1]"]
)
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    more = tmp_path / "more.yaml"
    more.write_text(text)
    with pytest.raises(UsageError, match=r"more\.yaml: write networks"):
        load(more)
