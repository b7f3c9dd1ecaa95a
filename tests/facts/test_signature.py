"""Signatures as facts: every kind by its form, what readers of documents add, and what they cover."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from support.attached import LETTER, docx, mail
from support.authority import Authority, sign_mail
from vanthu.documents.model import Extraction, Member, Seal, Text
from vanthu.facts import signature
from vanthu.facts.attachments import readings
from vanthu.mail.limits import MailLimits
from vanthu.mail.parse import parse

WHO = Authority("Root CA").issue("A")
ARMOUR = b"-----BEGIN PGP SIGNATURE-----\n\niHUEARYKAB0WIQRnRq\n-----END PGP SIGNATURE-----\n"


def found(raw: bytes, **extracted: Extraction) -> list[tuple[str, str, str]]:
    read = {key.replace("_", ":"): value for key, value in extracted.items()}
    return [(one.kind, one.where, one.status) for one in signature.find(parse(raw, MailLimits()), read)]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", b"%PDF-1.4 /Type /Sig /ByteRange [0 1 2 3]", "pdf"),
        ("hd.xml", b'<HDon><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></HDon>', "xmldsig"),
        ("a.pdf.asc", ARMOUR, "pgp"),
        ("a.pdf.sig", bytes.fromhex("88750400160a001d") + bytes(111), "pgp"),
        ("smime.p7s", None, "smime"),
    ],
)
def test_presence_by_form(name: str, content: bytes | None, kind: str) -> None:
    raw = (
        mail("a@b.vn", "x", (name, content))
        if content is not None
        else sign_mail(b"Content-Type: text/plain\n\nx", WHO)
    )
    assert [(one[0], one[2]) for one in found(raw)] == [(kind, "present")]


def test_nothing_where_there_is_none() -> None:
    assert found(mail("a@b.vn", "x", ("a.docx", docx(*LETTER)), ("a.sig", b"Best regards"), ("a.asc", b"text"))) == []


def test_armour_in_the_text() -> None:
    text = b"-----BEGIN PGP SIGNED MESSAGE-----\n\nxin chao\n" + ARMOUR
    assert found(b"Subject: x\n\n" + text) == [("pgp", "body", "present")]


def test_what_a_reader_says_takes_the_place_of_the_form() -> None:
    raw = mail("a@b.vn", "x", ("a.pdf", b"%PDF-1.4 /Type /Sig /ByteRange [0 1 2 3]"))
    seals = (
        Seal("pdf", "valid", "A", "2026-11-20T10:11:12Z", "O"),
        Seal("pdf", "invalid", "B", reason="altered_after"),
    )
    one, two = signature.find(parse(raw, MailLimits()), {"attachment:1": Extraction("application/pdf", seals=seals)})
    assert (one.status, one.reason, one.signer, one.organization, one.time) == (
        "valid", None, "A", "O", "2026-11-20T10:11:12Z",
    )  # fmt: skip
    assert (two.status, two.reason, two.signer) == ("invalid", "altered_after", "B")


def covered(raw: bytes, read: dict[str, Extraction]) -> set[str]:
    message = parse(raw, MailLimits())
    return set(signature.covered(message, signature.find(message, read), readings(message, read)))


TEXT = (Text("Số: 1017/UBND-VX"),)


@pytest.mark.parametrize(("status", "expected"), [("valid", {"attachment:1", "attachment:1/1"}), ("invalid", set())])
def test_a_signed_file_with_all_that_is_inside(status, expected: set[str]) -> None:
    raw = mail("a@b.vn", "x", ("a.p7m", b"x"), ("b.pdf", b"%PDF-1.4"))
    inside = Member("a.pdf", 1, "0" * 64, Extraction("application/pdf", None, TEXT))
    signed = Extraction("application/pkcs7-mime", None, TEXT, (inside,), (Seal("smime", status),))
    assert (
        covered(raw, {"attachment:1": signed, "attachment:2": Extraction("application/pdf", None, TEXT)}) == expected
    )


@pytest.mark.parametrize("options", [(), ("-nodetach",)])
@pytest.mark.parametrize(("status", "count"), [("valid", 2), ("unverifiable", 2), ("invalid", 0)])
def test_a_signed_mail_with_all_that_was_signed(options: tuple[str, ...], status, count: int) -> None:
    entity = mail("a@b.vn", "x", ("a.docx", docx(*LETTER)))
    entity = entity[entity.index(b"MIME-Version") :]
    raw = b"Subject: x\r\nFrom: a@b.vn\r\n" + sign_mail(entity, WHO, *options)
    last = parse(raw, MailLimits()).attachments[-1].where
    read = {
        "attachment:1": Extraction("x", None, TEXT),
        last: Extraction("application/pkcs7-signature", seals=(Seal("smime", status),)),
    }
    assert len(covered(raw, read)) == count
    assert ("body" in covered(raw, read)) is bool(count)


def test_time_is_left_as_it_is_stated() -> None:
    """It may be from before our time, in any zone: nothing is made of it."""
    raw = mail("a@b.vn", "x", ("a.xml", b"<x/>"))
    seal = Seal("xmldsig", time="2026-11-20T10:11:12+07:00")
    (one,) = signature.find(parse(raw, MailLimits()), {"attachment:1": Extraction("application/xml", seals=(seal,))})
    assert one.time == "2026-11-20T10:11:12+07:00"
    assert datetime.fromisoformat(one.time) < datetime(2027, 1, 1, tzinfo=UTC)
