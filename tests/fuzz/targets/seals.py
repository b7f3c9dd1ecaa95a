"""Signatures: who signed, what was signed, and that nothing counts as valid but what really was."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from fuzz.make_seals import ENTITY, SEEDS
from fuzz.packing import MARK
from fuzz.reading import read
from fuzz.target import Target, is_text
from vanthu.documents.formats.pdf import _time
from vanthu.documents.model import DocumentLimits, Seal, Trust
from vanthu.documents.seals import checking, naming
from vanthu.mail import openpgp
from vanthu.mail.cms import signed_content, signed_entity

SAMPLES = Path(__file__).resolve().parents[2] / "documents" / "samples"
LIMITS = DocumentLimits(trust=Trust(((SEEDS / "seal.root.der").read_bytes(),)), signature_seconds=1.0, ocr="off")
_OPAQUE, _DETACHED, _PDF = (
    (SEEDS / f"seal.{name}").read_bytes() for name in ("opaque.p7m", "detached.p7s", "signed.pdf")
)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_GAP = re.compile(rb"/Contents\s*<([0-9A-Fa-f]*)>")  # the only part of the file that the signature in it is not over
checking.prepare(LIMITS.trust)


def _cms(data: bytes) -> None:
    """A signature, with what it is over as a second piece if it is detached; or a PDF."""
    signal.signal(signal.SIGALRM, _nothing)  # the fuzzer's own, which Python could not put back
    is_text(_time(data[:100].decode("latin-1")), *naming.of_base64(data[:20_000]))
    for said in (openpgp.of_octets(data), openpgp.of_armour(data.decode("latin-1"))):
        if said is not None:
            is_text(said.signer, said.time)
    if data.startswith(b"%PDF-"):
        _in_pdf(data)
        return
    signature, detached, content = data.partition(MARK)
    for who in checking.Checking(LIMITS).named(signature):
        is_text(*who)
    signed = signed_content(signature)
    if signed is not None:
        assert signed == signed_entity(signature) or len(signed) <= len(signature)
        assert len(signed) <= len(signature)
    over = content if detached else signed
    for seal in checking.check(signature, content if detached else None, LIMITS).seals:
        _sound(seal)
        if seal.status == "valid":
            assert over is not None
            assert _crlf(over) == ENTITY, "valid is only what was signed"
    read("application/pkcs7-mime", signature, "a.docx.p7m")


def _in_pdf(data: bytes) -> None:
    found = [bytes.fromhex(one[1].decode() + "0" * (len(one[1]) % 2)) for one in _GAP.finditer(data)]
    seals = checking.Checking(LIMITS).pdf(data, [(octets, Seal("pdf")) for octets in found[:10]])
    for seal in seals:
        _sound(seal)
    if any(seal.status == "valid" for seal in seals):
        assert _GAP.sub(b"", data).startswith(_GAP.sub(b"", _PDF).rstrip()), "valid is only what was signed"


def _sound(seal: Seal) -> None:
    is_text(seal.signer, seal.organization, seal.time)
    assert (seal.reason is None) == (seal.status in ("present", "valid"))


def _crlf(content: bytes) -> bytes:
    return _LINE_END.sub(b"\r\n", content)


def _nothing(_signal: int, _frame: object) -> None:
    pass


_PGP = (
    b"-----BEGIN PGP SIGNATURE-----\n\nwsB5BAABCAAjFiEEAAAAAAAAAAAAAAAAAAAAAAAAAAAFAmkAAAAFAwAAAAAACgkQ\n=abcd\n"
    b"-----END PGP SIGNATURE-----\n"
)
TARGETS = {
    "cms": Target(
        _cms,
        (
            _OPAQUE, _DETACHED + MARK + ENTITY, _DETACHED + MARK + ENTITY.replace(b"\r\n", b"\n"), _PDF, _PGP,
            *(path.read_bytes() for path in sorted((SAMPLES / "p7m").iterdir())),
            b"-----BEGIN PKCS7-----\nMIAGCSqGSIb3DQEHAqCA\n-----END PKCS7-----\n", b"D:20260926101112+07'00'",
        ),
        (
            b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01",
            b"\x30\x80",
            b"\x24\x80", b"\x04\x82", b"\xa0\x80", b"\x00\x00", b"\x31\x00", b"\x06\x03\x55\x04\x03\x0c", MARK,
            b"\x17\x0d260101000000Z\x17\x0d270101000000Z", b"\x84\xff\xff\xff\xff", "D:", "/ByteRange", "/Contents",
            "startxref", "%%EOF", "trailer", "obj", "/Prev", "\r\n", b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04",
        ),
        60_000,
    ),
}  # fmt: skip
