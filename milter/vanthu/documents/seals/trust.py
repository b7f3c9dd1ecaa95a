"""The folder of authorities (``documents.trust``): certificates and revocation lists, PEM or DER, one or many a file.

Read once, at start and reload: what is signed must be judged alike by all processes. A file that is neither, a
certificate of somebody who may not sign certificates, and a revocation list that no authority of the folder has
signed are errors with the file's name. Hidden files are passed over. Revocation lists are fetched by the operator's
own means; nothing is fetched here.
"""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from ...errors import Problem, Problems
from ..model import Trust

_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----\s([A-Za-z0-9+/=\s]+?)-----END \1-----")
_CERTIFICATES = (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE")
_LARGEST = 64 << 20


def load(folder: Path) -> Trust:
    """What is trusted; Problems with everything that is wrong in the folder, and for an empty one."""
    problems: list[Problem] = []
    authorities: dict[bytes, x509.Certificate] = {}
    lists: dict[bytes, tuple[Path, x509.CertificateRevocationList]] = {}
    try:
        files = sorted(one for one in folder.iterdir() if one.is_file() and not one.name.startswith("."))
    except OSError as error:
        raise Problems([_problem(folder, f"cannot be read: {error.strerror}")]) from None
    for file in files:
        try:
            for one in _read(file):
                if isinstance(one, x509.Certificate):
                    authorities[one.public_bytes(Encoding.DER)] = one
                else:
                    lists[one.public_bytes(Encoding.DER)] = (file, one)
        except (ValueError, OSError) as error:
            problems.append(_problem(file, str(error)))
    for file, one in lists.values():
        if not any(_made(authority, one) for authority in authorities.values()):
            problems.append(_problem(file, "no authority of this folder has signed this revocation list"))
    if not authorities and not problems:
        problems.append(_problem(folder, "no certificate of an authority; put one in, or unset documents.trust"))
    if problems:
        raise Problems(problems)
    return Trust(tuple(authorities), tuple(lists))


def _problem(path: Path, message: str) -> Problem:
    return Problem(str(path), 0, 0, "error", message)


def _read(file: Path) -> list[x509.Certificate | x509.CertificateRevocationList]:
    """ValueError with what is wrong."""
    if file.stat().st_size > _LARGEST:
        raise ValueError("too large for certificates or a revocation list")
    octets = file.read_bytes()
    blocks = _BLOCK.findall(octets)
    if not blocks:
        return [_one(octets)]
    try:
        return [_one(base64.b64decode(body), label in _CERTIFICATES) for label, body in blocks]
    except binascii.Error:
        raise ValueError("PEM that is no base64") from None


def _one(octets: bytes, certificate: bool | None = None) -> x509.Certificate | x509.CertificateRevocationList:
    if certificate is not False:
        try:
            found = x509.load_der_x509_certificate(octets)
        except ValueError:
            if certificate:
                raise ValueError("a certificate that cannot be read") from None
        else:
            if not _may_sign_certificates(found):
                raise ValueError(f"{found.subject.rfc4514_string()} is no authority (basicConstraints)")
            return found
    try:
        return x509.load_der_x509_crl(octets)
    except ValueError:
        raise ValueError("neither certificates nor a revocation list; remove it from this folder") from None


def _may_sign_certificates(certificate: x509.Certificate) -> bool:
    """By basicConstraints; a root of old that has no extensions counts (RFC 5280 §6.1 asks none of anchors)."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return certificate.issuer == certificate.subject
    return constraints.value.ca


def _made(authority: x509.Certificate, revoked: x509.CertificateRevocationList) -> bool:
    if authority.subject != revoked.issuer:
        return False
    try:
        return revoked.is_signature_valid(authority.public_key())  # type: ignore[arg-type]
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
