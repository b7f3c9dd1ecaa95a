"""p7m and p7s (CMS, RFC 5652): an opaque signature around a file, by the project's own reader of CMS.

The signed file is a member; everybody who signed is noted, and checked where the settings name authorities. Detached
signatures have no file here: what a mail's own signature is over is in the mail. Encrypted messages
(``enveloped-data``) are ``encrypted``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from ...mail.cms import signed_content
from ..model import Seal
from ..seals import naming
from ..work import Found, Stop

TYPES = ("application/pkcs7-mime",)
_ENVELOPED = bytes.fromhex("06092a864886f70d010703")


def read(content: bytes, found: Found) -> None:
    """DER, or the same in PEM."""
    if content.startswith(b"-----BEGIN"):
        content = _from_pem(content)
    if _ENVELOPED in content[:40]:
        raise Stop("encrypted")
    signed = signed_content(content)
    if signed is None:
        signers = found.work.signatures.named(content) or [naming.NOBODY]
        found.seals.extend(Seal("smime", "present", *who) for who in signers)
        return
    try:
        name = found.name[:-4] if found.name and found.name.lower().endswith(".p7m") else None
        found.work.member(found, name, signed, hashlib.sha256(signed).hexdigest())
    finally:
        found.seals.extend(found.work.signatures.cms(content, None))


def _from_pem(content: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(content.split(b"-----")[2].split()))
    except (IndexError, binascii.Error, ValueError):
        raise Stop("malformed") from None
