"""The private Postfix: logins, aliases, hold queue, a next hop that dies and comes back; nothing stays behind."""

from __future__ import annotations

import smtplib

import pytest

from .places import free_port
from .postfix import Listener, Postfix
from .sink import Sink
from .waiting import wait_until

LETTER = b"Subject: th\xc6\xb0\r\n\r\n.a dot\r\n"


@pytest.mark.e2e
def test_submission_to_sink() -> None:
    listeners = [Listener("plain"), Listener("submission", sasl=True)]
    aliases = {"all@x.vn": "b@x.vn, c@x.vn"}
    sink = Sink(free_port(), replies={b"c@x.vn": b"550 5.1.1 Nobody"})
    with sink, Postfix(listeners, next_hop=sink.port, logins={"an": "secret"}, virtual_aliases=aliases) as postfix:
        with smtplib.SMTP("127.0.0.1", postfix.ports["submission"]) as smtp:
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                smtp.sendmail("an@x.vn", ["all@x.vn"], LETTER)
            smtp.login("an", "secret")
            smtp.sendmail("an@x.vn", ["all@x.vn"], LETTER)
        delivery = sink.wait_for(1)[0]
        assert (delivery.sender, delivery.recipients) == (b"an@x.vn", (b"b@x.vn",))
        assert delivery.raw.endswith(b"\r\n\r\n.a dot\r\n")
        assert delivery.queue_id is not None
        postfix.wait_until_quiet()
        log = postfix.log_of(delivery.queue_id)
        assert any("sasl_username=an" in line for line in log)
        assert any("to=<c@x.vn>" in line and "status=bounced" in line for line in log)
    assert not postfix.folder.exists()


@pytest.mark.e2e
def test_hold_and_a_dead_next_hop() -> None:
    sink = Sink(free_port())
    with Postfix([Listener("plain")], next_hop=sink.port) as postfix:
        with smtplib.SMTP("127.0.0.1", postfix.ports["plain"]) as smtp:
            smtp.sendmail("a@x.vn", ["b@x.vn"], LETTER)
        wait_until(lambda: [one["queue_name"] for one in postfix.queue()] == ["deferred"])
        postfix.command("postsuper", "-h", "ALL")
        assert [one["queue_name"] for one in postfix.queue()] == ["hold"]
        with sink:
            postfix.stop()
            postfix.start()
            postfix.command("postsuper", "-H", "ALL")
            postfix.command("postqueue", "-f")
            sink.wait_for(1)
            wait_until(lambda: postfix.queue() == [])
