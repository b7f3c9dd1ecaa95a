"""The documents have the sizes that they are named after, differ, and say the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench import kinds, papers
from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.read import read


def _read(name: str, content: bytes) -> Extraction:
    return read(content, name, DocumentLimits(ocr="off"))


@pytest.mark.parametrize(
    ("name", "make", "size"),
    [
        ("a.docx", papers.docx_file, papers.DOCX_BYTES),
        ("a.pdf", papers.pdf_file, papers.PDF_BYTES),
    ],
)
def test_documents(name: str, make: Callable[[int], bytes], size: int) -> None:
    one, other = make(1), make(22)
    assert one != other
    assert size * 0.99 <= len(one) <= size * 1.1
    found = _read(name, one)
    assert found.reason is None
    assert len(found.texts[0].text) > 500
    assert found == _read(name, other)


def test_a_scan_has_no_text() -> None:
    found = _read("a.pdf", papers.scan_file(1))
    assert (found.pictures, found.texts) == (1, ())


def test_mails() -> None:
    assert 19_000 <= len(papers.html(1)) <= 21_000
    assert papers.html(1) != papers.html(2)
    assert b"\nContent-Type: message/rfc822\n" in papers.forward(3)
    large = papers.plain_of(137_000, 4)
    assert 136_990 <= len(large) <= 137_001
    large.decode("utf-8")


def test_every_kind_makes_mails_that_differ() -> None:
    for kind in kinds.KINDS:
        assert kind.make(0) != kind.make(1), kind.name
