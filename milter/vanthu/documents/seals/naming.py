"""Whom a signature names: common name and organization of the signer's certificate, and the time that it states.

Nothing is verified here. Certificates are read by asn1crypto (MIT). None where nothing can be read; never raises.
"""

from __future__ import annotations

import base64
import binascii
import unicodedata
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

from asn1crypto import cms, x509

from ...harmless import one_line

_LONGEST = 200
_LONGEST_CERTIFICATE = 12_000  # characters of base64
_MOST = 50


class Signer(NamedTuple):
    """``name`` is the common name, ``organization`` the O of the subject (RFC 5280 §4.1.2.6)."""

    name: str | None = None
    time: str | None = None
    organization: str | None = None


NOBODY = Signer()


def of_certificate(certificate: x509.Certificate) -> Signer:
    """The subject. A name that is there several times is the last, most special one."""
    try:
        named = certificate.subject.native
        return Signer(_text(named.get("common_name")), organization=_text(named.get("organization_name")))
    except Exception:
        return NOBODY


def of_base64(text: str | bytes) -> Signer:
    """The same for the text of an ``X509Certificate`` element; nobody, where it is longer than certificates are."""
    if len(text) > _LONGEST_CERTIFICATE:  # asn1crypto takes quadratic time for what is none
        return NOBODY
    try:
        return of_certificate(x509.Certificate.load(base64.b64decode(text, validate=False)))
    except (binascii.Error, ValueError, RecursionError):
        return NOBODY


def of_cms(octets: bytes) -> list[Signer]:
    """Everybody who signed a CMS message (RFC 5652 §5.3), by the certificates that it carries; at most fifty."""
    try:
        message = cms.ContentInfo.load(octets)
        if message["content_type"].native != "signed_data":
            return []
        signed = message["content"]
        certificates = certificates_of(signed)
        return [of_information(one, certificates) for one in islice(signed["signer_infos"], _MOST)]
    except Exception:  # asn1crypto raises whatever broken octets lead it to
        return []


def of_information(information: cms.SignerInfo, certificates: list[x509.Certificate]) -> Signer:
    """One of those who signed."""
    found = certificate_of(information, certificates)
    signer = NOBODY if found is None else of_certificate(found)
    return signer._replace(time=written(stated_time(information)))


def certificates_of(signed: cms.SignedData) -> list[x509.Certificate]:
    """The certificates that a message carries, at most a hundred."""
    try:
        carried = islice(signed["certificates"], 2 * _MOST)
        return [one.chosen.untag() for one in carried if one.name == "certificate"]
    except Exception:
        return []


def certificate_of(information: cms.SignerInfo, certificates: list[x509.Certificate]) -> x509.Certificate | None:
    """The signer's certificate among those that the message carries."""
    try:
        return next((one for one in certificates if _is_of(one, information["sid"])), None)
    except Exception:
        return None


def stated_time(information: cms.SignerInfo) -> datetime | None:
    """The signing-time attribute (RFC 5652 §11.3)."""
    try:
        for attribute in information["signed_attrs"]:
            if attribute["type"].native == "signing_time":
                value = attribute["values"][0].native
                return value if isinstance(value, datetime) and value.tzinfo is not None else None
    except Exception:
        return None
    return None


def written(moment: datetime | None) -> str | None:
    """A time as RFC 3339, UTC."""
    if moment is None:
        return None
    try:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return None


def _is_of(certificate: x509.Certificate, identifier: cms.SignerIdentifier) -> bool:
    if identifier.name == "issuer_and_serial_number":
        chosen = identifier.chosen
        same: bool = chosen["serial_number"].native == certificate.serial_number
        return same and chosen["issuer"] == certificate.issuer
    return bool(identifier.native == certificate.key_identifier)


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[-1] if value else None
    if not isinstance(value, str):
        return None
    return unicodedata.normalize("NFC", one_line(value))[:_LONGEST] or None
