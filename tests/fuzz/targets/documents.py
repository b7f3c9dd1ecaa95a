"""Other documents: RTF, TNEF, zip, kinds, plain text, HTML, mbox, the broker's packets."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

import msgspec

from fuzz.packing import MARK, joined, pieces
from fuzz.reading import read
from fuzz.target import Target, is_text, text_of
from vanthu.documents import wire
from vanthu.documents.archives import volumes
from vanthu.documents.archives.zip_directory import directory, unpack
from vanthu.documents.kinds import kind_of
from vanthu.documents.ocr_words import page_of
from vanthu.documents.work import Stop
from vanthu.mail.parse import parse
from vanthu.mail.sniff import looks_like_message, sniff

SAMPLES = Path(__file__).resolve().parents[2] / "documents" / "samples"
_TEXTS = (
    "text/plain", "text/html", "application/xml", "message/rfc822", "application/mbox", "text/csv", "text/calendar",
)  # fmt: skip
_NAMES = (None, "a.txt", "cv.docx", "a.7z.001", "a.r00", "thư.eml")
_MOST_OUT = 100_000
_TABLE = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def _samples(pattern: str, longest: int = 20_000) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(SAMPLES.glob(pattern)) if path.stat().st_size <= longest)


def _rtf(data: bytes) -> None:
    read("application/rtf", data)


def _tnef(data: bytes) -> None:
    read("application/ms-tnef", data)


def _zip(data: bytes) -> None:
    """The directory tells no lies about the data, and no entry gives more than it may. Pieces: volumes of one."""
    if MARK in data:
        files = list(pieces(data).items())
        for name, content in files:
            volumes.is_piece(name, content)
        for whole in volumes.joined(files):
            assert len(whole.content) == sum(len(files[index][1]) for index in whole.pieces)
            _zip(whole.content)
        return
    found = directory(data, 50)
    assert len(found.entries) <= 50
    for entry in found.entries:
        is_text(entry.name)
        with contextlib.suppress(Stop):
            assert len(unpack(data, entry, _MOST_OUT)) <= _MOST_OUT
    read("application/zip", data)
    volumes.place(text_of(data[:100]))


def _kinds(data: bytes) -> None:
    for name in _NAMES:
        kind = kind_of(data, name)
        assert kind.isascii()
        assert kind.count("/") == 1
        volumes.is_later(name)
        volumes.is_piece(name, data)
        volumes.joined([(name, data), ("a.z01", data), ("a.zip", data)])
    is_text(sniff(data))
    looks_like_message(data)


def _text(data: bytes) -> None:
    """The first octet says which reader."""
    if data:
        read(_TEXTS[data[0] % len(_TEXTS)], data[1:])


def _wire(data: bytes) -> None:
    """A packet is a message or a WireError, in both directions; a second piece is a memory file beside it."""
    packet, _, enclosed = data[: wire.LARGEST].partition(b"\n%%file\n")
    page_of(_TABLE + text_of(data))
    if not packet:
        return
    for receive in (lambda one: wire.receive_request(one, bytearray(wire.LARGEST)), wire.receive_reply):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        memory = wire.seal(enclosed) if enclosed else None
        with ours, theirs:
            if memory is None:
                ours.send(packet)
            else:
                socket.send_fds(ours, [packet], [memory])
                os.close(memory)
            with contextlib.suppress(wire.WireError):
                received = receive(theirs)
                assert received is not None
                if isinstance(received, tuple) and received[1] is not None:
                    assert wire.content_of(received[1]) == enclosed
                    os.close(received[1])


def _packets() -> tuple[bytes, ...]:
    encode = msgspec.msgpack.encode
    answers = (wire.Answer("read", None, b"abc"), wire.Answer("failed", "timeout"))
    return (
        encode(wire.Enquiry(1.5, (wire.Item("0" * 64, 12, "công văn.docx"), wire.Item("1" * 64, 0)))),
        encode(wire.Content(1)) + b"\n%%file\nabc",
        encode(wire.Ask()),
        encode(wire.Wanted((0, 1))),
        encode(wire.Answers(answers)),
        encode(wire.Answers(enclosed=True)) + b"\n%%file\n" + encode(answers),
        encode(wire.Statistics({"read": 1}, {"running": 0}, "")),
    )


def _volumes() -> tuple[bytes, ...]:
    """A zip and a rar in pieces."""
    whole, rar = (SAMPLES / "zip" / "python.zip").read_bytes(), (SAMPLES / "rar" / "stored5-text.rar").read_bytes()
    return (
        joined([("a.z01", whole[:300]), ("a.zip", whole[300:])]), joined([("a.zip.001", whole[:99]), ("a.zip.002",
        whole[99:])]),
        joined([("a.part1.rar", rar[:200]), ("a.part2.rar", rar)]), joined([("a.zipaa", whole[:9]), ("a.zipab",
        whole[9:])]),
    )  # fmt: skip


def _winmail() -> tuple[bytes, ...]:
    """The file of the sample mail."""
    message = parse((SAMPLES.parents[1] / "mail" / "samples" / "winmail.eml").read_bytes())
    return tuple(one.content for one in message.attachments)


_WORDS_OF_OCR = (
    b"5\t1\t1\t1\t1\t1\t100\t50\t80\t30\t96.5\tS\xe1\xbb\x91:\n5\t1\t1\t1\t1\t2\t400\t50\t90\t31\t-1\t12\n"
)
TARGETS = {
    "rtf": Target(
        _rtf,
        _samples("rtf/*", 22_000),
        (
            "{\\rtf1", "\\ansi", "\\ansicpg1258", "\\u7844?", "\\uc0", "\\uc99999", "\\'e1", "\\par", "\\cell",
            "\\row",
            "\\trowd", "\\intbl", "{\\*\\", "{\\fonttbl", "{\\f0 .VnTime;}", "{\\header ", "{\\footnote ",
            "{\\pict\\pngblip ",
            "\\bin99999999 ", "{\\field{\\*\\fldinst ", "{\\info{\\title ", "{\\object", "\\v ", "\\deleted",
            "\\htmlrtf",
            "{\\*\\htmltag64 <p>}", "\\nestcell", "\\nestrow", "\\u-999999999", "}",
        ),
        30_000,
    ),
    "tnef": Target(
        _tnef,
        (*_samples("tnef/*", 40_000), *_winmail()),
        (
            b"\x78\x9f\x3e\x22", b"\x01\x03\x90\x06\x00", b"\x02\x02\x90\x06\x00", b"\x02\x05\x90\x06\x00",
            b"\x02\x0f\x80\x06\x00", b"\x01\x04\x80\x01\x00", b"\x01\x0c\x80\x02\x00", b"\x1e\x00\x37\x00",
            b"\x1f\x00\x00\x10", b"\x02\x01\x09\x10", b"\x02\x01\x13\x10", b"\x0d\x00\x01\x37", b"\xff\xff\xff\xff",
        ),
        40_000,
    ),
    "zip": Target(
        _zip,
        (*_samples("zip/*", 6000), *_volumes()),
        (
            b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08",
            b"\xff\xff\xff\xff",
            b"\x01\x00\x10\x00", b"\x08\x00", b"\x0c\x00", b"\x0e\x00", b"\x5f\x00", b"up", b"../", MARK, "a.z01",
            "a.zip", ".part1.rar", ".r00", ".zip.001", b"Rar!\x1a\x07\x01\x00",
        ),
    ),
    "kinds": Target(
        _kinds,
        (
            *_samples("*/*", 9000), b"From a Mon\nSubject: x\n\ny",
            b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n",
        ),
        (
            b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-", b"{\\rtf", b"<?xml", b"<html",
            b"<office:document",
            b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"ustar", b"word/", b"xl/",
            b"ppt/",
            b"mimetype", b"From ", b"Received: ", b"\xff\xfe", b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
            b"BEGIN:VCARD",
            "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", b"\x78\x9f\x3e\x22",
        ),
        24_000,
    ),
    "text": Target(
        _text,
        (
            *(b"\0" + one for one in _samples("txt/*")), *(b"\1" + one for one in _samples("html/*")),
            *(b"\2" + one for one in _samples("xml/*")), *(b"\3" + one for one in _samples("eml/*", 9000)),
            *(b"\4" + one for one in _samples("mbox/*", 9000)),
            b"\6BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:H\xe1\xbb\x8dp\nEND:VEVENT\nEND:VCALENDAR\n",
        ),
        (
            "\nFrom a@b Mon Jan 1\n", "Content-Type: multipart/mixed; boundary=b\n", "\n--b\n", "<Signature xmlns=",
            "X509Certificate>", "data:image/png;base64,", "<table>", "<td>", "<!--", b"\xff\xfe", b"\xef\xbb\xbf",
            "&#x",
            "message/rfc822", "application/pkcs7-signature", "BEGIN:VEVENT", "QUOTED-PRINTABLE",
        ),
    ),
    "wire": Target(
        _wire,
        (*_packets(), _WORDS_OF_OCR),
        ("\n%%file\n", "Enquiry", "Content", "Ask", "Wanted", "Answers", "Statistics", "type", "\n5\t", "\t", "nan",
        "1e999"),
        8000,
    ),
}  # fmt: skip
