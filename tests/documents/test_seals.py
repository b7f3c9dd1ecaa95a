"""Signatures are noted with signer and time, and what a visible one says is text."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path

import pytest

from support.authority import Authority
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read
from vanthu.documents.seals import naming

SAMPLES = Path(__file__).parent / "samples"
ODT = SAMPLES / "odt" / "odfpy.odt"
SIGNER = "Ủy ban nhân dân tỉnh Quảng Ngãi"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pdf/signed-visible.pdf", "pdf"),
        ("pdf/signed-invisible.pdf", "pdf"),
        ("docx/signed-xmldsig.docx", "ooxml"),
        ("xml/signed-xmldsig.xml", "xmldsig"),
        ("p7m/signed-cms.docx.p7m", "smime"),
    ],
)
def test_a_signature_is_noted(name: str, kind: str) -> None:
    found = read((SAMPLES / name).read_bytes(), name, DocumentLimits())
    assert [(seal.kind, seal.status, seal.signer) for seal in found.seals] == [(kind, "present", SIGNER)]


def test_the_time_is_what_the_signature_states() -> None:
    found = read((SAMPLES / "docx" / "signed-xmldsig.docx").read_bytes(), None, DocumentLimits())
    assert found.seals[0].time == "2024-03-26T08:00:00Z"


def test_a_visible_signature_is_text() -> None:
    found = read((SAMPLES / "pdf" / "signed-visible.pdf").read_bytes(), None, DocumentLimits())
    assert f"Ký bởi: {SIGNER}" in found.texts[0].text


@pytest.mark.parametrize(
    "octets", [b"", b"\x30\x82", bytes(5000), b"\x17\x0d200101000000Z" * 2 + b"\x06\x03\x55\x04\x03"]
)
def test_what_is_no_certificate_names_nobody(octets: bytes) -> None:
    assert naming.of_base64(base64.b64encode(octets)) == naming.NOBODY
    assert naming.of_base64(octets) == naming.NOBODY
    assert naming.of_cms(octets) == []


INVOICE = """<HDon><DLHDon Id="x">hoá đơn</DLHDon><DSCKS><NBan>{0}</NBan><CQT>{1}</CQT></DSCKS></HDon>"""
SIGNATURE = """<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/><ds:SignatureValue>x
</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509SubjectName>CN=X</ds:X509SubjectName><ds:X509Certificate>{0}
</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object><ds:SignatureProperties><ds:SignatureProperty Target="x">
<SigningTime>{1}</SigningTime></ds:SignatureProperty></ds:SignatureProperties></ds:Object></ds:Signature>"""


def test_each_signature_of_an_invoice_with_its_own_time() -> None:
    """The seller signs, then the tax office."""
    root = Authority("CA")
    seller, office = root.issue("CÔNG TY A", organization="A"), root.issue("CỤC THUẾ", organization="TCT")
    parts = [
        SIGNATURE.format(base64.b64encode(who.der).decode(), time)
        for who, time in ((seller, "2026-11-20T10:11:12"), (office, "hôm qua"))
    ]
    raw = INVOICE.format(*parts).encode()
    found = read(raw, "hd.xml", DocumentLimits())
    assert [(one.kind, one.status, one.signer, one.organization, one.time) for one in found.seals] == [
        ("xmldsig", "present", "CÔNG TY A", "A", "2026-11-20T10:11:12"),
        ("xmldsig", "present", "CỤC THUẾ", "TCT", None),
    ]
    cut = read(raw[: raw.index(b"<CQT>") + 300], "hd.xml", DocumentLimits())
    assert [one.signer for one in cut.seals] == ["CÔNG TY A"]


def test_opendocument(tmp_path: Path) -> None:
    who = Authority("CA").issue("Sở Y tế")
    sealed = SIGNATURE.format(base64.b64encode(who.der).decode(), "").replace("SigningTime", "dc:date", 2)
    sealed = sealed.replace("<dc:date>", '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2026-11-20T10:11:12,5')
    with zipfile.ZipFile(tmp_path / "a.odt", "w") as package:
        for name in zipfile.ZipFile(ODT).namelist():
            package.writestr(name, zipfile.ZipFile(ODT).read(name))
        package.writestr("META-INF/documentsignatures.xml", f"<document-signatures>{sealed}</document-signatures>")
    (seal,) = read((tmp_path / "a.odt").read_bytes(), None, DocumentLimits()).seals
    assert (seal.kind, seal.signer, seal.time) == ("xmldsig", "Sở Y tế", "2026-11-20T10:11:12,5")
