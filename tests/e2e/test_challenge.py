"""The round of a challenge through real Postfix: refused with a code, sent again with a reason, delivered."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes
from email.header import Header, decode_header, make_header
from email.policy import default

from .conftest import LOGIN, House
from .test_notices import open_with_notices

GMAIL = "ai.do@gmail.com"


def mail(subject: str) -> bytes:
    head = [f"From: {LOGIN}", f"Subject: {Header(subject, 'utf-8', maxlinelen=70).encode()}"]
    return ("\r\n".join(head) + "\r\n\r\nChào anh.\r\n").encode()


def send(house: House, subject: str):
    return house.client("submission", LOGIN).send(LOGIN, [GMAIL], mail(subject))


def asked(reply) -> str:
    found = re.search(r"\[LD ([A-Z2-7]{7}): your reason\]", reply.text)
    assert found, reply
    return found[1]


def delivered_subject(house: House) -> str:
    (delivery,) = house.sink.wait_for(1)
    return str(make_header(decode_header(message_from_bytes(delivery.raw)["Subject"])))


def test_refused_with_a_code_and_delivered_with_a_reason(house: House) -> None:
    refused = send(house, "Thư challenge")
    assert refused.code == 550
    assert "5.7.1" in refused.text
    assert refused.text.isascii()
    assert "Challenge for a test" in refused.text
    assert "Thu giai trinh" in refused.text
    code = asked(refused)
    assert house.sink.deliveries == []

    lifted = send(house, f"Thư challenge [LD {code}: họp bão, không kịp qua hộp thư cơ quan]")
    assert lifted.code == 250
    assert delivered_subject(house) == "Thư challenge"
    first, second = house.vanthu.wait_for_records(2)
    assert first["decision"]["verdict"] == "challenge"
    assert code in first["decision"]["reply"]
    assert first["facts"]["challenge"]["status"] == "none"
    assert second["decision"]["verdict"] == "accept"
    assert second["decision"]["exempted"] == [{"rule": "lab-challenge", "by": "challenge", "recipients": [0]}]
    assert second["facts"]["subject"] == "Thư challenge"
    assert second["facts"]["challenge"] == {
        "status": "valid",
        "rules": ["lab-challenge"],
        "reason": "họp bão, không kịp qua hộp thư cơ quan",
        "false_alarm": False,
    }


def test_a_false_alarm_is_reported_and_the_mail_goes(house: House) -> None:
    code = asked(send(house, "challenge"))
    assert send(house, f"[LD {code}: nhầm] challenge").code == 250
    assert delivered_subject(house) == "challenge"
    record = house.vanthu.wait_for_records(2)[-1]
    assert record["facts"]["challenge"]["false_alarm"] is True


def test_a_code_lifts_only_what_it_was_given_for(house: House) -> None:
    code = asked(send(house, "challenge"))
    refused = send(house, f"challenge twice [LD {code}: gấp]")
    assert refused.code == 550
    both = asked(refused)
    assert both != code
    assert send(house, f"challenge twice [LD {both}: gấp]").code == 250
    assert delivered_subject(house) == "challenge twice"


def test_wrong_codes_lift_nothing_and_after_too_many_the_mail_is_held(house: House) -> None:
    wrong = [send(house, "challenge [LD AAAAAAA: gấp]") for _ in range(10)]
    assert {reply.code for reply in wrong} == {550}
    assert "Wrong code" in wrong[0].text
    good = asked(wrong[0])
    assert send(house, "challenge [LD AAAAAAA: gấp]").code == 250
    assert send(house, f"challenge [LD {good}: gấp]").code == 250
    assert [entry["queue_name"] for entry in house.postfix.queue()] == ["hold", "hold"]
    assert house.sink.deliveries == []


def test_without_login_nobody_can_answer_so_the_mail_is_held(house: House) -> None:
    code = asked(send(house, "challenge"))
    assert house.client("plain").send(LOGIN, [GMAIL], mail(f"challenge [LD {code}: gấp]")).code == 250
    (entry,) = house.postfix.queue()
    assert entry["queue_name"] == "hold"
    assert house.sink.deliveries == []


def test_the_notice_tells_the_code_too_and_keys_outlive_a_restart(open_house: Callable[..., House]) -> None:
    house = open_with_notices(open_house)
    code = asked(send(house, "challenge"))
    (delivery,) = house.sink.wait_for(1)
    assert delivery.recipients == (LOGIN.encode(),)
    text = message_from_bytes(delivery.raw, policy=default).get_body(("plain",)).get_content()
    assert f"[LD {code}: lý do]" in " ".join(text.split())
    house.vanthu.stop()
    house.vanthu.start()
    assert send(house, f"challenge [LD {code}: gấp]").code == 250
