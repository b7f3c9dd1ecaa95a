"""The small decoders, each by itself."""

from __future__ import annotations

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.mail.blocks import enclosed, noted
from vanthu.mail.charsets import decode_bytes
from vanthu.mail.cms import signed_content
from vanthu.mail.encoded_words import decode_value
from vanthu.mail.flowed import unwrap
from vanthu.mail.parameters import parse_value
from vanthu.mail.sniff import looks_like_message, sniff
from vanthu.mail.transfer import decode


@given(st.binary(max_size=300))
def test_transfer_encodings_come_back(data: bytes) -> None:
    assert decode(base64.encodebytes(data), "base64") == (data, None)
    assert decode(base64.b64encode(data).rstrip(b"="), "base64")[0] == data
    assert decode(binascii.b2a_qp(data, istext=False), "quoted-printable") == (data, None)
    assert decode(data, "8bit") == (data, None)


def test_uuencode() -> None:
    data = bytes(range(200))
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    assert decode(b"begin 644 a\r\n" + b"".join(lines) + b"`\nend\n", "x-uuencode") == (data, None)


def test_a_uuencoded_block_does_not_grow() -> None:
    """A line may say that it stands for 63 octets and give none: 50 MB of such lines were 1.5 GB."""
    data = b"begin 644 a\n" + b"_\n" * 10_000
    assert len(decode(data, "x-uuencode")[0]) < len(data) + 64


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "windows-1258", "gb2312", "shift_jis", "koi8-r", "viscii"])
@given(data=st.binary(max_size=100))
def test_any_octets_are_some_text(charset: str, data: bytes) -> None:
    decode_bytes(data, charset)


@pytest.mark.parametrize(
    "charset",
    ["zip", "utf-16\0", "ucs-2", "rot13", "idna", "hex", "../../etc/passwd", "\0", "unicode_escape", "x" * 500],
)
def test_charsets_that_are_none(charset: str) -> None:
    assert decode_bytes("Việt".encode(), charset) == ("Việt", "unknown_charset")
    assert decode_bytes(b"Vi\xaat", charset) == ("Viªt", "unknown_charset")


def test_a_charset_with_a_nul_is_none() -> None:
    for name in (b"utf-16\0", b"utf-32\0", b"ucs-2"):
        raw = b"attachment; filename*=%b''C%%F4ng v%%E0.docx" % name
        assert parse_value(raw)[1]["filename"] == "Công và.docx"


@given(st.text(st.characters(exclude_categories=["C", "Z", "M"]), min_size=1, max_size=40))
def test_encoded_words_come_back(text: str) -> None:
    octets = text.encode()
    half = len(octets) // 2
    words = [b"=?utf-8?B?" + base64.b64encode(half_of) + b"?=" for half_of in (octets[:half], octets[half:])]
    assert decode_value(b"\r\n ".join(words)) == decode_value(octets)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b'text/plain; name="a b.txt"', "a b.txt"),
        (b"text/plain; name=a b.txt ; x=y", "a b.txt"),
        (b'text/plain; name="a;b\\"c.txt"', 'a;b"c.txt'),
        (b'text/plain; name="C:\\temp\\a.txt"', "C:\\temp\\a.txt"),
        (b"text/plain; name*=utf-8'vi'%C4%91.txt", "đ.txt"),
        (b'text/plain; name*1="b.txt"; name*0="a"', "ab.txt"),
        (b"text/plain; name*0*=utf-8''%C4; name*1*=%91; name*2=.txt", "đ.txt"),
        (b"text/plain; name*0*=utf-8''%E; name*1*=1%BA%A; name*2*=D.txt", "ậ.txt"),
        (b"text/plain; name*1*=1%BA%AD.txt; name*0*=utf-8''%E", "ậ.txt"),
        (b"text/plain; name*0*=utf-8''%C4%91; name*1=\"%41.txt\"", "đ%41.txt"),
        (b'text/plain; name="=?utf-8?q?=C4=91.txt?="', "đ.txt"),
        ('text/plain; name="đ.txt"'.encode(), "đ.txt"),
        (b'text/plain; name="a', "a"),
        (b"text/plain (a comment); name=a", "a"),
        (b"text/plain;;; name = a", "a"),
        (b"text/plain; name=a; name=b", "a"),
        (b"text/plain; name*=nosuch''%41", "A"),
    ],
)
def test_parameters(raw: bytes, name: str) -> None:
    value, parameters = parse_value(raw)
    assert value == "text/plain"
    assert parameters["name"] == name


def test_flowed() -> None:
    assert unwrap("a \nb\n> c \n> d\n>> e\n f\n-- \nx", False) == "a b\n> c d\n> > e\nf\n-- \nx"
    assert unwrap("a \nb", True) == "ab"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + b"\0\0", "application/msword"),
        (b"PK\x05\x06" + bytes(18), "application/zip"),
        (b"Rar!\x1a\x07\x01\0", "application/vnd.rar"),
        (b"{\\rtf1\\ansi", "application/rtf"),
        (b"<!DOCTYPE html><html>", "text/html"),
        (b"<?xml version='1.0'?><a/>", "application/xml"),
        ("Kính gửi".encode() * 10, "text/plain"),
        (b"\x91\x05\0\1\xfe" * 20, None),
        (b"", None),
        (bytes(257) + b"ustar", "application/x-tar"),
    ],
)
def test_sniff(data: bytes, kind: str | None) -> None:
    assert sniff(data) == kind


def test_messages_are_known_by_their_head() -> None:
    assert looks_like_message(b"Received: x\r\nFrom: a@b\r\nSubject: c\r\n\r\nd")
    assert not looks_like_message(b"From: the desk of\nTo whom it may concern\n")
    assert not looks_like_message(b"Subject: a\n\nFrom: b\nTo: c\nDate: d")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nothing here\n" * 100, []),
        ("begin 644 a.txt\n#0V%T\n", ["uuencode"]),
        ("=ybegin line=128 size=5 name=a\n", ["yenc"]),
        ("-----BEGIN PGP MESSAGE-----\n", ["pgp_message"]),
        (base64.encodebytes(bytes(range(256)) * 4).decode(), ["base64_in_text"]),
        ("> " + base64.encodebytes(bytes(range(256)) * 4).decode().replace("\n", "\n> "), ["base64_in_text"]),
        (("a" * 76 + "\n") * 100, []),
        ("https://example.vn/" + "a/b-C9" * 200, []),
        (("_" * 76 + "\n") * 100, []),
    ],
)
def test_blocks(text: str, found: list[str]) -> None:
    assert noted(text) == found


@given(st.binary(max_size=200))
def test_rubbish_is_no_signature(data: bytes) -> None:
    assert signed_content(b"0\x80" + data) is None


def _yenc(data: bytes) -> bytes:
    out = bytearray()
    for octet in data:
        code = (octet + 42) & 0xFF
        out += bytes((61, (code + 64) & 0xFF)) if code in (0, 10, 13, 61) else bytes((code,))
    lines = [bytes(out[at : at + 128]) for at in range(0, len(out), 128)]
    return b"\r\n".join(lines)


@given(data=st.binary(min_size=1, max_size=400), crlf=st.booleans())
def test_files_in_a_text_come_back(data: bytes, crlf: bool) -> None:
    uu = b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    text = b"Xem kem\n\nbegin 644 cong van.doc\n" + uu + b"`\nend\n\nbegin-base64 644 b.pdf\n"
    text += base64.encodebytes(data) + b"====\nhet\n"
    if crlf:
        text = text.replace(b"\n", b"\r\n")
    text += b"\r\n=ybegin line=128 size=1 name=c d.zip\r\n" + _yenc(data) + b"\r\n=yend size=1\r\n"
    assert list(enclosed(text)) == [("cong van.doc", data), ("b.pdf", data), ("c d.zip", data)]


def test_prose_about_such_blocks_holds_no_file() -> None:
    assert list(enclosed(b"begin 644 a.txt\n\nis how it starts, said the book\nbegin 2024 with us\n")) == []
