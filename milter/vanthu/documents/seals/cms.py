"""CMS signatures (RFC 5652) of S/MIME mail and of p7m and p7s files, each signer by himself.

What a detached signature is over is hashed as it is and, if that does not fit, with all line ends made CRLF
(RFC 8551 §3.1.1): they may have been changed on the way. What an opaque one is over are exactly those octets that the
project's own reader of CMS has shown.
"""

from __future__ import annotations

from itertools import islice

from asn1crypto import cms, x509
from pyhanko.sign.validation import async_validate_detached_cms

from ...mail.cms import signed_content
from ..model import Seal
from . import naming
from .judge import Judge, Verdict, known_algorithms, of_exception, uses_of, wait


def check(octets: bytes, content: bytes | None, judge: Judge, most: int) -> list[Seal]:
    """A seal for each signer. ``content`` is what a detached signature is over, None for an opaque one."""
    try:
        signed = cms.ContentInfo.load(octets)["content"]
        if not isinstance(signed, cms.SignedData):
            return []
        signers = list(islice(signed["signer_infos"], most + 1))
    except (ValueError, TypeError, RecursionError):
        return [Seal("smime", "invalid", reason="malformed")]
    if content is None:
        content = signed_content(octets)
    seals = []
    certificates = naming.certificates_of(signed)
    for number, one in enumerate(signers):
        if number >= most:
            verdict: Verdict = ("unverifiable", "too_many")
        elif content is None:
            verdict = ("unverifiable", "unsupported")
        else:
            verdict = _verdict(signed, one, naming.certificate_of(one, certificates), content, judge)
        who = naming.of_information(one, certificates)
        seals.append(Seal("smime", verdict[0], who.name, who.time, who.organization, verdict[1]))
    return seals


def _verdict(
    signed: cms.SignedData, signer: cms.SignerInfo, certificate: x509.Certificate | None, content: bytes, judge: Judge
) -> Verdict:  # fmt: skip
    try:
        if certificate is None:
            return "unverifiable", "no_certificate"
        if not known_algorithms(signer):
            return "unverifiable", "unsupported"
        verdict = _checked(signed, signer, certificate, content, judge)
        if verdict[1] == "altered":
            with_crlf = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
            if with_crlf != content:
                verdict = _checked(signed, signer, certificate, with_crlf, judge)
    except Exception as error:
        return of_exception(error)
    return verdict


def _checked(
    signed: cms.SignedData, signer: cms.SignerInfo, certificate: x509.Certificate, content: bytes, judge: Judge
) -> Verdict:  # fmt: skip
    """pyHanko takes one signer at a time, and the content apart."""
    alone = cms.SignedData(
        {
            "version": signed["version"],
            "digest_algorithms": signed["digest_algorithms"],
            "encap_content_info": {"content_type": signed["encap_content_info"]["content_type"]},
            "certificates": signed["certificates"],
            "signer_infos": [signer],
        }
    )
    moment, stamped = judge.moment(signer, naming.stated_time(signer))
    status = wait(
        async_validate_detached_cms(
            content,
            alone,
            signer_validation_context=judge.context(moment),
            key_usage_settings=uses_of(certificate),
        )
    )
    return judge.verdict(status, moment, stamped)
