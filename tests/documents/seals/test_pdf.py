"""Signatures of PDF: valid over the file as it was signed, and over nothing else."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko import stamp
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm

from support.authority import Authority, sign_pdf, stamp_pdf
from vanthu.documents.model import DocumentLimits, Extraction, Trust
from vanthu.documents.read import read
from vanthu.documents.seals.clock import Overdue
from vanthu.documents.seals.judge import Judge
from vanthu.documents.seals.pdf import Checked, check

SAMPLES = Path(__file__).parents[1] / "samples" / "pdf"
PLAIN = (SAMPLES / "reportlab.pdf").read_bytes()
NAME = "Ủy ban nhân dân tỉnh Quảng Ngãi"
ROOT = Authority("Root CA")
WHO = ROOT.issue(NAME)
SIGNED = sign_pdf(PLAIN, WHO)
NOW = datetime.now(UTC)
VALID = ("valid", None)


def extraction(content: bytes, trust: Trust | None = None, **limits: float) -> Extraction:
    return read(content, None, DocumentLimits(trust=ROOT.trust() if trust is None else trust, ocr="off", **limits))  # type: ignore[arg-type]


def checked(content: bytes, trust: Trust | None = None) -> list[tuple[str, str | None]]:
    return [(seal.status, seal.reason) for seal in extraction(content, trust).seals]


@pytest.mark.parametrize(
    "sample",
    ["reportlab.pdf", "fpdf2.pdf", "ghostscript.pdf", "weasyprint.pdf", "pandoc-by-libreoffice.pdf", "linearized.pdf",
     "form-field.pdf", "scan.pdf", "outlined-letters.pdf", "slides-libreoffice.pdf"],
)  # fmt: skip
@pytest.mark.parametrize("pades", [True, False])
def test_what_every_program_has_made_can_be_signed(sample: str, pades: bool) -> None:
    (seal,) = extraction(sign_pdf((SAMPLES / sample).read_bytes(), WHO, pades=pades)).seals
    assert (seal.kind, seal.status, seal.reason, seal.signer) == ("pdf", "valid", None, NAME)
    assert seal.organization == "UBND tỉnh Quảng Ngãi"
    assert seal.time is not None
    assert abs(datetime.fromisoformat(seal.time) - NOW) < timedelta(minutes=10)


def test_the_text_is_read_beside_it() -> None:
    assert [one.text for one in extraction(SIGNED).texts] == [one.text for one in extraction(PLAIN).texts]


def test_what_a_visible_signature_says_is_text(tmp_path: Path) -> None:
    """A text stamp in a font of the standard fourteen, and a picture of text whose font has a table of letters."""
    latin = stamp.TextStampStyle(stamp_text="Ky boi: %(organization)s\nThoi gian: %(ts)s")
    found = extraction(
        sign_pdf(PLAIN, WHO, stamp=latin, box=(50, 50, 400, 110), words={"organization": "UBND tinh Quang Ngai"})
    )
    assert found.seals[0].status == "valid"
    assert "Ky boi: UBND tinh Quang Ngai" in found.texts[0].text
    (tmp_path / "stamp.pdf").write_bytes(page_saying(f"Ký bởi: {NAME}"))
    drawn = stamp.StaticStampStyle.from_pdf_file(str(tmp_path / "stamp.pdf"))
    found = extraction(sign_pdf(PLAIN, WHO, stamp=drawn, box=(50, 50, 400, 110)))
    assert [(seal.status, seal.signer) for seal in found.seals] == [("valid", NAME)]
    assert f"Ký bởi: {NAME}" in found.texts[0].text


def test_on_a_scan_it_is_the_only_text(tmp_path: Path) -> None:
    """Where OCR is off, it says who has signed the page that nobody can read."""
    (tmp_path / "stamp.pdf").write_bytes(page_saying(f"Ký bởi: {NAME}"))
    drawn = stamp.StaticStampStyle.from_pdf_file(str(tmp_path / "stamp.pdf"))
    scan = (SAMPLES / "scan.pdf").read_bytes()
    found = extraction(sign_pdf(scan, WHO, stamp=drawn, box=(50, 50, 400, 110)))
    assert [one.text for one in found.texts] == [f"Ký bởi: {NAME}"]


def page_saying(text: str) -> bytes:
    """A page with a line whose letters are codes of its own, as subset fonts have them."""
    letters = sorted(set(text))
    codes = {letter: number + 1 for number, letter in enumerate(letters)}
    shown = bytes(codes[letter] for letter in text).hex().encode()
    table = b"".join(b"<%02x> <%04x>\n" % (code, ord(letter)) for letter, code in codes.items())
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n%d beginbfchar\n%sendbfchar\nendcmap end end"
        % (len(codes), table)
    )
    content = b"BT /F1 10 Tf 5 20 Td <%s> Tj ET" % shown
    widths = b" ".join([b"500"] * len(codes))
    things = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 350 60] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FirstChar 1 /LastChar %d /Widths [%s]"
        b" /ToUnicode 6 0 R >>" % (len(codes), widths),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
    ]
    raw, places = b"%PDF-1.7\n", []
    for number, thing in enumerate(things, 1):
        places.append(len(raw))
        raw += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    rows = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return raw + b"xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(things) + 1, rows, len(things) + 1, len(raw)
    )  # fmt: skip


def test_a_second_signature_leaves_the_first_valid() -> None:
    second = ROOT.issue("Sở Y tế")
    twice = sign_pdf(SIGNED, second, field="Signature2")
    assert [(one.signer, one.status) for one in extraction(twice).seals] == [(NAME, "valid"), ("Sở Y tế", "valid")]


def test_a_trusted_time_stamp_tells_the_time() -> None:
    """Without it, a revocation counts whenever it was."""
    stamper = ROOT.issue("TSA", uses=[ExtendedKeyUsageOID.TIME_STAMPING], with_rsa=True)
    stamped = sign_pdf(PLAIN, WHO, stamped_by=stamper)
    assert checked(stamped) == [VALID]
    later = Trust(ROOT.trust().authorities, (_revoked(WHO, NOW + timedelta(hours=1)),))
    assert checked(stamped, later) == [VALID]
    assert checked(SIGNED, later) == [("invalid", "revoked")]
    assert checked(stamped, ROOT.trust(revoked=[WHO])) == [("invalid", "revoked")]


def _revoked(who, since: datetime) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return ROOT.revocations([who], since).public_bytes(Encoding.DER)


def test_a_time_stamp_of_the_whole_file_signs_nothing_and_breaks_nothing() -> None:
    stamper = ROOT.issue("TSA", uses=[ExtendedKeyUsageOID.TIME_STAMPING], with_rsa=True)
    kept = stamp_pdf(SIGNED, stamper)
    assert checked(kept) == [VALID]
    assert checked(stamp_pdf(PLAIN, stamper)) == []


def test_a_form_may_be_filled_in_later() -> None:
    """Unless the signer has certified the file against it."""
    form = (SAMPLES / "form-field.pdf").read_bytes()
    assert checked(updated(sign_pdf(form, WHO), _filled)) == [VALID]
    closed = sign_pdf(form, WHO, certify=MDPPerm.NO_CHANGES)
    assert checked(updated(closed, _filled)) == [("invalid", "altered_after")]


def _filled(writer: IncrementalPdfFileWriter) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    field[generic.pdf_name("/V")] = generic.pdf_string("1018/UBND-VX")
    writer.update_container(field)


def test_blanks_behind_the_file_do_not_matter() -> None:
    assert checked(SIGNED + b"\r\n\0\n") == [VALID]


@pytest.mark.parametrize("sample", ["empty-user.pdf", "object-streams-empty-password-aes256.pdf"])
def test_a_signature_in_an_encrypted_file_with_an_empty_password_is_unverifiable(sample: str) -> None:
    signed = sign_pdf((SAMPLES / sample).read_bytes(), WHO, password="")
    assert checked(signed) == [("unverifiable", "malformed")]


def test_what_was_added_to_an_irregular_file_cannot_be_judged() -> None:
    """Pillow writes a table that a strict reader refuses."""
    once = sign_pdf((SAMPLES / "scan.pdf").read_bytes(), WHO)
    twice = sign_pdf(once, ROOT.issue("B"), field="Signature2")
    assert checked(once) == [VALID]
    assert checked(twice) == [("unverifiable", "malformed"), VALID]


def updated(content: bytes, change) -> bytes:
    """With one more version behind it, in which this is changed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


@pytest.mark.parametrize(("since", "until"), [(-730, -365), (2, 365)])
def test_a_certificate_that_was_not_in_force(since: int, until: int) -> None:
    who = ROOT.issue("A", since=NOW + timedelta(days=since), until=NOW + timedelta(days=until))
    assert checked(sign_pdf(PLAIN, who)) == [("invalid", "expired")]


def test_authorities() -> None:
    assert checked(sign_pdf(PLAIN, Authority("Other CA").issue(NAME))) == [("unverifiable", "unknown_authority")]
    assert checked(sign_pdf(PLAIN, Authority("Root CA").issue(NAME)))[0][0] == "invalid"
    assert checked(sign_pdf(PLAIN, Authority("Issuing CA", ROOT).issue(NAME))) == [VALID]
    assert checked(SIGNED, ROOT.trust(revoked=[WHO])) == [("invalid", "revoked")]
    assert checked(SIGNED, Trust()) == [("present", None)]


def test_time_runs_out_and_only_the_verdict_is_lost() -> None:
    found = extraction(SIGNED, signature_seconds=0.001)
    assert [(seal.status, seal.reason, seal.signer) for seal in found.seals] == [("unverifiable", "timeout", NAME)]
    assert found.reason is None
    assert found.texts


class Interrupted(Judge):
    """Time runs out at the third signature."""

    def moment(self, *asked: Any) -> tuple[datetime, datetime | None]:
        self.asked = getattr(self, "asked", 0) + 1
        if self.asked == 3:
            raise Overdue
        return super().moment(*asked)


def test_what_is_known_when_time_runs_out_stays() -> None:
    many = SIGNED
    for number in range(2, 6):
        many = sign_pdf(many, WHO, field=f"Signature{number}")
    found: dict[bytes, Checked] = {}
    with pytest.raises(Overdue):
        check(many, Interrupted(ROOT.trust()), 50, found)
    assert [one.verdict for one in found.values()] == [VALID, VALID]


def test_too_many() -> None:
    twice = sign_pdf(SIGNED, WHO, field="Signature2")
    assert sorted((seal.status, seal.reason) for seal in extraction(twice, max_signatures=1).seals) == [
        ("unverifiable", "too_many"), VALID,
    ]  # fmt: skip
