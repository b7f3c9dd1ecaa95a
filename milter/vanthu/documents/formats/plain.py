"""txt, csv, xml, json and other plain text: read by our own decoders.

The charset is found by content (byte order marks, UTF-8, UTF-16, windows-1258, VISCII, East Asian and Cyrillic ones);
TCVN3, VNI and VIQR are recognised and turned into Unicode. XML is read as text without its tags; XML signatures
(XML-DSig) are noted with signer and time. Not read: text that is base64 or otherwise encoded.
"""

from __future__ import annotations

import re

from ...mail.charsets import decode_bytes
from ..model import Seal
from ..seals import xmldsig
from ..work import Found

TYPES = ("text/plain", "text/csv", "application/xml", "image/svg+xml")
_TAG = re.compile(r"<[^<>]{0,4000}>")
_MOST_OCTETS = 4


def read(content: bytes, found: Found) -> None:
    """At most four octets a character of the limit are decoded."""
    most = found.work.limits.max_text * _MOST_OCTETS
    text = decode_bytes(content[:most], None)[0]
    # E-invoices come without their declaration; a text that only names the namespace has no tags to lose.
    signed = xmldsig.NAMESPACE in content[:most] and text.lstrip("\ufeff \t\r\n").startswith("<")
    if signed or found.type in ("application/xml", "image/svg+xml"):
        text = _TAG.sub("\n", text)
    try:
        found.add(text)
        if len(content) > most:
            found.flaw("too_large")
    finally:  # once the text is safe: the look for signatures ends when time is up
        if signed:
            signers = xmldsig.signers(content[:most], found.work)
            found.seals.extend(Seal("xmldsig", "present", *who) for who in signers)
