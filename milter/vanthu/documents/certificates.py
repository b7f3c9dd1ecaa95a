"""Who a certificate names (X.509, RFC 5280 §4.1.2.6): the common name of the subject. Nothing is verified here.

A look at octets, not a parser: the subject stands behind the validity, whose times have a form of their own. Bounded,
linear; None where no name is found.
"""

from __future__ import annotations

import base64
import binascii
import re

# UTCTime or GeneralizedTime, twice: notBefore and notAfter.
_VALIDITY = re.compile(rb"(?:\x17\x0d[0-9]{12}Z|\x18\x0f[0-9]{14}Z){2}")
_COMMON_NAME = b"\x06\x03\x55\x04\x03"
_TEXT = {0x0C: "utf-8", 0x13: "ascii", 0x16: "ascii", 0x14: "latin-1", 0x1E: "utf-16-be"}
_LOOK = 4096


def signer_of(der: bytes) -> str | None:
    """The subject of the first certificate in ``der`` (a certificate, or a CMS message that carries some)."""
    found = _VALIDITY.search(der[: 1 << 20])
    if found is None:
        return None
    return _common_name(der[found.end() : found.end() + _LOOK])


def signer_of_base64(text: str) -> str | None:
    """The same for the text of an ``X509Certificate`` element."""
    try:
        return signer_of(base64.b64decode(text, validate=False))
    except (binascii.Error, ValueError):
        return None


def _common_name(subject: bytes) -> str | None:
    at = subject.find(_COMMON_NAME)
    if at < 0 or len(subject) < at + 7:
        return None
    kind, size = subject[at + 5], subject[at + 6]
    start = at + 7
    if size == 0x81 and len(subject) > start:
        size, start = subject[start], start + 1
    encoding = _TEXT.get(kind)
    if encoding is None or size > 0x80 + 0x7F:
        return None
    name = subject[start : start + size].decode(encoding, "replace").strip()
    return name or None
