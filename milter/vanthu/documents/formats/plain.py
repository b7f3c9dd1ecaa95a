"""txt, csv, xml, json and other plain text: read by our own decoders.

The charset is found by content (byte order marks, UTF-8, UTF-16, windows-1258, VISCII, East Asian and Cyrillic ones);
TCVN3, VNI and VIQR are recognised and turned into Unicode. XML is read as text without its tags; XML signatures
(XML-DSig) are noted. Not read: text that is base64 or otherwise encoded.
"""

from __future__ import annotations

import re

from ...mail.charsets import decode_bytes
from ..certificates import signer_of_base64
from ..model import Seal
from ..work import Found

TYPES = ("text/plain", "text/csv", "application/xml", "image/svg+xml")
_TAG = re.compile(r"<[^<>]{0,4000}>")
_XMLDSIG = b"http://www.w3.org/2000/09/xmldsig#"
_CERTIFICATE = re.compile(rb"X509Certificate>([^<]{100,20000})<")
_MOST_OCTETS = 4


def read(content: bytes, found: Found) -> None:
    """At most four octets a character of the limit are decoded."""
    most = found.work.limits.max_text * _MOST_OCTETS
    text = decode_bytes(content[:most], None)[0]
    if found.type in ("application/xml", "image/svg+xml"):
        if _XMLDSIG in content[:most]:
            certificate = _CERTIFICATE.search(content[:most])
            signer = signer_of_base64(certificate[1].decode("ascii", "replace")) if certificate else None
            found.seals.append(Seal("xmldsig", "present", signer))
        text = _TAG.sub("\n", text)
    found.add(text)
    if len(content) > most:
        found.flaw("too_large")
