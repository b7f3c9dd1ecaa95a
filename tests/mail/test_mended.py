"""Doubly encoded UTF-8 is turned back, other text stays; nothing leaves the parser that UTF-8 cannot write."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.mail.envelope import Envelope, Recipient
from vanthu.mail.mended import encodable, undoubled
from vanthu.mail.parse import parse

LETTER = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    "Số: 12/UBND-VX\nKính gửi: “các sở” – ban, ngành là"
)


def doubled(text: str) -> str:
    """UTF-8 read as windows-1252, the free octets as C1 controls, as browsers and mail gateways do."""
    return "".join(
        bytes([octet]).decode("cp1252", "replace").replace("\ufffd", chr(octet)) for octet in text.encode()
    )


@pytest.mark.parametrize("text", [LETTER, "Cộng hòa", "Độ mật: Mật", "Họp giao ban 😀 tuần"])
def test_what_was_encoded_twice_is_turned_back(text: str) -> None:
    assert undoubled(doubled(text)) == text


def test_a_no_break_space_made_plain_is_still_the_end_of_a_letter() -> None:
    assert "là" in undoubled(doubled(LETTER + " là và").replace("\xa0", " "))


@pytest.mark.parametrize(
    "text",
    [
        LETTER,
        "NÃO É POSSÍVEL, SÃO PAULO",
        "Größe, Façade, naïve",
        "Trong thư, chữ “hòa” hiện thành hÃ²a, xin xem lại phông chữ giúp em.",
        "«Ä»",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert undoubled(text) == text


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    assert encodable(undoubled(text)).encode("utf-8") is not None


def test_body_and_subject_of_a_mail_are_mended_and_the_mail_says_so() -> None:
    encoded = base64.b64encode(doubled("Cộng hòa xã hội").encode()).decode()
    raw = f"Subject: =?utf-8?b?{encoded}?=\nContent-Type: text/plain; charset=utf-8\n\n{doubled(LETTER)}\n"
    message = parse(raw.encode())
    assert message.subject == "Cộng hòa xã hội"
    assert message.text.rstrip() == LETTER
    assert "encoded_twice" in message.defects


def test_lone_surrogates_never_reach_a_fact() -> None:
    envelope = Envelope(
        "v\udce1@x.vn", (Recipient("\ud800@y.vn", "rfc822;\udcff@z.vn"),), datetime.now(UTC), login="\udc80"
    )
    for text in (envelope.sender, envelope.recipients[0].address, envelope.recipients[0].orcpt, envelope.login):
        assert text is not None
        assert text.encode("utf-8")
    message = parse(b"Subject: =?utf-7?q?+2AA-x?=\nContent-Type: text/plain; charset=utf-7\n\n+2AA-y\n")
    assert (message.subject or "").encode("utf-8")
    assert message.text.encode("utf-8")
