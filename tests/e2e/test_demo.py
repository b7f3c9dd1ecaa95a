"""The demo is a promise: each of its letters ends as its title says, and the books agree label by label."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from support.books import differences
from support.client import Client

from .conftest import House

DEMO = Path(__file__).parents[2] / "deploy" / "demo"
sys.path.append(str(DEMO))

from letters import letters  # noqa: E402

OUTCOMES = [
    ("accept", 250), ("accept", 250), ("strip", 250), ("reject", 550), ("warn", 250), ("reject", 550),
    ("accept", 250), ("accept", 250), ("hold", 250), ("hold", 250), ("accept", 250), ("accept", 250), ("count", 250),
]  # fmt: skip
"""Verdict and SMTP code of each letter."""


def test_every_letter_ends_as_its_title_says(open_house: Callable[..., House]) -> None:
    sent = letters()
    logins = {letter.login: "secret" for letter in sent if letter.login}
    house = open_house(policies=DEMO / "policies", logins=logins)
    for number, (letter, outcome) in enumerate(zip(sent, OUTCOMES, strict=True), 1):
        port = house.postfix.ports["submission" if letter.login else "inbound"]
        outside = None if letter.login else "198.51.100.7"
        reply = Client(port, login=letter.login).send(letter.sender, letter.recipients, letter.raw, outside=outside)
        record = house.vanthu.wait_for_records(number)[-1]
        assert (record["decision"]["verdict"], reply.code) == outcome, letter.title
    house.postfix.wait_until_quiet()
    check_books(house, len(sent))
    check_delivery(house)


def check_books(house: House, count: int) -> None:
    """The metrics page equals the counts of the journal, label by label, and promtool has nothing to say."""
    house.vanthu.wait_for_metric("vanthu_messages_total", count)
    page = house.vanthu.page()
    assert differences(house.vanthu.journal, page) == []
    promtool = subprocess.run(
        ["promtool", "check", "metrics"], input=page, text=True, capture_output=True, check=False
    )
    assert (promtool.returncode, promtool.stdout, promtool.stderr) == (0, "", "")


def check_delivery(house: House) -> None:
    """Gmail got the citizen's answer and the ticket, not the document; the secret went nowhere; one mail is held."""
    received = [one.decode() for delivery in house.sink.deliveries for one in delivery.recipients]
    assert "nguoidan79@gmail.com" in received
    assert received.count("an.nguyen85@gmail.com") == 1
    assert "thuky.hung@gmail.com" not in received
    assert "hoa.tran@yahoo.com.vn" in received
    assert not any("bảo vệ mục tiêu".encode() in delivery.raw for delivery in house.sink.deliveries)
    assert [entry["queue_name"] for entry in house.postfix.queue()].count("hold") >= 1


def test_the_command_itself_runs_and_shows_the_promised_things() -> None:
    done = subprocess.run(
        [sys.executable, DEMO / "demo.py"], text=True, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    for wanted in (
        "REJECT",
        "STRIP",
        "WARN",
        "HOLD",
        "hold queue",
        "State secret mark found",
        "vanthu_messages_total",
    ):
        assert wanted in done.stdout
