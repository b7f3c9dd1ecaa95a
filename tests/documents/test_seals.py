"""Signatures are noted with signer and time, and what a visible one says is text."""

from __future__ import annotations

from pathlib import Path

import pytest

from vanthu.documents.certificates import signer_of
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read

SAMPLES = Path(__file__).parent / "samples"
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
    assert signer_of(octets) is None
