"""What is known at sight, who may wait, and what answers become; the broker is real."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.attached import LETTER, docx, mail
from support.broker import Broker
from vanthu.documents.model import Extraction
from vanthu.inspection.documents import WAITING, Busy, Documents, Found, at_sight, unopened
from vanthu.mail.limits import MailLimits
from vanthu.mail.message import Attachment, Message
from vanthu.mail.parse import parse

SAMPLES = Path(__file__).parents[1] / "mail" / "samples"
MAX_TEXT = 1000


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as running:
        yield running


def message(*contents: bytes) -> Message:
    """A mail with attachments that begin as no known type does, so that the broker is asked."""
    files = [(f"{number}.bin", b"\x02" + content) for number, content in enumerate(contents)]
    return parse(mail("a@b.vn", "x", *files), MailLimits())


def attachment(kind: str, content: bytes) -> Attachment:
    return Attachment("attachment:1", None, kind, kind, content, "0" * 64)


@pytest.mark.parametrize(
    ("kind", "content", "read"),
    [
        ("text/plain", "Số: 1".encode(), ["Số: 1"]),
        ("text/html", b"<p>one<p style='display:none'>two", ["one", "two"]),
        ("text/calendar", b"BEGIN:VCALENDAR", ["BEGIN:VCALENDAR"]),
        ("message/delivery-status", b"Status: 5.0.0", ["Status: 5.0.0"]),
        ("image/png", b"\x89PNG" + bytes(3000), []),
        ("application/pdf", b"", []),
    ],
)
def test_what_is_known_at_sight(kind: str, content: bytes, read: list[str]) -> None:
    found = at_sight(attachment(kind, content), MAX_TEXT)
    assert found is not None
    assert found.reason is None
    assert [one.text.strip() for one in found.texts] == read


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/plain", b"x" * 70_000),
        ("image/png", b"\x89PNG" + bytes(5000)),
        ("application/pdf", b"%PDF-"),
        ("text/calendar", "BEGIN:VCALENDAR\r\nATTACH;ENCODING=BASE64:AAAA".encode("utf-16")),
    ],
)
def test_what_needs_a_reader(kind: str, content: bytes) -> None:
    assert at_sight(attachment(kind, content), MAX_TEXT) is None


@pytest.mark.parametrize(
    ("sample", "reasons"),
    [
        ("smime-encrypted", ["encrypted"]),
        ("pgp-encrypted", ["encrypted", "encrypted"]),
        ("smime-opaque", [None]),
        ("smime-detached", []),
        ("bounce", [None, None]),
    ],
)
def test_encrypted_is_a_reason_and_signed_is_none(sample: str, reasons: list[str | None]) -> None:
    parsed = parse((SAMPLES / f"{sample}.eml").read_bytes(), MailLimits())
    found = [at_sight(one, MAX_TEXT) for one in unopened(parsed)]
    assert [one.reason for one in found if one is not None] == reasons


def test_one_batch_with_the_good_and_the_broken() -> None:
    with Broker(reader="vanthu.documents.read") as real:
        documents = Documents(real.state, MAX_TEXT)
        raw = mail("a@b.vn", "x", ("a.docx", docx(*LETTER)), ("b.pdf", b"%PDF-1.4 broken"), ("c.txt", b"text"))
        found = documents.ask(parse(raw, MailLimits()), time.monotonic() + 20)
    assert {where: one.reason for where, one in found.extracted.items()} == {
        "attachment:1": None, "attachment:2": "malformed", "attachment:3": None,
    }  # fmt: skip
    assert "1017/UBND-VX" in found.extracted["attachment:1"].texts[0].text
    assert found.results == {"read": 2}


def test_without_attachments_nobody_is_asked(tmp_path: Path) -> None:
    documents = Documents(tmp_path, MAX_TEXT)
    assert documents.ask(parse(b"Subject: x\r\n\r\nx", MailLimits()), time.monotonic() + 5) == Found()


def test_a_broker_that_is_away_is_a_reason(tmp_path: Path) -> None:
    found = Documents(tmp_path, MAX_TEXT).ask(message(b"anything"), time.monotonic() + 1)
    assert found.extracted == {"attachment:1": Extraction("application/octet-stream", "unavailable")}
    assert found.results == {"unavailable": 1}


def test_more_attachments_than_an_enquiry_holds_are_too_many(broker: Broker) -> None:
    parsed = parse(mail("a@b.vn", "x"), MailLimits())
    many = tuple(
        Attachment(f"attachment:{number}", None, "application/x-any", "", b"same", "1" * 64) for number in range(502)
    )
    parsed = Message(parsed.size, parsed.fields, parsed.bodies, many, parsed.defects)
    found = Documents(broker.state, MAX_TEXT).ask(parsed, time.monotonic() + 10)
    assert len(found.extracted) == 502
    assert [where for where, one in found.extracted.items() if one.reason == "too_many"] == [
        "attachment:500", "attachment:501",
    ]  # fmt: skip


def test_few_may_wait_and_the_next_few_a_moment(broker: Broker) -> None:
    documents = Documents(broker.state, MAX_TEXT)
    slow = parse(mail("a@b.vn", "x", ("a.bin", b"PICTURE 60 \x01")), MailLimits())
    outcomes: list[tuple[str, float]] = []

    def ask() -> None:
        began = time.monotonic()
        try:
            documents.ask(slow, began + 3.5)
            outcome = "answered"
        except Busy:
            outcome = "busy"
        outcomes.append((outcome, time.monotonic() - began))

    threads = [threading.Thread(target=ask) for _ in range(3 * WAITING)]
    began = time.monotonic()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert time.monotonic() - began < 6
    assert Counter(outcome for outcome, _ in outcomes) == {"answered": WAITING, "busy": 2 * WAITING}
    at_once = [seconds for outcome, seconds in outcomes if outcome == "busy" and seconds < 1.0]
    assert len(at_once) == WAITING  # the others had their moment, which is two seconds
    assert documents.ask(message(b"\x01 next"), time.monotonic() + 5).results == {"read": 1}  # places are free again


def test_recognisers_get_a_bounded_text_of_one_mail(tmp_path: Path) -> None:
    documents = Documents(tmp_path, MAX_TEXT)
    files = [(f"{number}.txt", b"%d" % number * 900) for number in range(5)]
    found = documents.ask(parse(mail("a@b.vn", "x", *files), MailLimits()), time.monotonic() + 5)
    assert [one.reason for one in found.extracted.values()] == [None, None, None, "too_large", "too_large"]
    assert sum(len(one.texts[0].text) for one in found.extracted.values() if one.texts) <= 3 * MAX_TEXT
