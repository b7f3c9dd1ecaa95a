"""Readers and their broker die, hang, swell and are too few: that costs an attachment, and never a mail."""

from __future__ import annotations

import io
import json
import os
import signal
import smtplib
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import quantiles
from typing import Any

import pytest
from PIL import Image

from documents.hostile_archives import ARCHIVES
from documents.hostile_documents import DOCUMENTS
from support.attached import LETTER, docx, mail
from support.broker import children
from support.client import Reply
from support.waiting import wait_until
from vanthu.documents.broker_client import statistics

from .conftest import LOGIN, House
from .test_documents import GMAIL, attachment

HOA = "hoatt@soyte.hathanh.gov.vn"
HOSTILE = ARCHIVES | DOCUMENTS
PLAIN = f"From: {LOGIN}\r\nSubject: chào\r\n\r\nChào anh.\r\n".encode()


def broker_of(house: House, other_than: int | None = None) -> int:
    """The one broker that is not leaving, as soon as there is one."""
    found: list[int] = []

    def there() -> bool:
        found[:] = [one["pid"] for one in house.vanthu.children("broker") if not one["draining"]]
        return len(found) == 1 and found[0] != other_than

    wait_until(there)
    return found[0]


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def wait_for_readers(house: House) -> None:
    """Returns when they are loaded, and it is known whether OCR works."""
    wait_until(lambda: (found := statistics(house.vanthu.state)) is not None and found.ocr is not None)


@cache
def specks() -> bytes:
    """A picture that OCR has work with for some seconds: a grey page full of specks."""
    picture = io.BytesIO()
    Image.effect_noise((1654, 2339), 100).save(picture, "JPEG", quality=5)
    return picture.getvalue()


def scan(number: int) -> bytes:
    """Such a picture, each a document of its own."""
    return specks() + b"%d" % number


class PlainMail:
    """Sends plain mail, one after another, and measures how long each takes."""

    def __init__(self, house: House) -> None:
        self.replies: list[Reply] = []
        self.seconds: list[float] = []
        self._client = house.client()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._send)

    def _send(self) -> None:
        while not self._over.wait(0.02):
            began = time.perf_counter()
            self.replies.append(self._client.send(LOGIN, [HOA], PLAIN))
            self.seconds.append(time.perf_counter() - began)

    def __enter__(self) -> PlainMail:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def median(self) -> float:
        return quantiles(self.seconds, n=2)[0]


def test_a_reader_that_hangs_or_dies_costs_one_attachment_while_plain_mail_flows(
    open_house: Callable[..., House],
) -> None:
    house = open_house({"documents": {"seconds": 1.0, "ocr_seconds": 3.0}})
    wait_for_readers(house)
    house.client().send(LOGIN, [HOA], PLAIN)  # Postfix starts its processes when they are wanted
    with PlainMail(house) as quiet:
        time.sleep(3.0)
    (server,) = children(broker_of(house))
    with PlainMail(house) as plain:
        for number, (strike, reason) in enumerate(((signal.SIGKILL, "crashed"), (signal.SIGSTOP, "timeout"))):
            raw = mail(LOGIN, f"scan {reason}", ("scan.jpg", scan(number)), ("a.docx", docx(*LETTER, str(number))))
            sender = threading.Thread(target=lambda raw=raw: house.client().send(LOGIN, [GMAIL], raw))
            sender.start()
            wait_until(lambda: any(children(one) for one in children(server)))  # tesseract is at work
            for one in children(server):
                if children(one):
                    kill(one, strike)
            sender.join()
    records = [one for one in house.vanthu.records() if str(one["facts"]["subject"]).startswith("scan")]
    assert len(records) == 2
    for record in records:
        reason = str(record["facts"]["subject"]).split()[1]
        assert (attachment(record)["inspected"], attachment(record)["reason"]) == (False, reason)
        assert attachment(record, 2)["inspected"]
        # The letter beside it was found; what the scan may hold is not known.
        assert [one["where"] for one in record["facts"]["official"]["documents"]] == ["attachment:2"]
        assert {"fact": "/secrecy", "reason": reason} in record["facts"]["unavailable"]
    assert {reply.code for reply in plain.replies} == {250}
    assert plain.median < max(0.05, 5 * quiet.median), (plain.median, quiet.median)
    assert children(broker_of(house)) == [server]


def test_documents_that_swell_cost_themselves_while_plain_mail_flows(open_house: Callable[..., House]) -> None:
    """Real readers and real files: a PDF that draws itself without end, and archives that unpack to gigabytes."""
    house = open_house({"documents": {"seconds": 5.0, "memory": 256 << 20}})
    wait_until(lambda: statistics(house.vanthu.state) is not None)
    house.client().send(LOGIN, [HOA], PLAIN)
    with PlainMail(house) as plain:
        for number, name in enumerate(("draws-itself.pdf", "overlapping.zip", "one-word.docx")):
            files = ((name, HOSTILE[name]()), ("a.docx", docx(*LETTER, str(number))))
            assert house.client().send(LOGIN, [GMAIL], mail(LOGIN, name, *files)).code == 250
    records = [one for one in house.vanthu.records() if one["facts"]["subject"] in HOSTILE]
    assert len(records) == 3
    for record in records:
        assert attachment(record)["reason"] in ("crashed", "too_large", "timeout", "bomb")
        assert attachment(record, 2)["inspected"]
        assert [one["where"] for one in record["facts"]["official"]["documents"]] == ["attachment:2"]
    assert {reply.code for reply in plain.replies} == {250}
    assert plain.replies


def test_mail_goes_on_when_the_broker_dies_and_workers_find_its_successor(house: House) -> None:
    replies: list[Reply] = []
    over = threading.Event()

    def send(sender: int) -> None:
        number = 0
        while not over.is_set():
            number += 1
            raw = mail(LOGIN, "tài liệu", ("a.docx", docx(*LETTER, f"{sender} {number}")))
            replies.append(house.client().send(LOGIN, [GMAIL], raw))

    senders = [threading.Thread(target=send, args=(one,)) for one in range(4)]
    for one in senders:
        one.start()
    for _ in range(3):
        time.sleep(1.0)
        before = broker_of(house)
        kill(before)
        broker_of(house, other_than=before)
    time.sleep(1.0)
    over.set()
    for one in senders:
        one.join()
    assert {reply.code for reply in replies} == {250}
    records = house.vanthu.wait_for_records(len(replies))
    reasons = Counter(attachment(record)["reason"] for record in records)
    assert set(reasons) <= {None, "unavailable"}
    assert reasons[None] > len(records) * 0.8, reasons
    assert attachment(records[-1])["inspected"]


def test_without_a_broker_a_document_is_unavailable_and_plain_mail_unhindered(house: House) -> None:
    pid = broker_of(house)
    kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert house.client().send(LOGIN, [GMAIL], mail(LOGIN, "x", ("a.docx", docx(*LETTER)))).code == 250
        assert time.monotonic() - began < 15
        assert house.client().send(LOGIN, [HOA], PLAIN).code == 250
        first, second = house.vanthu.wait_for_records(2)
        assert attachment(first)["reason"] == "unavailable"
        assert {"fact": "/official", "reason": "unavailable"} in first["facts"]["unavailable"]
        assert "documents" not in second["timings"]
    finally:
        kill(pid, signal.SIGCONT)


def test_more_sessions_than_may_wait_for_documents_get_a_temporary_failure(open_house: Callable[..., House]) -> None:
    house = open_house({"milter": {"workers": 1, "deadline": 8.0}})
    wait_for_readers(house)
    replies: list[Reply] = []

    def send(number: int) -> None:
        replies.append(house.client().send(LOGIN, [GMAIL], mail(LOGIN, "scan", ("scan.jpg", scan(number)))))

    senders = [threading.Thread(target=send, args=(number,)) for number in range(20)]
    for one in senders:
        one.start()
    time.sleep(1.0)
    assert house.client().send(LOGIN, [HOA], PLAIN).code == 250
    for one in senders:
        one.join()
    codes = Counter(reply.code for reply in replies)
    assert set(codes) == {250, 451}
    assert codes[250] >= 8
    assert all("4.3.2" in reply.text for reply in replies if reply.code == 451)
    assert {one["details"]["reason"] for one in house.vanthu.records("failure")} == {"busy"}


def test_a_reload_keeps_the_broker_and_what_it_knows_unless_its_settings_change(house: House) -> None:
    raw = mail(LOGIN, "tài liệu", ("a.docx", docx(*LETTER)))
    house.client().send(LOGIN, [GMAIL], raw)
    before = broker_of(house)
    house.vanthu.signal(signal.SIGHUP)
    wait_until(lambda: house.vanthu.status()["generation"] == 2)
    house.client().send(LOGIN, [GMAIL], raw)
    records = house.vanthu.wait_for_records(2)
    assert records[1]["details"]["enquiries"] == {"documents": {"cached": 1}}
    assert broker_of(house) == before
    house.vanthu.write(house.vanthu.settings | {"documents": {"max_size": 1000}})
    house.vanthu.signal(signal.SIGHUP)
    broker_of(house, other_than=before)
    house.client().send(LOGIN, [GMAIL], raw)
    assert attachment(house.vanthu.wait_for_records(3)[2])["reason"] == "too_large"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_supervisor_has_gone(house: House, how: signal.Signals) -> None:
    broker = broker_of(house)
    wait_until(lambda: bool(children(broker)))
    family = [broker, *children(broker)]
    if how == signal.SIGKILL:
        house.vanthu.kill_supervisor()
    else:
        house.vanthu.signal(how)
    for pid in family:
        wait_until(lambda pid=pid: not Path(f"/proc/{pid}").exists())


def test_status_tells_how_reading_is(house: House) -> None:
    def status() -> dict[str, Any]:
        done = subprocess.run([*house.vanthu.command, "status", "--json"], capture_output=True, text=True)
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    wait_for_readers(house)
    told = status()
    assert told["documents"] == "up"
    assert told["reading"]["ocr"] == ""
    assert told["reading"]["now"]["in_hand"] == 0
    text = subprocess.run([*house.vanthu.command, "status"], capture_output=True, text=True)
    assert "documents    up (0 waiting, 0 known, OCR ready)" in text.stdout
    assert text.returncode == 0


def test_ocr_that_cannot_work_is_said_at_the_start(open_house: Callable[..., House], tmp_path: Path) -> None:
    """tesseract without its Vietnamese data."""
    house = open_house(env={"TESSDATA_PREFIX": str(tmp_path)})
    wait_until(lambda: "OCR does not work" in house.vanthu.said())
    found = statistics(house.vanthu.state)
    assert found is not None
    assert found.ocr
    house.client().send(LOGIN, [GMAIL], mail(LOGIN, "scan", ("scan.jpg", scan(1)), ("a.docx", docx(*LETTER))))
    (record,) = house.vanthu.wait_for_records(1)
    assert attachment(record)["reason"] == "unavailable"
    assert attachment(record, 2)["inspected"]


def test_mail_of_open_sessions_has_its_documents_read_while_all_leave(house: House) -> None:
    with smtplib.SMTP("127.0.0.1", house.postfix.ports["plain"], timeout=30) as client:
        client.ehlo("client.example")
        assert client.mail(LOGIN)[0] == 250
        house.vanthu.signal(signal.SIGTERM)
        wait_until(lambda: "stopping" in house.vanthu.said())
        before = broker_of(house)
        kill(before)
        broker_of(house, other_than=before)
        assert client.rcpt(GMAIL)[0] == 250
        assert client.data(mail(LOGIN, "tài liệu", ("a.docx", docx(*LETTER))))[0] == 250
    (record,) = house.vanthu.wait_for_records(1)
    assert attachment(record)["inspected"]
    wait_until(lambda: not house.vanthu.running)
