"""Each effect of a decision as Postfix, the client and the next hop see it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from email import message_from_bytes
from email.header import decode_header, make_header

from .conftest import LOGIN, House

HOA = "hoatt@soyte.hathanh.gov.vn"
BINH = "binhlv@sonoivu.hathanh.gov.vn"
GMAIL = "ai.do@gmail.com"


def mail(subject: str, *fields: str, body: str = "Chào anh.") -> bytes:
    head = [f"From: {LOGIN}", f"Subject: {subject}", "Content-Type: text/plain; charset=utf-8", *fields]
    return ("\r\n".join(head) + "\r\n\r\n" + body + "\r\n").encode()


def test_accepted_internal_mail_carries_our_header_and_a_record(house: House) -> None:
    reply = house.client("submission", LOGIN).send(LOGIN, [HOA], mail("chào"))
    assert reply.code == 250
    (record,) = house.vanthu.wait_for_records(1)
    assert record["queue_id"] == reply.queue_id
    assert record["facts"]["login"] == LOGIN
    assert record["facts"]["origin"] == "submission"
    assert record["facts"]["direction"] == "internal"
    assert record["facts"]["sender"]["agency"] == "so-y-te"
    (delivery,) = house.sink.wait_for(1)
    assert message_from_bytes(delivery.raw).get_all("X-Vanthu") == [f"accept; id={record['id']}"]


def test_mail_that_leaves_carries_nothing_of_ours_and_forged_marks_are_gone(house: House) -> None:
    forged = ("X-Vanthu: accept; id=forged", "x-VANTHU: again", "X-Vanthu-Hop: forged", "X-Vanthuong: stays")
    house.client().send(LOGIN, [GMAIL], mail("xin chào", *forged))
    (delivery,) = house.sink.wait_for(1)
    names = [name.lower() for name in message_from_bytes(delivery.raw)]
    assert "x-vanthu" not in names
    assert "x-vanthu-hop" not in names
    assert "x-vanthuong" in names


def test_rejected_mail_gives_the_client_a_short_ascii_reply_in_two_languages(house: House) -> None:
    reply = house.client().send(LOGIN, [HOA, GMAIL], mail("reject this"))
    (record,) = house.vanthu.wait_for_records(1)
    assert reply.code == 550
    assert reply.text.isascii()
    assert "5.7.1" in reply.text
    assert "Refusal for a test" in reply.text
    assert "Thu tu choi" in reply.text
    assert record["id"] in reply.text
    assert GMAIL not in reply.text
    assert record["decision"]["verdict"] == "reject"
    house.postfix.wait_until_quiet()
    assert house.sink.deliveries == []


def test_held_mail_stands_in_the_hold_queue(house: House) -> None:
    reply = house.client().send(LOGIN, [HOA], mail("hold this"))
    assert reply.code == 250
    (record,) = house.vanthu.wait_for_records(1)
    (entry,) = house.postfix.queue()
    assert entry["queue_name"] == "hold"
    assert entry["queue_id"] == reply.queue_id == record["queue_id"]
    assert any("milter-hold: END-OF-MESSAGE" in line for line in house.postfix.log_of(entry["queue_id"]))
    assert house.sink.deliveries == []


def test_stripped_recipients_get_nothing_and_the_others_get_the_mail(house: House) -> None:
    reply = house.client().send(LOGIN, [HOA, GMAIL, BINH, "kia@yahoo.com"], mail("strip this"))
    assert reply.code == 250
    (record,) = house.vanthu.wait_for_records(1)
    assert record["decision"]["recipients"] == ["accept", "strip", "accept", "strip"]
    (delivery,) = house.sink.wait_for(1)
    assert sorted(delivery.recipients) == sorted((HOA.encode(), BINH.encode()))
    assert message_from_bytes(delivery.raw)["X-Vanthu"] == f"strip; id={record['id']}"


def test_strip_of_everybody_is_a_refusal_not_a_silent_loss(house: House) -> None:
    reply = house.client().send(LOGIN, [GMAIL], mail("strip this"))
    assert reply.code == 550
    house.postfix.wait_until_quiet()
    assert house.sink.deliveries == []


def test_a_subject_tag_is_encoded_and_the_subject_kept(house: House) -> None:
    house.client().send(LOGIN, [HOA], mail("tag =?utf-8?q?c=C3=B4ng_v=C4=83n?="))
    (delivery,) = house.sink.wait_for(1)
    subject = message_from_bytes(delivery.raw)["Subject"]
    assert str(make_header(decode_header(subject))) == "[Đánh dấu] tag công văn"


def test_a_shadow_rule_is_recorded_and_does_nothing(house: House) -> None:
    assert house.client().send(LOGIN, [HOA], mail("shadow this")).code == 250
    (record,) = house.vanthu.wait_for_records(1)
    assert record["decision"]["verdict"] == "accept"
    assert record["decision"]["shadow"] == "reject"
    house.sink.wait_for(1)


def test_mail_from_sendmail_is_judged_too(house: House) -> None:
    house.postfix.sendmail(LOGIN, [HOA], mail("chào").replace(b"\r\n", b"\n"))
    (record,) = house.vanthu.wait_for_records(1)
    assert record["facts"]["origin"] == "pickup"
    assert record["facts"]["recipients"][0]["address"] == HOA
    house.sink.wait_for(1)


def test_origin_tells_ours_from_a_forged_sender_outside(house: House) -> None:
    assert house.client("inbound").send(LOGIN, [HOA], mail("chào"), outside="198.51.100.7").code == 250
    assert house.client("plain").send(LOGIN, [HOA], mail("chào")).code == 250
    outside, trusted = house.vanthu.wait_for_records(2)
    assert (outside["facts"]["origin"], outside["facts"]["direction"]) == ("outside", "inbound")
    assert outside["facts"]["hop"]["name"] == "inbound"
    assert (trusted["facts"]["origin"], trusted["facts"]["direction"]) == ("trusted", "internal")


def test_raw_eight_bit_header_fields_nul_and_long_lines_pass(house: House) -> None:
    raw = (
        b"From: " + LOGIN.encode() + b"\r\nSubject: C\xf4ng v\xe3n\r\nX-L\xe9on: raw name\r\n\r\n"
        b"d\xf2ng\x01 " + b"x" * 5000 + b"\r\n"
    )
    assert house.client().send(LOGIN, [HOA], raw).code == 250
    house.vanthu.wait_for_records(1)
    (delivery,) = house.sink.wait_for(1)
    assert b"d\xf2ng" in delivery.raw


def test_a_very_large_header_field_passes(house: House) -> None:
    raw = mail("dài", "X-Large: " + "\r\n ".join(["y" * 900] * 110))
    assert house.client().send(LOGIN, [HOA], raw).code == 250
    (record,) = house.vanthu.wait_for_records(1)
    assert record["facts"]["size"] > 50_000  # Postfix 3.7 shows a milter no more than 60,000 octets of a field
    house.sink.wait_for(1)


def test_smtputf8_and_bdat_pass(house: House) -> None:
    reply = house.client().send(LOGIN, ["người.dân@example.com"], mail("chào"), options=["SMTPUTF8", "BODY=8BITMIME"])
    assert reply.code == 250, reply
    body = mail("bằng BDAT")
    with socket.create_connection(("127.0.0.1", house.postfix.ports["plain"]), timeout=10) as raw:
        answers = raw.makefile("rb")
        answers.readline()
        for command in (
            b"EHLO c.example",
            b"MAIL FROM:<" + LOGIN.encode() + b">",
            b"RCPT TO:<" + HOA.encode() + b">",
        ):
            raw.sendall(command + b"\r\n")
            while answers.readline()[3:4] == b"-":
                pass
        raw.sendall(b"BDAT %d LAST\r\n" % len(body) + body)
        assert answers.readline().startswith(b"250")
    assert len(house.vanthu.wait_for_records(2)) == 2


def test_one_session_may_carry_many_mails_and_aborted_ones(house: House) -> None:
    import smtplib

    with smtplib.SMTP("127.0.0.1", house.postfix.ports["plain"], timeout=20) as client:
        for number in range(5):
            client.ehlo_or_helo_if_needed()
            client.mail(LOGIN)
            client.rcpt(HOA)
            if number % 2:
                client.rset()
            else:
                assert client.data(mail(f"thư {number}"))[0] == 250
    records = house.vanthu.wait_for_records(3)
    assert [record["facts"]["subject"] for record in records] == ["thư 0", "thư 2", "thư 4"]


def test_a_large_mail_goes_through_and_is_recorded_with_its_size(house: House) -> None:
    lines = (b"x" * 76 + b"\r\n") * 400_000  # 31 MB
    assert house.client().send(LOGIN, [HOA], mail("lớn") + lines).code == 250
    (record,) = house.vanthu.wait_for_records(1)
    assert record["facts"]["size"] > 31_000_000
    house.sink.wait_for(1, 30)


def test_past_the_hold_quota_the_sender_keeps_his_mail(open_house: Callable[..., House]) -> None:
    house = open_house({"milter": {"max_holds_per_hour": 2}})
    codes = [house.client().send(LOGIN, [HOA], mail("hold this")).code for _ in range(4)]
    assert codes == [250, 250, 451, 451]
    assert "reason=hold_limit" in house.vanthu.said()
    assert {record["details"]["reason"] for record in house.vanthu.records("failure")} == {"hold_limit"}
