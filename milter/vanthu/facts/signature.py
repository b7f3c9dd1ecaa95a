"""Signatures that a mail carries (contract: ``signatures``): presence by form, and what the readers of documents say.

S/MIME (RFC 8551): ``application/pkcs7-signature``, or an opaque ``application/pkcs7-mime`` that holds signed data.
OpenPGP (RFC 3156, RFC 9580): ``application/pgp-signature``, armour in the text, or a signature in a file of its own
(.asc, .sig). PDF (ISO 32000-2 §12.8): a signature dictionary with a ``/ByteRange``. Office Open XML: the relationship
part ``_xmlsignatures``. XML-DSig in XML files (e-invoices, citizens' applications) and OpenDocument.

Signer, organization and time are what the signature says of itself; so they are worth no more than its ``status``.
S/MIME and PDF are checked where the settings name authorities (``documents.trust``); docs/documents.md has the
reasons.

| part | found |
|---|---|
| ``smime.p7s`` of type ``application/pkcs7-signature`` | ``smime`` |
| ``smime.p7m`` that holds signed data, whatever ``smime-type`` says | ``smime`` |
| ``smime.p7m`` that is encrypted | nothing |
| ``-----BEGIN PGP SIGNATURE-----`` in the body | ``pgp`` |
| a text that is named ``note.sig`` and is no signature | nothing |
| a picture of a signature or a stamp, a name below the letter | nothing |

Not seen: a signature that is kept elsewhere (a link to a portal, the number of a certificate in words); a picture of
a signature is a picture; who really holds a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..documents.model import Seal
from ..mail import openpgp
from ..mail.cms import SIGNED_DATA
from ..mail.message import Attachment, Message
from .attachments import Extracted, every, extractions
from .model import Signature
from .reading import Reading

_SMIME = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_OPAQUE = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_PGP_NAMES = (".asc", ".sig", ".sign", ".gpg", ".pgp")
_ARMOUR = "-----BEGIN PGP SIGNATURE-----"


def find(message: Message, extracted: Extracted) -> tuple[Signature, ...]:
    """Every signature that is there, as its form shows it, or as a reader of documents has found it."""
    found = [signature for one in every(message) if (signature := _of(one)) is not None]
    for body in message.bodies:
        if _ARMOUR in body.text:
            found.append(_pgp("body", openpgp.of_armour(body.text[body.text.rindex(_ARMOUR) :])))
            break
    for where, read in extractions(extracted):
        if read.seals:
            kinds = {seal.kind for seal in read.seals}
            found = [one for one in found if one.where != where or one.kind not in kinds]
            found.extend(_sealed(where, seal) for seal in read.seals)
    return tuple(found)


def covered(message: Message, signatures: Iterable[Signature], readings: Sequence[Reading]) -> frozenset[str]:
    """The places of texts that a signature which is not invalid is over: the file that it is in, with all that is
    inside; of S/MIME and PGP/MIME, what was signed of the mail."""
    over = {one.where: one.covers for one in every(message) if one.covers}
    places: set[str] = set()
    for one in signatures:
        if one.status != "invalid":
            places.add(one.where)
            places.update(over.get(one.where, ()))
    if not places:
        return frozenset()
    return frozenset(
        reading.where for reading in readings if any(_within(reading.where, place) for place in places)
    )  # fmt: skip


def _within(where: str, place: str) -> bool:
    return where == place or where.startswith(place + "/")


def _sealed(where: str, seal: Seal) -> Signature:
    return Signature(seal.kind, where, seal.status, seal.reason, seal.signer, seal.organization, seal.time)


def _pgp(where: str, said: openpgp.Said) -> Signature:
    return Signature("pgp", where, signer=said.signer, time=said.time)


def _of(one: Attachment) -> Signature | None:
    declared = one.declared.lower()
    if declared.startswith(_SMIME) or (declared.startswith(_OPAQUE) and SIGNED_DATA in one.content[:40]):
        return Signature("smime", one.where)
    named = one.name is not None and one.name.lower().endswith(_PGP_NAMES)
    certain = declared.startswith("application/pgp-signature") or one.type == "application/pgp-signature"
    if named or certain:
        said = openpgp.of_octets(one.content)
        if said is not None or certain:
            return _pgp(one.where, said or openpgp.NOTHING)
    return _in_file(one)


def _in_file(one: Attachment) -> Signature | None:
    if one.type == "application/pdf" and b"/ByteRange" in one.content and b"/Sig" in one.content:
        return Signature("pdf", one.where)
    if one.type.startswith("application/vnd.openxmlformats") and b"_xmlsignatures/" in one.content:
        return Signature("ooxml", one.where)
    if (
        one.type.endswith("xml") or one.content[:200].lstrip().startswith(b"<")
    ) and b"http://www.w3.org/2000/09/xmldsig#" in one.content:
        return Signature("xmldsig", one.where)
    return None
