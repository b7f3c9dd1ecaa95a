"""Three mails that look alike, through a real Postfix under the shipped policy: the office answers a citizen, the
office answers "a citizen" who is a colleague, somebody writes to himself. Each carries the same official document.

The shipped rules are in shadow: what they would have done stands in the record.
"""

from __future__ import annotations

import email
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.attached import LETTER, docx
from support.attached import mail as with_files

from .conftest import LOGIN, House

SHIPPED = Path(__file__).resolve().parents[2] / "policies"
DESK, OFFICE = "motcua@soyte.hathanh.gov.vn", "vanthu@soyte.hathanh.gov.vn"
HOA = "hoatt@soyte.hathanh.gov.vn"
CITIZEN, STRANGER, OWN = "ba.tran@gmail.com", "la.mat@yahoo.com", "an.nguyen85@gmail.com"  # OWN is An's, by register
DOCUMENT = docx(*LETTER)


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    """One worker: another might look at what is known of correspondence a moment later."""
    return open_house({"milter": {"workers": 1}}, policies=SHIPPED)


def asks(house: House, sender: str, recipient: str) -> str:
    """Somebody outside writes; the Message-ID."""
    identifier = f"<{sender.split('@')[0]}.{recipient.split('@')[0]}@mail.gmail.com>"
    raw = f"From: {sender}\r\nSubject: Xin hoi\r\nMessage-ID: {identifier}\r\n\r\nXin hoi anh chi.\r\n".encode()
    assert house.client("inbound").send(sender, [recipient], raw, outside="198.51.100.7").code == 250
    return identifier


def sends(house: House, sender: str, recipient: str, answered: str = "") -> dict[str, Any]:
    """The record of a mail of ours with the document."""
    message = email.message_from_bytes(with_files(sender, "Van ban", ("1017.docx", DOCUMENT)))
    if answered:
        message["In-Reply-To"] = answered
    count = len(house.vanthu.records())
    client = house.client("submission", sender) if sender == LOGIN else house.client()
    assert client.send(sender, [recipient], message.as_bytes()).code == 250
    found: dict[str, Any] = house.vanthu.wait_for_records(count + 1)[-1]
    assert found["facts"]["official"]["score"] >= 0.8
    return found


def answers(house: House, sender: str, recipient: str, answered: str) -> dict[str, Any]:
    """The same, once the filter knows what is answered."""
    end = time.monotonic() + 20
    while True:
        record = sends(house, sender, recipient, answered)
        if record["facts"]["recipients"][0]["conversation"]["reply"] or time.monotonic() > end:
            return record


def hits(record: dict[str, Any]) -> list[str]:
    return [one["id"] for one in record["decision"]["rules"]]


def lifted(record: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["rule"], one["by"]) for one in record["decision"]["exempted"]]


def test_the_office_may_answer_a_citizen_with_a_document(house: House) -> None:
    question = asks(house, CITIZEN, OFFICE)
    answer = answers(house, OFFICE, CITIZEN, question)
    (citizen,) = answer["facts"]["recipients"]
    assert citizen["conversation"] == {"started_by": "outside", "reply": True, "days": 0}
    assert (citizen["relation"], answer["facts"]["sender"]["role"]) == ("none", "agency")
    assert lifted(answer) == [("official-to-public", "answers-a-citizen")]
    assert (hits(answer), answer["decision"]["shadow"]) == ([], "accept")
    # Nobody else is excused by that: not a stranger, and not a clerk who answers in the office's stead.
    for sender, recipient in ((OFFICE, STRANGER), (HOA, CITIZEN)):
        other = sends(house, sender, recipient, question)
        assert (hits(other), lifted(other)) == (["official-to-public"], [])
        assert other["decision"]["shadow"] == "challenge"


def test_a_colleague_who_wrote_from_gmail_first_is_no_citizen(house: House) -> None:
    """Laundering: An writes to office and colleague from his Gmail, so that they may "answer" with the document."""
    for sender in (OFFICE, HOA):
        answer = answers(house, sender, OWN, asks(house, OWN, sender))
        (colleague,) = answer["facts"]["recipients"]
        assert colleague["conversation"] == {"started_by": "outside", "reply": True, "days": 0}
        assert colleague["relation"] == "colleague_declared"
        assert (hits(answer), lifted(answer)) == (["official-to-private-mailbox"], [])
        assert answer["decision"]["shadow"] == "reject"


def test_who_writes_to_himself_first_may_not_answer_himself(house: House) -> None:
    plain = sends(house, LOGIN, OWN)
    answer = answers(house, LOGIN, OWN, asks(house, OWN, LOGIN))
    for record, reply in ((plain, False), (answer, True)):
        (own,) = record["facts"]["recipients"]
        assert (own["relation"], own["conversation"]["reply"]) == ("self_declared", reply)
        assert (hits(record), lifted(record)) == (["official-to-private-mailbox"], [])
        assert record["decision"]["shadow"] == "reject"


def test_a_public_service_desk_needs_no_question(house: House) -> None:
    record = sends(house, DESK, STRANGER)
    assert (hits(record), record["decision"]["shadow"]) == ([], "accept")
