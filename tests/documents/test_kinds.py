"""What octets are, where the sniffer alone would be misled."""

from __future__ import annotations

import io
import zipfile

import pytest

from support.attached import DOCX, LETTER, docx
from vanthu.documents.kinds import kind_of
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read


def packed(how: int, *files: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def test_a_document_is_what_it_is_under_any_name() -> None:
    assert kind_of(docx(*LETTER), "a.zip") == DOCX
    assert kind_of(docx(*LETTER, padding=200_000), None) == DOCX


def test_an_archive_does_not_say_itself_what_it_is() -> None:
    """A first member ``mimetype`` put any archive beyond every reader, and its words into the facts."""
    for declared in ("application/x-nothing", "application/vnd.oasis.opendocument.formula", "application/a\r\nb: c"):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("mimetype", declared)
            archive.writestr("thư.txt", "MẬT")
        assert kind_of(made.getvalue(), None) == "application/zip"
        found = read(made.getvalue(), None, DocumentLimits(ocr="off"))
        assert "MẬT" in [text.text for member in found.members for text in member.extraction.texts]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_of_documents_is_an_archive_packed_or_not(how: int) -> None:
    archive = packed(how, ("thư.docx", docx(*LETTER)), ("lib.jar", packed(how, ("META-INF/MANIFEST.MF", b"x"))))
    assert kind_of(archive, "a.zip") == "application/zip"
    first = read(archive, "a.zip", DocumentLimits()).members[0]
    assert (first.name, first.extraction.type) == ("thư.docx", DOCX)
    assert "1017/UBND-VX" in first.extraction.texts[0].text
