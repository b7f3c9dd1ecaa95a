"""Notices to security team, agency and head of office leave through the real Postfix and reach their reader only.

Those to senders: ``test_notices``; to who forwards: ``test_egress``."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import yaml

from .conftest import LOGIN, REGISTER, House
from .test_challenge import asked, send
from .test_effects import HOA, mail
from .test_notices import notices

HEAD, TEAM = "lanhdao@soyte.hathanh.gov.vn", "attt@hathanh.gov.vn"
RULES = """version: 1
rules:
  - id: watched
    title: {vi: Thử theo dõi, en: Watched for a test}
    basis: [lab.1]
    mode: enforce
    when: {subject: {matches: '^watch'}}
    action: warn
    notify: [sender, security, agency]
  - id: lab-challenge
    title: {vi: Thử giải trình, en: Challenge for a test}
    basis: [lab.1]
    mode: enforce
    when: {subject: {matches: 'challenge'}}
    action: challenge
    notify: []
"""


@pytest.fixture
def house(open_house: Callable[..., House], tmp_path: Path) -> House:
    policies, register = tmp_path / "policies", tmp_path / "register.yaml"
    policies.mkdir(mode=0o755)
    (policies / "rules.yaml").write_text(RULES, "utf-8")
    (policies / "bases.yaml").write_bytes(Path(__file__).with_name("policies").joinpath("bases.yaml").read_bytes())
    agencies = yaml.safe_load(REGISTER.read_text("utf-8"))
    agencies["agencies"]["so-y-te"]["contacts"] = [HEAD]
    register.write_text(yaml.safe_dump(agencies, allow_unicode=True), "utf-8")
    house = open_house(policies=policies)
    smtp = f"127.0.0.1:{house.postfix.ports['plain']}"
    told = {"enabled": True, "smtp": smtp, "from": "vanthu@hathanh.gov.vn", "security": [TEAM]}
    house.vanthu.write(house.vanthu.settings | {"register": str(register), "notices": told})
    house.vanthu.stop()
    house.vanthu.start()
    return house


def told(house: House, count: int) -> dict[str, tuple[str, str]]:
    """Recipient to the kind and the text of his notice, as soon as there are so many deliveries."""
    house.sink.wait_for(count)
    found = {}
    for sender, recipients, message in notices(house):
        assert sender == b""
        plain = message.get_body(("plain",))
        assert message.get_body(("html",)) is not None
        kind = message["Message-ID"].split(".")[1]  # X-Vanthu-Notice is gone: our own filter takes such fields off
        found[recipients[0].decode()] = kind, plain.get_content()
    return found


def test_sender_agency_and_security_team_are_told(house: House) -> None:
    house.client("submission", LOGIN).send(LOGIN, [HOA], mail("watch this"))
    found = told(house, 4)
    assert {who: kind for who, (kind, _) in found.items()} == {LOGIN: "sender", HEAD: "agency", TEAM: "security"}
    record = house.vanthu.records()[0]["id"]
    assert all(record in text for _, text in found.values())
    house.vanthu.wait_for_metric("vanthu_notices_pending", 0)
    assert len(notices(house)) == 3


def test_reasons_reach_the_head_of_office_when_the_month_is_over(house: House) -> None:
    code = asked(send(house, "challenge"))
    assert send(house, f"challenge [LD {code}: họp bão]").code == 250
    (first,) = house.sink.wait_for(1)
    assert not message_from_bytes(first.raw, policy=default)["Auto-Submitted"]
    house.vanthu.wait_for_metric("vanthu_overrides_total", 1)
    _end_the_month(house)
    kind, text = told(house, 2)[HEAD]
    assert kind == "monthly"
    assert "“họp bão”" in text
    assert "1 × Thử giải trình" in text


def _end_the_month(house: House) -> None:
    """As if the reason had been given long ago; the steward may not have read of it yet."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with closing(sqlite3.connect(house.vanthu.state / "state.db", timeout=10, isolation_level=None)) as state:
            if state.execute("UPDATE justifications SET month = '2020-01'").rowcount == 1:
                return
        time.sleep(0.05)
    raise TimeoutError("no reason was kept")
