"""Notices leave through the real Postfix, once, to our own people only, and nothing answers them."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from email.policy import default

from .conftest import LOGIN, House
from .test_effects import GMAIL, HOA, mail


def open_with_notices(open_house: Callable[..., House]) -> House:
    """A daemon whose notices go to the house's own plain port."""
    house = open_house()
    house.vanthu.write(
        house.vanthu.settings
        | {
            "notices": {
                "enabled": True,
                "smtp": f"127.0.0.1:{house.postfix.ports['plain']}",
                "from": "vanthu@hathanh.gov.vn",
            }
        }
    )
    house.vanthu.stop()
    house.vanthu.start()
    return house


def notices(house: House) -> list[tuple[bytes, tuple[bytes, ...], Message]]:
    """Sender, recipients and content of every notice that reached the sink."""
    found = []
    for delivery in house.sink.deliveries:
        message = message_from_bytes(delivery.raw, policy=default)
        if message["Auto-Submitted"]:
            found.append((delivery.sender, delivery.recipients, message))
    return found


def test_who_strips_is_told_once_and_the_notice_is_judged_like_any_mail(open_house: Callable[..., House]) -> None:
    house = open_with_notices(open_house)
    reply = house.client("submission", LOGIN).send(LOGIN, [HOA, GMAIL], mail("strip this"))
    assert reply.code == 250
    house.sink.wait_for(2)
    ((sender, recipients, notice),) = notices(house)
    assert sender == b""
    assert recipients == (LOGIN.encode(),)
    assert notice["Auto-Submitted"] == "auto-replied"
    text = notice.get_body(("plain",)).get_content()
    assert GMAIL in text
    assert "Thử bỏ người nhận" in text
    assert "Strip for a test" in text
    assert text.index("Thử") < text.index("Strip")
    # The notice passed our own filter, which neither answered nor marked it as anything but internal mail.
    records = house.vanthu.wait_for_records(2)
    assert [record["facts"]["sender"]["address"] for record in records] == [LOGIN, ""]
    house.vanthu.wait_for_metric("vanthu_notices_pending", 0)
    assert len(notices(house)) == 1


def test_nobody_outside_is_ever_told(open_house: Callable[..., House]) -> None:
    house = open_with_notices(open_house)
    for sender in (GMAIL, ""):
        house.client("inbound").send(sender, [HOA, "x@hathanh.gov.vn"], mail("tag this"), outside="198.51.100.7")
        house.client("inbound").send(sender, [HOA], mail("hold this"), outside="198.51.100.7")
    house.vanthu.wait_for_records(4)
    house.vanthu.wait_for_metric("vanthu_messages_total", 4)
    house.postfix.wait_until_quiet()
    assert notices(house) == []
