"""Signatures that a mail carries (contract: ``signatures``): presence by form, and what the readers of documents say.

S/MIME (RFC 8551): ``application/pkcs7-signature`` or an opaque ``application/pkcs7-mime; smime-type=signed-data``.
OpenPGP (RFC 3156, RFC 9580): ``application/pgp-signature`` or armour in the text. PDF (ISO 32000-2 §12.8): a
signature dictionary with a ``/ByteRange``. Office Open XML: the relationship part ``_xmlsignatures``.
"""

from __future__ import annotations

from ..mail.message import Attachment, Message
from .attachments import Extracted, every, extractions
from .model import Signature

_SMIME = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_OPAQUE = ("application/pkcs7-mime", "application/x-pkcs7-mime")


def find(message: Message, extracted: Extracted) -> tuple[Signature, ...]:
    """Every signature that is there. None is checked here: ``present``, unless a reader knows better."""
    found = [signature for one in every(message) if (signature := _of(one)) is not None]
    if any("-----BEGIN PGP SIGNATURE-----" in body.text for body in message.bodies):
        found.append(Signature("pgp", "body"))
    for where, read in extractions(extracted):
        for seal in read.seals:
            found = [one for one in found if (one.kind, one.where, one.status) != (seal.kind, where, "present")]
            found.append(Signature(seal.kind, where, seal.status))
    return tuple(found)


def _of(one: Attachment) -> Signature | None:
    declared = one.declared.lower()
    if declared.startswith(_SMIME) or (declared.startswith(_OPAQUE) and "signed-data" in declared):
        return Signature("smime", one.where)
    if declared.startswith("application/pgp-signature"):
        return Signature("pgp", one.where)
    if one.type == "application/pdf" and b"/ByteRange" in one.content and b"/Sig" in one.content:
        return Signature("pdf", one.where)
    if one.type.startswith("application/vnd.openxmlformats") and b"_xmlsignatures/" in one.content:
        return Signature("ooxml", one.where)
    if one.type.endswith("xml") and b"http://www.w3.org/2000/09/xmldsig#" in one.content:
        return Signature("xmldsig", one.where)
    return None
