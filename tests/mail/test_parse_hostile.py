"""Whatever the octets, ``parse`` returns, in time linear in their number, and its values keep their promises."""

from __future__ import annotations

import base64
import random
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vanthu.mail.limits import MailLimits
from vanthu.mail.message import Message
from vanthu.mail.parse import parse

_SAMPLES = {file.name: file.read_bytes() for file in sorted((Path(__file__).parent / "samples").glob("*.eml"))}
# A generous bound for a shared machine: 2 MB take well under a second; anything super-linear takes minutes.
_SECONDS = 8.0
_SIZE = 2_000_000


def _promises(message: Message, limits: MailLimits | None = None) -> None:
    limits = limits or MailLimits()
    for field in message.fields:
        assert not set(field.value) & {"\r", "\n", "\0"}
        assert unicodedata.is_normalized("NFC", field.value)
    for body in message.bodies:
        assert len(body.text) <= limits.max_text
        assert not set(body.text) & {"\r", "\0"}
        assert unicodedata.is_normalized("NFC", body.text)
    assert len(message.defects) == len(set(message.defects))
    for number, attachment in enumerate(message.attachments, 1):
        assert attachment.where.endswith(str(number))
        assert attachment.type.count("/") == 1
        if attachment.message:
            assert all(body.where == attachment.where for body in attachment.message.bodies)
            assert all(inner.where.startswith(attachment.where + "/") for inner in attachment.message.attachments)
            _promises(attachment.message, limits)


def _bounded(raw: bytes, limits: MailLimits | None = None) -> Message:
    started = time.process_time()
    message = parse(raw, limits or MailLimits())
    assert time.process_time() - started < _SECONDS
    _promises(message, limits)
    return message


@given(st.binary(max_size=2000))
def test_any_octets(raw: bytes) -> None:
    _promises(parse(raw))


_PIECES = st.sampled_from(
    [
        b"\r\n",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b"--b",
        b"--b--",
        b"--",
        b"Content-Type: ",
        b"multipart/mixed; boundary=b",
        b"text/html",
        b"message/rfc822",
        b"Content-Transfer-Encoding: base64",
        b"quoted-printable",
        b"From: a@b",
        b"Subject: ",
        b"=?utf-8?b?",
        b"=?utf-8?q?",
        b"?=",
        b"=?tcvn?q?=E1?=",
        b"name*0*=utf-8''%e1",
        b"; name*1=",
        b'filename="',
        b"charset=utf-16",
        b"\0",
        b"\xff\xfe",
        b"\xe1\xba\xadt",
        b"\xcc\xec",
        b"<blockquote>",
        b"<table><tr><td>",
        b"</td>",
        b"</table>",
        b"<!--",
        b"-->",
        b'<p style="display:none',
        b'">',
        b"&#9999999999",
        b"&amp;",
        b"begin 644 a",
        b"=ybegin line=128",
        b"JVBERi0=",
        b"PK\x03\x04",
        b"=",
        b"=\n",
        b"A" * 70,
    ]
)


@settings(max_examples=400)
@given(st.lists(st.one_of(_PIECES, st.binary(max_size=8)), max_size=60))
def test_pieces_of_mail_in_any_order(pieces: list[bytes]) -> None:
    _promises(parse(b"".join(pieces)))


@settings(max_examples=300)
@given(st.sampled_from(sorted(_SAMPLES)), st.integers(0, 2**32))
def test_mutated_samples(name: str, seed: int) -> None:
    dice = random.Random(seed)
    raw = bytearray(_SAMPLES[name])
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(raw))
        match dice.randrange(4):
            case 0:
                raw[at] = dice.randrange(256)
            case 1:
                del raw[at : at + dice.randint(1, 40)]
            case 2:
                raw[at:at] = raw[dice.randrange(len(raw)) :][: dice.randint(1, 200)]
            case _:
                raw = raw[: max(at, 1)]
        if not raw:
            return
    _promises(parse(bytes(raw)))


def test_thousand_levels_of_multipart() -> None:
    raw = (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1000))
        + b"\ninside"
    )
    assert "too_deep" in _bounded(raw).defects


def test_thousand_levels_of_messages() -> None:
    raw = b"Content-Type: message/rfc822\n\n" * 1000 + b"Subject: x\n\ninside"
    message = _bounded(raw)
    depth = 0
    while message.attachments and message.attachments[0].message:
        message = message.attachments[0].message
        depth += 1
    assert depth == 10
    assert "too_deep" in message.defects


def test_no_setting_exhausts_the_stack() -> None:
    raw = b"Content-Type: message/rfc822\n\n" * 5000 + b"Subject: x\n\ninside"
    _bounded(raw, MailLimits(max_depth=100_000))


def test_ten_thousand_parts() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Disposition: attachment\n\nx\n" * 10_000
        + b"--b--\n"
    )
    message = _bounded(raw)
    assert "too_many_parts" in message.defects
    assert "too_many_attachments" in message.defects
    assert len(message.attachments) == 200


def test_limits_hold_over_nested_messages() -> None:
    inner = (
        b"Content-Type: multipart/mixed; boundary=c\n\n"
        + b"--c\nContent-Disposition: attachment\n\nx\n" * 30
        + b"--c--\n"
    )
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n"
        + (b"--b\nContent-Type: message/rfc822\n\n" + inner) * 30
        + b"--b--\n"
    )
    message = _bounded(raw, MailLimits(max_attachments=50))
    assert sum(1 + len(nested.message.attachments) for nested in message.attachments if nested.message) == 50


def test_header_line_of_a_megabyte() -> None:
    message = _bounded(b"Subject: " + b"x" * (1 << 20) + b"\nFrom: a@b\n\nbody text")
    assert "header_too_large" in message.defects
    assert message.text == "body text"


def test_text_over_the_limit_is_cut() -> None:
    message = _bounded(b"\n" + "ậ".encode() * 5000, MailLimits(max_text=1000))
    assert message.text == "ậ" * 1000
    assert message.defects == ("text_truncated",)


def _filled(piece: bytes, size: int = _SIZE) -> bytes:
    return piece * (size // len(piece))


@pytest.mark.parametrize(
    "piece",
    [
        b"<",
        b"<a",
        b"<a ",
        b"<a b='",
        b'<a b="',
        b"<a =",
        b"<!--",
        b"<!-",
        b"</",
        b"<script>",
        b"<style",
        b"<table><tr><td>",
        b"<td>",
        b"<tr>",
        b"<blockquote>",
        b"<div hidden>",
        b"<p style='color:#fff'>x",
        b"</div>",
        b"<b>",
        b"<b hidden></i>",
        b"&",
        b"&#",
        b"&#9",
        b"&amp",
        b"<pre>",
        b"\n",
        b"<br>",
        b"<a style='",
        b"<a style=/*",
        b"<a style='opacity:0000",
        b"<hr>",
        b" ",
        b"\t",
        b"\xc2\xa0",
        b"<![CDATA[",
        b"<a x=1 style='width:0;height:0'>",
        b"<x\xc4\xb0>",
    ],
)
def test_html_of_one_piece(piece: bytes) -> None:
    _bounded(b"Content-Type: text/html; charset=utf-8\n\n" + _filled(piece))


@pytest.mark.parametrize(
    "piece",
    [
        b"\n",
        b"\r",
        b"\r\n",
        b"a",
        b" ",
        b">",
        b"> ",
        b"A" * 64 + b"\n",
        b"begin 644 a\n",
        b"=ybegin ",
        b"=ybegin part=1 ",
        b"a^",
        b"o^.",
        b"^",
        b"\xe9",
        b"\xc3\xa9",
        b"a\xb5 ",
        b"A\xd0",
        b"\xc6\xb0",
        b"\xcc\x81",
        b"a\xcc\x81",
        b"\xff\xfe",
        b"\0",
        b"a\0",
        b"\x1b$B",
        b"=",
        b"=3D",
        b"=\n",
        b"\xc3",
        b"a\xcc",
        b"\xb0\xa1",
        b"--b\n",
        b"--b",
        b"\n--",
        b"\n--a\n",
        b"From ",
        b"\xf0\x9f\x98\x80",
        b"Q\xc3\x90",
        b"MA\xc3\x8bT ",
        b"do. ",
        b"a.",
        b"a+",
        b"-----BEGIN PGP MESSAGE-----",
    ],
)
@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: text/plain; format=flowed",
        b"Content-Type: text/plain; charset=x-unknown\nContent-Transfer-Encoding: quoted-printable",
        b"Content-Type: multipart/mixed; boundary=b",
        b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64",
    ],
)
def test_text_of_one_piece(piece: bytes, head: bytes) -> None:
    _bounded(head + b"\n\n" + _filled(piece, 500_000))


@pytest.mark.parametrize(
    "piece",
    [
        b"=?",
        b"=?a?q?",
        b"=?utf-8?b?",
        b"=?utf-8?q?=E1?=",
        b"=?utf-8?b?4Q?= ",
        b"\n ",
        b"\r\n\t",
        b"\0",
        b";",
        b"; a",
        b'; a="',
        b"; a*0=b",
        b"\\",
        b"; a*",
        b"%e1",
        b"(",
        b"\xe1",
        b" ",
        b"=",
        b"; name*9999=x",
        b"'",
        b"=?a?b?=?=",
    ],
)
@pytest.mark.parametrize("name", [b"Subject", b"Content-Type", b"Content-Disposition: attachment; filename=x"])
def test_header_of_one_piece(name: bytes, piece: bytes) -> None:
    _bounded(name + b": " + _filled(piece, 1_000_000) + b"\n\nx")


def test_lines_that_could_be_fields() -> None:
    _bounded(_filled(b"a:\n"))
    _bounded(_filled(b"a"))
    _bounded(_filled(b"a \n"))


def test_base64_of_rubbish() -> None:
    rubbish = base64.b64encode(random.Random(1).randbytes(100_000))
    _bounded(b"Content-Transfer-Encoding: base64\n\n" + rubbish[:-7] + b"=a=b==c===")
