"""Our MTA's side of the protocol beside that of a real Postfix: the same mail, frame by frame."""

from __future__ import annotations

import re
import smtplib
from pathlib import Path

import pytest

from .milter_client import MilterSession
from .milter_wire import LEADING_SPACE, OFFER, SKIP, Client, Mail, split
from .places import open_folder
from .postfix import Listener, Postfix, milter
from .recorder import Recorder

RAW = (
    b"Subject:  c\xc3\xb4ng v\xe1n\r\nX-Y : a\r\n\tb\r\nFrom: a@b.vn\r\nDate: today\r\nMessage-Id: <1@2>\r\nTo:\r\n"
    b"no header\r\n\r\n.text\r\n..\r\n"
)
CLIENT = Client(name=b"[127.0.0.1]")
NO_REPLY = OFFER & ~(0x37F | SKIP)  # every no-reply flag and the leading space
Frames = list[tuple[bytes, bytes]]


def of_ours(path: Path, flags: int, mails: list[Mail]) -> Frames:
    with Recorder(path, flags) as recorder:
        with MilterSession(f"unix:{path}") as session:
            for mail in mails:
                session.send(mail)
        recorder.wait_for_end(1)
        return recorder.sessions[0]


def _comparable(frames: Frames) -> Frames:
    """Without what is the same only by chance: queue ids, ports, sizes."""
    return [
        (command, re.sub(rb"i\x00[0-9A-Za-z]+\x00|\]:\d+|\x00size=\d+|\x004..(?=127)", b"", data, flags=re.DOTALL))
        for command, data in frames
    ]


@pytest.mark.e2e
@pytest.mark.parametrize("flags", [0, LEADING_SPACE, NO_REPLY, NO_REPLY | 0x3])
def test_as_postfix(flags: int) -> None:
    with open_folder("wire") as folder:
        with Recorder(folder / "real", flags) as recorder:
            listener = Listener("in", milters=milter(f"unix:{folder}/real"), daemon_name="in", sasl=True)
            with Postfix([listener], next_hop=9, logins={"an": "secret"}) as postfix:
                with smtplib.SMTP("127.0.0.1", postfix.ports["in"], local_hostname="client.example") as smtp:
                    smtp.login("an", "secret")
                    smtp.sendmail("a@x.vn", ["b@y.vn", "c@y.vn"], RAW, mail_options=["BODY=8BITMIME"])
                    smtp.sendmail("", ["b@y.vn"], RAW)
                recorder.wait_for_end(1)
        first = Mail(b"a@x.vn", [b"b@y.vn", b"c@y.vn"], RAW, b"an", client=CLIENT, daemon_name=b"in",
                     sender_parameters=(b"BODY=8BITMIME",))  # fmt: skip
        second = Mail(b"", [b"b@y.vn"], RAW, b"an", client=CLIENT, daemon_name=b"in")
        assert _comparable(of_ours(folder / "ours", flags, [first, second])) == _comparable(recorder.sessions[0])


@pytest.mark.e2e
def test_as_pickup() -> None:
    raw = RAW.replace(b"\r\n", b"\n")
    with open_folder("wire") as folder:
        asked = milter(f"unix:{folder}/real")
        with (
            Recorder(folder / "real", 0) as recorder,
            Postfix([Listener("in")], non_smtpd_milters=asked) as postfix,
        ):
            postfix.sendmail("a@x.vn", ["b@y.vn"], raw)
            recorder.wait_for_end(1)
        client = Client(port=0, helo=b"localhost")
        ours = of_ours(folder / "ours", 0, [Mail(b"a@x.vn", [b"b@y.vn"], raw, client=client, pickup=True)])
        ours.remove((b"A", b""))  # of the mail's end; cleanup(8) hangs up without
        ours.remove((b"A", b""))
        assert _comparable(ours) == _comparable(recorder.sessions[0])


@pytest.mark.parametrize(
    ("raw", "headers", "body"),
    [
        (b"A: 1\n b\n\nx\n", [(b"A", b" 1\n b")], b"x\r\n"),
        (b"A: 1\r\n\r\n", [(b"A", b" 1")], b""),
        (b"A: 1", [(b"A", b" 1")], b""),
        (b"A: 1\nno header\nB: 2\n", [(b"A", b" 1")], b"no header\r\nB: 2\r\n"),
        (b"\xc3\xa1 : 1\n\nx", [(b"\xc3\xa1", b" 1")], b"x"),
        (b"\nx", [], b"x"),
        (b"", [], b""),
    ],
)
def test_split(raw: bytes, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    assert split(raw) == (headers, body)
