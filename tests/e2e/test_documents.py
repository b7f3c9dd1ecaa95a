"""Documents that hang on mail, through real Postfix: read, recognised, judged; and what dies costs one attachment."""

from __future__ import annotations

from support.attached import LETTER, docx, mail

from .conftest import LOGIN, House

GMAIL = "ai.do@gmail.com"


def test_a_letter_in_a_docx_to_gmail_is_recognised_as_official(house: House) -> None:
    document = docx(*LETTER)
    assert (
        house.client("submission", LOGIN).send(LOGIN, [GMAIL], mail(LOGIN, "tài liệu", ("a.docx", document))).code
        == 250
    )
    (record,) = house.vanthu.wait_for_records(1)
    facts = record["facts"]
    (attachment,) = facts["attachments"]
    assert (attachment["where"], attachment["inspected"], attachment["reason"]) == ("attachment:1", True, None)
    (found,) = [one for one in facts["official"]["documents"] if one["where"] == "attachment:1"]
    assert (found["number"], found["symbol"], found["date"]) == ("1017", "UBND-VX", "2014-03-26")
    assert found["read_by"] == "text"
    assert facts["unavailable"] == []
    assert record["details"]["enquiries"] == {"documents": {"read": 1}}
    assert record["timings"]["documents"] > 0
