"""Documents that hang on mail, through real Postfix: read, recognised, judged."""

from __future__ import annotations

import io
import threading
import zipfile
from collections import Counter
from typing import Any

from documents import tnef_maker as tnef
from support.attached import LETTER, docx, mail
from support.client import Reply
from support.waiting import wait_until
from vanthu.documents.broker_client import statistics

from .conftest import LOGIN, House

GMAIL = "ai.do@gmail.com"


def counts(house: House) -> dict[str, int]:
    wait_until(lambda: statistics(house.vanthu.state) is not None)
    found = statistics(house.vanthu.state)
    assert found is not None
    return found.counts


def attachment(record: dict[str, Any], number: int = 1) -> dict[str, Any]:
    (found,) = [one for one in record["facts"]["attachments"] if one["where"] == f"attachment:{number}"]
    facts: dict[str, Any] = found
    return facts


def test_a_letter_in_a_docx_to_gmail_is_recognised_as_official(house: House) -> None:
    raw = mail(LOGIN, "tài liệu", ("a.docx", docx(*LETTER)))
    assert house.client("submission", LOGIN).send(LOGIN, [GMAIL], raw).code == 250
    (record,) = house.vanthu.wait_for_records(1)
    facts = record["facts"]
    (attached,) = facts["attachments"]
    assert (attached["where"], attached["inspected"], attached["reason"]) == ("attachment:1", True, None)
    (found,) = [one for one in facts["official"]["documents"] if one["where"] == "attachment:1"]
    assert (found["number"], found["symbol"], found["date"]) == ("1017", "UBND-VX", "2014-03-26")
    assert found["read_by"] == "text"
    assert facts["unavailable"] == []
    assert record["details"]["enquiries"] == {"documents": {"read": 1}}
    assert record["timings"]["documents"] > 0
    wait_until(lambda: 'vanthu_enquiries_total{kind="documents",result="read"} 1.0' in house.vanthu.page())


def test_members_of_archives_are_facts_of_their_own(house: House) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("thư.docx", docx(*LETTER))
        archive.writestr("hỏng.pdf", b"%PDF-1.4\nbroken")
    house.client().send(LOGIN, [GMAIL], mail(LOGIN, "tài liệu", ("a.zip", packed.getvalue())))
    (record,) = house.vanthu.wait_for_records(1)
    listed = {one["where"]: one for one in record["facts"]["attachments"]}
    assert set(listed) == {"attachment:1", "attachment:1/1", "attachment:1/2"}
    assert listed["attachment:1/1"]["name"] == "thư.docx"
    assert listed["attachment:1/1"]["inspected"]
    assert len(listed["attachment:1/1"]["sha256"]) == 64
    assert (listed["attachment:1/2"]["inspected"], listed["attachment:1/2"]["reason"]) == (False, "malformed")
    assert "attachment:1/1" in {one["where"] for one in record["facts"]["official"]["documents"]}


def test_a_short_text_is_read_without_the_broker(house: House) -> None:
    house.client().send(LOGIN, [GMAIL], mail(LOGIN, "tài liệu", ("a.txt", "\n".join(LETTER).encode())))
    (record,) = house.vanthu.wait_for_records(1)
    assert attachment(record)["inspected"]
    assert "attachment:1" in {one["where"] for one in record["facts"]["official"]["documents"]}
    assert "enquiries" not in record["details"]
    assert counts(house).get("enquiries", 0) == 0


def test_one_docx_in_fifty_mails_is_read_once_over_all_workers(house: House) -> None:
    document = docx(*LETTER, padding=100_000)
    replies: list[Reply] = []

    def send(count: int) -> None:
        for number in range(count):
            raw = mail(LOGIN, f"thư {number}", ("a.docx", document))
            replies.append(house.client().send(LOGIN, [GMAIL], raw))

    senders = [threading.Thread(target=send, args=(10,)) for _ in range(5)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert Counter(reply.code for reply in replies) == {250: 50}
    records = house.vanthu.wait_for_records(50)
    assert all(attachment(record)["inspected"] for record in records)
    assert len({record["facts"]["official"]["documents"][0]["number"] for record in records}) == 1
    assert counts(house)["read"] == 1


def test_volumes_of_an_archive_are_read_together_and_winmail_dat_is_opened(house: House) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("thư.docx", docx(*LETTER, padding=4000))
    half = len(packed.getvalue()) // 2
    halves = packed.getvalue()[:half], packed.getvalue()[half:]
    winmail = tnef.message(body=b"xem tep") + tnef.attachment(b"a.docx", docx(*LETTER))
    both = (("thư.zip.001", halves[0]), ("thư.zip.002", halves[1]))
    for subject, files in (("volumes", both), ("lone", both[:1]), ("tnef", (("winmail.dat", winmail),))):
        house.client().send(LOGIN, [GMAIL], mail(LOGIN, subject, *files))
    together, lone, opened = house.vanthu.wait_for_records(3)
    assert [one["inspected"] for one in together["facts"]["attachments"]] == [True] * 3
    assert [one["where"] for one in together["facts"]["official"]["documents"]] == ["attachment:1/1"]
    assert (attachment(lone)["inspected"], attachment(lone)["reason"]) == (False, "malformed")
    assert [one["where"] for one in opened["facts"]["official"]["documents"]] == ["attachment:1/1"]


def test_nothing_of_a_document_is_ever_written(house: House) -> None:
    secret = "Đoạn văn không được nằm trên đĩa"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("thư.docx", docx(*LETTER, secret))
    files = (("a.docx", docx(*LETTER, secret)), ("a.zip", packed.getvalue()), ("a.txt", secret.encode() * 3000))
    house.client().send(LOGIN, [GMAIL], mail(LOGIN, "tài liệu", *files))
    (record,) = house.vanthu.wait_for_records(1)
    assert all(one["inspected"] for one in record["facts"]["attachments"])
    for file in house.vanthu.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert secret.encode() not in content, file
            assert secret.encode("utf-16-le") not in content, file
    assert list((house.vanthu.state / "readers").iterdir()) == []
