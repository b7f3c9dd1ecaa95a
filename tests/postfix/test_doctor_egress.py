"""The doctor on a host with both hops: nothing found as our scripts leave it, each mistake by its own check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.mailhost import EGRESS, MailHost
from support.places import helper_in
from support.vanthu import ROOT

pytestmark = pytest.mark.e2e

FIRST = "/etc/postfix"
SEEDS: list[dict[str, Any]] = [
    {"finds": "egress-off", "settings": {"egress": {"enabled": False}}},
    {"finds": "egress-missing", "set": [(FIRST, "default_transport = smtp")]},
    {"finds": "egress-unfiltered", "set": [(EGRESS, "smtpd_milters =")]},
    {"finds": "egress-open", "set": [(EGRESS, "mynetworks = 127.0.0.0/8 10.0.0.0/8")]},
    {"finds": "egress-bypass", "set": [(FIRST, "transport_maps = inline:{gmail.com=smtp:[192.0.2.1]}")]},
    {"finds": "egress-bypass", "set": [(FIRST, "sender_dependent_default_transport_maps = inline:{a@b.vn=smtp:}")]},
    {"finds": "fails-open", "set": [(EGRESS, "vanthu_milter = { unix:/var/spool/postfix/vanthu/milter.sock, "
     "default_action=accept, protocol=6, connect_timeout=10s, command_timeout=20s, content_timeout=40s }")]},
    {"finds": "inbound-closed", "set": [(FIRST, "vanthu_inbound_milter = { unix:vanthu/milter.sock, "
     "default_action=tempfail, protocol=6, connect_timeout=10s, command_timeout=20s, content_timeout=40s }")]},
]  # fmt: skip


@pytest.fixture(scope="module")
def host() -> Iterator[MailHost]:
    with MailHost("mail", domain="soyte.hathanh.gov.vn", virtual="sonoivu.hathanh.gov.vn") as made:
        made.connect("submission", "inbound", "egress")
        made.machine.write("/etc/postfix/virtual", "an@soyte.hathanh.gov.vn an@gmail.com\n")
        made.user("forwards", "an@gmail.com")
        register = ROOT / "deploy/demo/register.yaml"
        helper = {"helper": str(helper_in(made.machine.folder))}
        milter = {"socket": "unix:/var/spool/postfix/vanthu/milter.sock", "mode": "0660"}
        settings = {"egress": {"enabled": True}, "postfix": helper, "milter": milter}
        made.start(Path(__file__).parents[1] / "e2e/policies", register, settings)
        yield made


def examined(host: MailHost) -> list[dict[str, Any]]:
    assert host.vanthu is not None
    found: list[dict[str, Any]] = json.loads(host.machine.run(*host.vanthu.command, "doctor", "--json", check=False))
    return found


def test_nothing_is_found_with_both_hops_and_inbound(host: MailHost) -> None:
    assert examined(host) == []


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed["finds"])
def test_a_seeded_mistake_is_found(host: MailHost, seed: dict[str, Any]) -> None:
    assert host.vanthu is not None
    before = host.vanthu.settings
    folders = (FIRST, EGRESS)
    files = {folder: host.machine.read(f"{folder}/main.cf") for folder in folders}
    try:
        for folder, line in seed.get("set", []):
            host.postconf(line, folder=folder)
        host.vanthu.write(before | seed.get("settings", {}))
        found = {one["check"] for one in examined(host) if one["level"] != "note"}
        # Where nothing leads to the second instance, what forwards itself is a finding of its own.
        assert found - {"aliases-outward", "dot-forward"} == {seed["finds"]}
    finally:
        host.vanthu.write(before)
        for folder in folders:
            host.machine.write(f"{folder}/main.cf", files[folder])
