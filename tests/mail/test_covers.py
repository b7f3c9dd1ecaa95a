"""What a signature of a mail is over: its octets, exactly, and the places of what they carry."""

from __future__ import annotations

import pytest

from support.authority import Authority, sign_mail
from vanthu.mail.cms import signed_entity
from vanthu.mail.limits import MailLimits
from vanthu.mail.message import Attachment
from vanthu.mail.parse import parse

PART = b"Content-Type: text/plain\r\n\r\nxin ch\xc3\xa0o  \r\n"
FILE = b"Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-1.4\r\n"
SIGNATURE = (
    b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n"
)
WHO = Authority("Root CA").issue("A")


def multipart(kind: bytes, *parts: bytes, boundary: bytes = b"=b=") -> bytes:
    inner = b"".join(b"--" + boundary + b"\r\n" + one + b"\r\n" for one in parts)
    return b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n%s--%s--\r\n' % (kind, boundary, inner, boundary)


def signatures(raw: bytes) -> list[Attachment]:
    return [one for one in parse(raw, MailLimits()).attachments if "signature" in one.type or one.covers]


def test_the_octets_between_the_delimiters() -> None:
    """RFC 1847 §2.1: the line end before the delimiter belongs to the delimiter."""
    (one,) = signatures(multipart(b"signed", PART, SIGNATURE))
    assert bytes(one.over or b"") == PART
    assert one.covers == ("body",)


def test_files_in_the_signed_part_are_covered() -> None:
    signed = multipart(b"mixed", PART, FILE, boundary=b"in")
    (one,) = signatures(multipart(b"signed", signed, SIGNATURE))
    assert bytes(one.over or b"") == signed
    assert one.covers == ("attachment:1", "body")
    assert one.where == "attachment:2"


def test_what_stands_beside_it_is_not() -> None:
    """A text or file put around a signed part must not borrow its signature."""
    raw = multipart(b"mixed", multipart(b"signed", PART, SIGNATURE), b"\r\nforged", FILE, boundary=b"out")
    (one,) = signatures(raw)
    assert one.covers == ()
    (one,) = signatures(multipart(b"signed", PART, SIGNATURE, b"\r\nforged"))
    assert one.covers == ()
    raw = multipart(b"mixed", multipart(b"signed", FILE, SIGNATURE), FILE, boundary=b"out")
    assert signatures(raw)[0].covers == ("attachment:1",)


def test_only_the_second_part_is_the_signature() -> None:
    raw = multipart(b"mixed", PART, SIGNATURE)
    assert [(one.over, one.covers) for one in signatures(raw)] == [(None, ())]
    first, second = signatures(multipart(b"signed", PART, SIGNATURE, SIGNATURE))
    assert (first.over is not None, second.over) == (True, None)
    (one,) = signatures(multipart(b"signed", SIGNATURE))
    assert one.over is None


def test_a_nested_message_has_its_own() -> None:
    inner = b"Subject: x\r\n" + multipart(b"signed", PART, SIGNATURE, boundary=b"in")
    raw = multipart(b"mixed", PART, b"Content-Type: message/rfc822\r\n\r\n" + inner)
    nested = parse(raw, MailLimits()).attachments[0].message
    assert nested is not None
    (one,) = nested.attachments
    assert one.covers == ("attachment:1",)
    assert bytes(one.over or b"") == PART


@pytest.mark.parametrize(
    ("content", "shown"), [(PART, True), (b"%PDF-1.7\n1 0 obj\n", False), (b"Kinh gui: cac so\n", False)]
)
def test_a_signed_file_is_no_mail(content: bytes, shown: bool) -> None:
    """hop-dong.pdf.p7m: the file is read by the readers of documents, not shown as text."""
    der = sign_mail(content, WHO, "-binary", "-nodetach", "-outform", "DER")
    assert (signed_entity(der) is not None) is shown
    raw = b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=a.p7m\r\n\r\n" + der
    message = parse(raw, MailLimits())
    assert bool(message.bodies) is shown
    assert [one.type for one in message.attachments] == ["application/pkcs7-mime"]
    assert message.attachments[0].covers == (("body",) if shown else ())
