"""An authority of our own, and people with its certificates: to sign PDF files (pyHanko) and mail (openssl).

authority = Authority("Root CA")
who = authority.issue("Ủy ban nhân dân tỉnh Quảng Ngãi", organization="UBND tỉnh")
sign_pdf(content, who);  sign_mail(entity, who);  authority.folder(tmp_path / "trust", revoked=[who])
"""

from __future__ import annotations

import io
import logging
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from vanthu.documents.model import Trust

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_DAY = timedelta(days=1)
_DER, _PEM = serialization.Encoding.DER, serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a key and a certificate; ``chain`` are the certificates between it and the root."""

    key: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(_DER)

    def pem(self) -> bytes:
        """Certificate, chain and key, as openssl takes them."""
        certificates = b"".join(one.public_bytes(_PEM) for one in (self.certificate, *self.chain))
        return certificates + self.key.private_bytes(
            _PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


class Authority:
    """A root, or below ``above`` an authority between; ``key`` and ``name`` of another make a forgery of it."""

    def __init__(self, name: str, above: Authority | None = None) -> None:
        self.name = _name(name, "Ban Cơ yếu Chính phủ")
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.above = above
        self.certificate = _certificate(
            self.name, self.key, above or self, True, datetime.now(UTC) - 3650 * _DAY, datetime.now(UTC) + 3650 * _DAY
        )

    def issue(
        self, name: str, *, organization: str = "UBND tỉnh Quảng Ngãi", since: datetime | None = None,
        until: datetime | None = None, uses: Sequence[x509.ObjectIdentifier] = (), email: str | None = None,
        may_sign: bool = True, with_rsa: bool = False, lists_at: str | None = None,
    ) -> Holder:  # fmt: skip
        """A certificate, valid for the last and the next year unless said otherwise."""
        key: Key = rsa.generate_private_key(65537, 2048) if with_rsa else ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        certificate = _certificate(
            _name(name, organization), key, self, False, since or now - 365 * _DAY, until or now + 365 * _DAY,
            uses=uses, email=email, may_sign=may_sign, lists_at=lists_at,
        )  # fmt: skip
        return Holder(key, certificate, (self.certificate,) if self.above is not None else ())

    def trust(self, revoked: Sequence[Holder] = ()) -> Trust:
        """What a folder with this authority gives."""
        lists = (self.revocations(revoked).public_bytes(_DER),) if revoked else ()
        return Trust((self.certificate.public_bytes(_DER),), lists)

    def revocations(self, revoked: Sequence[Holder], since: datetime | None = None) -> x509.CertificateRevocationList:
        """A revocation list that is long out of date."""
        then = since or datetime.now(UTC) - 30 * _DAY
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.name).last_update(then)
        builder = builder.next_update(then + _DAY)
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(then).build())
        return builder.sign(self.key, hashes.SHA256())

    def folder(self, path: Path, revoked: Sequence[Holder] = ()) -> Path:
        """A folder for ``documents.trust``."""
        path.mkdir(exist_ok=True)
        (path / "root.pem").write_bytes(self.certificate.public_bytes(_PEM))
        if revoked:
            (path / "root.crl").write_bytes(self.revocations(revoked).public_bytes(_DER))
        return path


def sign_pdf(
    content: bytes, who: Holder, *, field: str = "Signature1", stamp: Any = None, box: Any = None,
    certify: fields.MDPPerm | None = None, stamped_by: Holder | None = None, pades: bool = True,
    words: dict[str, str] | None = None, password: str | None = None,
) -> bytes:  # fmt: skip
    """The PDF with one more signature; ``stamped_by`` makes an RFC 3161 time stamp, ``stamp`` a visible text with
    ``words`` in it; ``password`` is that of an encrypted one."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    if password is not None:
        writer.encrypt(password)
    metadata = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", certify=certify is not None,
        docmdp_permissions=certify or fields.MDPPerm.FILL_FORMS,
        subfilter=fields.SigSeedSubFilter.PADES if pades else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    )  # fmt: skip
    stamper = None if stamped_by is None else DummyTimeStamper(*_asn1(stamped_by))
    certificate, key = _asn1(who)
    store = SimpleCertificateStore()
    store.register_multiple(asn1.Certificate.load(one.public_bytes(_DER)) for one in who.chain)
    signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=store)
    new = fields.SigFieldSpec(field, box=box, on_page=0) if box else None
    pdf_signer = signers.PdfSigner(metadata, signer, timestamper=stamper, stamp_style=stamp, new_field_spec=new)
    return pdf_signer.sign_pdf(writer, appearance_text_params=words).getvalue()  # type: ignore[attr-defined]


def stamp_pdf(content: bytes, stamper: Holder) -> bytes:
    """The PDF with a time stamp of the whole file (ISO 32000-2 §12.8.5)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    made = signers.PdfTimeStamper(DummyTimeStamper(*_asn1(stamper))).timestamp_pdf(writer, "sha256")
    made.seek(0)
    return made.read()


def sign_mail(entity: bytes, who: Holder, *options: str) -> bytes:
    """A MIME entity as a signed message by ``openssl smime``: multipart/signed, or with ``-nodetach`` opaque."""
    with tempfile.TemporaryDirectory() as folder:
        pem = Path(folder) / "who.pem"
        pem.write_bytes(who.pem())
        chain = Path(folder) / "chain.pem"
        chain.write_bytes(b"".join(one.public_bytes(_PEM) for one in who.chain))
        above = ["-certfile", str(chain)] if who.chain else []
        command = ["openssl", "cms", "-sign", "-signer", str(pem), *above, *options]
        return subprocess.run(command, input=entity, capture_output=True, check=True).stdout


def _name(common: str, organization: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    name: x509.Name, key: Key, by: Authority, authority: bool, since: datetime, until: datetime,
    uses: Sequence[x509.ObjectIdentifier] = (), email: str | None = None, may_sign: bool = True,
    lists_at: str | None = None,
) -> x509.Certificate:  # fmt: skip
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    usage |= dict.fromkeys(("key_cert_sign", "crl_sign") if authority else ("digital_signature",), True)
    if not may_sign:
        usage |= {"digital_signature": False, "key_agreement": True}
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by.name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    if uses:
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
    if lists_at:
        place = x509.UniformResourceIdentifier(lists_at)
        builder = builder.add_extension(
            x509.CRLDistributionPoints([x509.DistributionPoint([place], None, None, None)]), critical=False
        ).add_extension(
            x509.AuthorityInformationAccess(
                [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place),
                 x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)]
            ), critical=False,
        )  # fmt: skip
    if email:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(email)]), critical=False)
    return builder.sign(by.key, hashes.SHA256())


def _asn1(who: Holder) -> tuple[asn1.Certificate, keys.PrivateKeyInfo]:
    key = who.key.private_bytes(_DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return asn1.Certificate.load(who.der), keys.PrivateKeyInfo.load(key)
