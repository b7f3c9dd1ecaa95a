"""Whom a certificate names, whatever its octets are."""

from __future__ import annotations

import base64
import time

from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read
from vanthu.documents.seals.naming import NOBODY, of_base64

TAG_WITHOUT_END = base64.b64encode(b"\xff" * 400_000)


def test_a_certificate_that_is_none_costs_nothing() -> None:
    """The library takes quadratic time for a tag without end: half a minute, and the text was lost."""
    before = time.process_time()
    assert of_base64(TAG_WITHOUT_END) == NOBODY
    invoice = (
        b"<?xml version='1.0'?><a xmlns='http://www.w3.org/2000/09/xmldsig#'>M\xe1\xba\xacT<Signature><KeyInfo><X509Data>"
        b"<X509Certificate>" + TAG_WITHOUT_END + b"</X509Certificate></X509Data></KeyInfo></Signature></a>"
    )
    found = read(invoice, "a.xml", DocumentLimits(ocr="off"))
    assert time.process_time() - before < 3
    assert found.texts[0].text.startswith("MẬT")
    assert [(seal.kind, seal.signer) for seal in found.seals] == [("xmldsig", None)]
