"""Signatures of a PDF (PAdES, ISO 32000-2 §12.8), each against the file as it lies here.

Beside what pyHanko finds, the gap in what is signed must hold the signature and nothing else, and what follows the
signed part must be a further revision of the file, which pyHanko compares with the signed one: forms filled in and
further signatures are in order, anything else is an alteration. Of a PDF that only a lenient reader understands,
another one may see something else; so what was added to it cannot be judged, and a signature is ``valid`` only if it
covers every octet of the file.

Not checked: ``adbe.x509.rsa_sha1`` and ``adbe.pkcs7.sha1`` (SHA-1; withdrawn by ISO 32000-2), several signers in one
signature.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import NamedTuple

from asn1crypto import cms
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, async_validate_pdf_signature

from . import naming
from .judge import VALID, Broken, Judge, Verdict, known_algorithms, of_exception, uses_of, wait

_CHECKED = ("/adbe.pkcs7.detached", "/ETSI.CAdES.detached")
_BLANK = b"\r\n\t \0\f"


class Checked(NamedTuple):
    """What became of one signature. ``time`` is that of a trusted time stamp; ``whole``: nothing stands behind it."""

    verdict: Verdict
    time: str | None = None
    whole: bool = False


def check(content: bytes, judge: Judge, most: int, found: dict[bytes, Checked]) -> None:
    """Adds to ``found`` the verdict on each signature by its octets (``key_of``), as soon as there is one: what is
    interrupted leaves what is known. Raises what pyHanko raises for a PDF that it cannot open."""
    try:
        _all(content, judge, most, found, strict=True)
    except Exception:
        found.clear()
        _all(content, judge, most, found, strict=False)


def key_of(signature: bytes) -> bytes:
    """The octets of a signature without the padding behind them."""
    return signature.rstrip(b"\0")


def _all(content: bytes, judge: Judge, most: int, found: dict[bytes, Checked], strict: bool) -> None:
    reader = PdfFileReader(io.BytesIO(content), strict=strict)
    if reader.encrypted:
        reader.decrypt("")
    for number, (name, signature, field) in enumerate(enumerate_sig_fields(reader, filled_status=True)):
        dictionary = signature.get_object()
        key = key_of(dictionary.raw_get("/Contents").original_bytes)
        if number >= most:
            checked = Checked(("unverifiable", "too_many"))
        elif dictionary.get("/SubFilter") not in _CHECKED:
            checked = Checked(("unverifiable", "unsupported"))
        else:
            checked = _judged(reader, field, name, content, judge)
        if not strict and checked.verdict == VALID and not checked.whole:
            checked = Checked(("unverifiable", "malformed"), checked.time)
        before = found.get(key)
        if before is None or before.verdict == VALID:  # of one that hangs at two fields, the worse counts
            found[key] = checked


def _judged(reader: PdfFileReader, field: DictionaryObject, name: str, content: bytes, judge: Judge) -> Checked:
    try:
        return _check(EmbeddedPdfSignature(reader, field, name), content, judge)
    except Exception as error:
        return Checked(of_exception(error))


def _check(one: EmbeddedPdfSignature, content: bytes, judge: Judge) -> Checked:
    information = one.signer_info
    if not known_algorithms(information):
        return Checked(("unverifiable", "unsupported"))
    if not _gap_is_the_signature(one, content):
        return Checked(("invalid", "not_covered"))
    if one.pkcs7_content[len(cms.ContentInfo.load(one.pkcs7_content).dump()) :].strip(b"\0"):
        return Checked(("unverifiable", "malformed"))  # octets that nobody has signed, where padding belongs
    certificate = naming.certificate_of(information, naming.certificates_of(one.signed_data))
    if certificate is None:
        return Checked(("unverifiable", "no_certificate"))
    stated = one.self_reported_timestamp
    if not isinstance(stated, datetime):
        stated = None
    elif stated.tzinfo is None:
        stated = stated.replace(tzinfo=UTC)
    moment, stamped = judge.moment(information, stated)
    context = judge.context(moment)
    status = wait(
        async_validate_pdf_signature(
            one,
            signer_validation_context=context,
            ts_validation_context=judge.context(stamped or moment),
            key_usage_settings=uses_of(certificate),
        )
    )
    verdict = judge.verdict(status, moment, stamped)
    if verdict[0] != "invalid":
        if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            verdict = ("invalid", "not_covered")
        elif not status.docmdp_ok or not _followed_by_revisions(one, content):
            verdict = ("invalid", "altered_after")
    whole = not content[int(one.byte_range[2]) + int(one.byte_range[3]) :].strip(_BLANK)
    return Checked(verdict, naming.written(stamped), whole)


def _gap_is_the_signature(one: EmbeddedPdfSignature, content: bytes) -> bool:
    """All of the file from its first octet on, but for the hexadecimal string of the signature itself."""
    ranges = [int(number) for number in one.byte_range]
    if len(ranges) != 4 or ranges[0] != 0 or min(ranges) < 0:
        return False
    _, first, second, last = ranges
    gap = content[first:second]
    if second + last > len(content) or gap[:1] != b"<" or gap[-1:] != b">":
        return False
    try:
        return bytes.fromhex(gap[1:-1].decode("ascii")) == one.pkcs7_content
    except ValueError:
        raise Broken(("invalid", "malformed")) from None


def _followed_by_revisions(one: EmbeddedPdfSignature, content: bytes) -> bool:
    """Nothing but blanks stands behind the signed part, unless the file has further revisions."""
    end = int(one.byte_range[2]) + int(one.byte_range[3])
    if one.reader.xrefs.total_revisions > one.signed_revision + 1:
        end = content.rfind(b"%%EOF") + len(b"%%EOF")
    return not content[end:].strip(_BLANK)
