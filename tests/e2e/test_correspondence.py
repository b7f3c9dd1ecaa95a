"""A citizen writes and the office answers, through a real Postfix: what is then known of the answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from support.dns_server import DnsServer

from .conftest import LOGIN, House

DESK, HOA = "motcua@soyte.hathanh.gov.vn", "hoatt@soyte.hathanh.gov.vn"
CITIZEN, OWN = "ba.tran@gmail.com", "an.nguyen85@gmail.com"
OUTSIDE = "198.51.100.7"


def mail(sender: str, identifier: str, *fields: str) -> bytes:
    head = [f"From: {sender}", "Subject: Hoi ve thu tuc", f"Message-ID: {identifier}", *fields]
    return ("\r\n".join(head) + "\r\n\r\nChao anh.\r\n").encode()


def comes_in(house: House, sender: str, recipient: str, identifier: str) -> None:
    assert house.client("inbound").send(sender, [recipient], mail(sender, identifier), outside=OUTSIDE).code == 250


def answers(house: House, sender: str, recipient: str, *fields: str) -> dict[str, Any]:
    """The facts of a mail of ours."""
    count = len(house.vanthu.records())
    login = LOGIN if sender == LOGIN else None
    client = house.client("submission" if login else "plain", login)
    assert client.send(sender, [recipient], mail(sender, f"<{count}@hathanh.gov.vn>", *fields)).code == 250
    facts: dict[str, Any] = house.vanthu.wait_for_records(count + 1)[-1]["facts"]
    return facts


def replies(path: Path) -> list[bool]:
    """What one worker knew of the answers it saw, in order."""
    found = (json.loads(line) for line in path.read_bytes().splitlines())
    facts = [record["facts"] for record in found if record["kind"] == "message"]
    return [one["recipients"][0]["conversation"]["reply"] for one in facts if one["direction"] == "outbound"]


def until_known(house: House, *question: str) -> dict[str, Any]:
    """The facts of an answer, once the snapshot has what it answers; it has two seconds and the machine is slow."""
    end = time.monotonic() + 10
    while True:
        facts = answers(house, *question)
        (recipient,) = facts["recipients"]
        if recipient["conversation"]["reply"] or time.monotonic() > end:
            time.sleep(1.1)  # the other worker may have looked a moment earlier, and does so once a second
            return facts


def test_the_office_answers_a_citizen_who_wrote_first(house: House) -> None:
    comes_in(house, CITIZEN, DESK, "<q1@mail.gmail.com>")
    comes_in(house, CITIZEN, HOA, "<q2@mail.gmail.com>")
    house.vanthu.wait_for_records(2)
    for sender, identifier in ((DESK, "<q1@mail.gmail.com>"), (HOA, "<q2@mail.gmail.com>")):
        facts = until_known(house, sender, CITIZEN, f"In-Reply-To: {identifier}")
        (citizen,) = facts["recipients"]
        assert citizen["conversation"] == {"started_by": "outside", "reply": True, "days": 0}
        assert (citizen["relation"], citizen["class"]) == ("none", "public")
        assert facts["unavailable"] == []
    forged = answers(house, DESK, CITIZEN, "In-Reply-To: <forged@mail.gmail.com>", "References: <forged@x>")
    assert forged["recipients"][0]["conversation"] == {"started_by": "outside", "reply": False, "days": 0}
    stranger = answers(house, DESK, "la.mat@yahoo.com", "In-Reply-To: <q1@mail.gmail.com>")
    assert stranger["recipients"][0]["conversation"] == {"started_by": None, "reply": False, "days": None}


def test_a_letter_to_oneself_from_gmail_is_seen_for_what_it_is(house: House) -> None:
    comes_in(house, OWN, LOGIN, "<home@mail.gmail.com>")
    facts = until_known(house, LOGIN, OWN, "In-Reply-To: <home@mail.gmail.com>")
    (own,) = facts["recipients"]
    assert own["relation"] == "self_declared"
    assert own["conversation"]["reply"] is True
    assert facts["sender"]["role"] == "personal"


def test_a_restart_keeps_it_and_every_worker_knows_it_within_two_seconds(open_house: Callable[..., House]) -> None:
    house = open_house({"milter": {"workers": 2}})
    comes_in(house, CITIZEN, DESK, "<q1@mail.gmail.com>")
    until_known(house, DESK, CITIZEN, "In-Reply-To: <q1@mail.gmail.com>")
    time.sleep(2.0)  # the promise: one worker knows it, and two seconds later every one does
    before = len(house.vanthu.records())
    raw = mail(DESK, "<a@hathanh.gov.vn>", "In-Reply-To: <q1@mail.gmail.com>")
    with ThreadPoolExecutor(8) as pool:  # at once, so that both have something to do
        sent = [pool.submit(house.client().send, DESK, [CITIZEN], raw) for _ in range(40)]
        assert {one.result().code for one in sent} == {250}
    house.vanthu.wait_for_records(before + 40)
    workers = {path.name: replies(path)[-1:] for path in house.vanthu.journal.glob("*.jsonl") if replies(path)}
    assert list(workers.values()) == [[True], [True]]
    burst = house.vanthu.records()[before:]
    assert len(burst) == 40
    assert all(record["facts"]["recipients"][0]["conversation"]["reply"] for record in burst)
    assert house.vanthu.stop() == 0
    house.vanthu.start()
    facts = answers(house, DESK, CITIZEN, "In-Reply-To: <q1@mail.gmail.com>")
    assert facts["recipients"][0]["conversation"]["reply"] is True


def test_whose_mail_server_takes_a_firms_mail(open_house: Callable[..., House]) -> None:
    zone = {"firm.vn": {"aspmx.l.google.com": 1}, "own.vn": {"mx.own.vn": 10}, "dumb.vn": "silent"}
    with DnsServer(zone) as server:
        house = open_house(
            {"dns": {"enabled": True, "servers": [server.address], "seconds": 1.0}, "milter": {"workers": 1}}
        )
        firm = answers(house, DESK, "info@firm.vn")["recipients"][0]
        assert (firm["class"], firm["family"]) == ("hosted", "google")
        assert firm["because"].startswith("mx aspmx.l.google.com: families.yaml: google")
        own = answers(house, DESK, "info@own.vn")
        assert own["recipients"][0]["class"] == "other"
        assert own["recipients"][0]["because"] == "no list names it, nor its MX mx.own.vn"
        assert own["unavailable"] == []
        began = time.monotonic()
        dumb = answers(house, DESK, "info@dumb.vn")
        assert 0.7 < time.monotonic() - began < 2.0
        assert {"fact": "/recipients/0/class", "reason": "dns_timeout"} in dumb["unavailable"]
        asked = server.asked["dumb.vn"]
        assert answers(house, DESK, "info@dumb.vn")["unavailable"] == dumb["unavailable"]
        assert server.asked["dumb.vn"] == asked
        comes_in(house, "sale@firm.vn", DESK, "<s1@firm.vn>")
        count = len(house.vanthu.records())
        inbound = house.vanthu.wait_for_records(count)[-1]
        assert inbound["facts"]["sender"]["family"] == "google"
        assert inbound["details"]["enquiries"] == {"dns": {"cached": 1}}
        answers(house, DESK, CITIZEN)
        assert set(server.asked) <= {"firm.vn", "own.vn", "dumb.vn", "."}
        house.vanthu.wait_for_metric("vanthu_enquiries_total", 5)
