"""A mail that breaks a worker three times is held, not tried for ever; other mail does not suffer."""

from __future__ import annotations

import os
import signal
import threading
import time

from support.attached import LETTER, docx, mail
from support.client import Reply
from support.load import HOA

from .conftest import LOGIN, House
from .test_document_readers import broker_of, kill


def kill_whoever_has_it_in_hand(house: House, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for table in (house.vanthu.state / "mail").glob("inhand-*"):
            if table.read_bytes().strip(b"\0"):
                os.kill(int(table.name.partition("-")[2]), signal.SIGKILL)
                return
        time.sleep(0.002)
    raise TimeoutError("nobody took the mail in hand")


def test_the_fourth_try_of_a_mail_that_kills_workers_is_held(house: House) -> None:
    raw = mail(LOGIN, "x", ("a.docx", docx(*LETTER)))
    replies: list[Reply] = []
    broker = broker_of(house)
    kill(broker, signal.SIGSTOP)  # a worker has the mail in hand for seconds: it asks what the document says
    try:
        for _ in range(3):
            sender = threading.Thread(target=lambda: replies.append(house.client().send(LOGIN, [HOA], raw)))
            sender.start()
            kill_whoever_has_it_in_hand(house)
            sender.join()
    finally:
        kill(broker, signal.SIGCONT)
    assert [reply.code for reply in replies] == [451, 451, 451]
    assert house.client().send(LOGIN, [HOA], b"Subject: light\r\n\r\nx\r\n").code == 250
    assert house.client().send(LOGIN, [HOA], raw).code == 250
    (failure,) = house.vanthu.wait_for_records(1, "failure")
    assert failure["details"]["reason"] == "unreadable"
    held = [entry for entry in house.postfix.queue() if entry["queue_name"] == "hold"]
    assert [entry["queue_id"] for entry in held] == [failure["queue_id"]]
    # Released by a person and sent again, it starts with a clean slate.
    assert house.client().send(LOGIN, [HOA], raw).code == 250
    assert len(house.vanthu.wait_for_records(2)) == 2
