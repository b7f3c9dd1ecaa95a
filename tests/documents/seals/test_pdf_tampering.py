"""Whatever is changed, hung behind or wrapped around a signed PDF, its signature is no longer valid."""

from __future__ import annotations

import io

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm

from support.authority import sign_pdf

from .test_pdf import PLAIN, ROOT, SIGNED, VALID, WHO, checked, updated


def _places() -> list[int]:
    """Places of every kind: head, text, cross-reference table, ByteRange, signature, times, trailer."""
    contents = SIGNED.index(b"/Contents <")
    end = SIGNED.index(b">", contents)
    octets = len(SIGNED[contents + 11 : end].rstrip(b"0"))
    marks = (b"%PDF", b"stream", b"endstream", b"xref", b"trailer", b"startxref", b"/ByteRange", b"/M (",
             b"/SubFilter", b"/AcroForm", b"/V ", b"/Type", b"/Root")  # fmt: skip
    found = {at for mark in marks for at in _all(mark)}
    found |= set(range(0, contents, 997)) | set(range(contents + 12, contents + 10 + octets, 211))
    found |= set(range(end + 1, len(SIGNED) - 1, 83))
    return sorted(found)


def _all(mark: bytes) -> list[int]:
    places, at = [], SIGNED.find(mark)
    while at >= 0:
        places += [at + 2, at + len(mark) + 1]
        at = SIGNED.find(mark, at + 1)
    return [place for place in places if place < len(SIGNED)]


def test_no_octet_can_be_changed() -> None:
    for at in _places():
        changed = bytearray(SIGNED)
        changed[at] ^= 0x01
        assert VALID not in checked(bytes(changed)), (at, SIGNED[at - 8 : at + 8])


def test_padding_of_the_signature_is_no_hiding_place() -> None:
    end = SIGNED.index(b">", SIGNED.index(b"/Contents <"))
    changed = bytearray(SIGNED)
    changed[end - 4 : end] = b"beef"
    assert checked(bytes(changed)) == [("unverifiable", "malformed")]


@pytest.mark.parametrize(
    "behind",
    [
        b"x",
        b"\n99 0 obj\n<< /Evil true >>\nendobj\n",
        b"\n99 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n",
        PLAIN,
    ],
)
def test_nothing_can_be_hung_behind(behind: bytes) -> None:
    assert VALID not in checked(SIGNED + behind)


def test_objects_behind_it_that_no_table_names() -> None:
    """A reader that repairs the file would find them."""
    tail = SIGNED[SIGNED.rindex(b"startxref") :]
    assert checked(SIGNED + b"\n4 0 obj\n<< /Evil true >>\nendobj\n" + tail) == [("invalid", "altered_after")]


def _other_text(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT /F1 12 Tf (forged) Tj ET"))
    writer.update_container(page)


def _annotation(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 800))),
            generic.pdf_name("/Contents"): generic.pdf_string("đã sửa"),
        }
    )
    annotations = generic.ArrayObject([*page.get("/Annots", []), writer.add_object(note)])
    page[generic.pdf_name("/Annots")] = annotations
    writer.update_container(page)


def _more_pages(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"].append(pages["/Kids"].raw_get(0))
    pages["/Count"] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages)


def _other_title(writer: IncrementalPdfFileWriter) -> None:
    writer.set_info(generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("forged")}))
    writer.root[generic.pdf_name("/OpenAction")] = generic.DictionaryObject(
        {generic.pdf_name("/S"): generic.pdf_name("/JavaScript"), generic.pdf_name("/JS"): generic.pdf_string("1")}
    )
    writer.update_root()


@pytest.mark.parametrize("change", [_other_text, _annotation, _more_pages, _other_title])
def test_an_update_after_signing_is_an_alteration(change) -> None:
    """Shadow attacks hide, replace, or hide and replace in an incremental update."""
    assert checked(updated(SIGNED, change)) == [("invalid", "altered_after")]


def test_a_signature_after_an_alteration_does_not_heal_the_first() -> None:
    other = sign_pdf(updated(SIGNED, _other_text), ROOT.issue("B"), field="Signature2")
    assert checked(other) == [("invalid", "altered_after"), VALID]


def test_a_file_certified_against_all_changes() -> None:
    closed = sign_pdf(PLAIN, WHO, certify=MDPPerm.NO_CHANGES)
    assert checked(closed) == [VALID]
    shared = PdfFileReader(io.BytesIO(closed))
    assert shared.xrefs.total_revisions >= 2
    assert VALID not in checked(updated(closed, _annotation))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"/ByteRange [", b"/ByteRange_["),
        (b"/Contents <", b"/Contentz <"),
        (b"/SubFilter /ETSI.CAdES.detached", b"/SubFilter /adbe.x509.rsa_sha1 "),
        (b"/ByteRange [0 ", b"/ByteRange [1 "),
    ],
)
def test_a_forged_dictionary(old: bytes, new: bytes) -> None:
    """Universal signature forgery: what is missing or strange must not be skipped."""
    assert old in SIGNED
    assert VALID not in checked(SIGNED.replace(old, new))


def test_a_signature_wrapped_around_other_text() -> None:
    """Signature wrapping: the signed octets are moved to the end, others stand where readers look."""
    start = SIGNED.index(b"/ByteRange [") + 12
    ranges = SIGNED[start : SIGNED.index(b"]", start)]
    first, second, last = [int(one) for one in ranges.split()][1:]
    moved = SIGNED[:second] + SIGNED[second : second + last].replace(b"startxref", b"startxrev") + SIGNED[second:]
    wrapped = b"0 %d %d %d" % (first, second + last, last)
    for content in (moved, moved.replace(ranges, wrapped.ljust(len(ranges)))):
        assert VALID not in checked(content)
