"""The page on which a document stands is told where the format of its file has pages."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.samples_house import facts_of, mail
from facts.test_honest_work import LETTER
from vanthu.documents.model import Extraction, Text
from vanthu.facts.model import Document
from vanthu.facts.official import lines

PROSE = "Đây là một trang không có thể thức gì cả.\nDòng thứ hai của trang."
SECOND = LETTER.replace("815/", "816/")


def documents(texts: Sequence[Text], pages: int | None) -> tuple[Document, ...]:
    """What is found in a file of which this was read."""
    raw = mail("Gửi anh.", files=[("a.pdf", "application/pdf", b"%PDF-1.4")])
    read = Extraction("application/pdf", texts=tuple(texts), pages=pages)
    return facts_of(raw, extracted={"attachment:1": read}).official.documents


def on_pages(*texts: str, unit: str = "page") -> list[Text]:
    return [Text(text, f"{unit} {number}") for number, text in enumerate(texts, 1)]


@pytest.mark.parametrize("before", [0, 1, 5])
def test_the_page_of_the_number_line(before: int) -> None:
    (document,) = documents(on_pages(*[PROSE] * before, LETTER, PROSE), before + 2)
    assert (document.number, document.page) == ("815", before + 1)


def test_two_documents_in_one_file() -> None:
    found = documents(on_pages(PROSE, LETTER, PROSE, SECOND), 4)
    assert [(one.number, one.page) for one in found] == [("815", 2), ("816", 4)]


def test_a_head_that_begins_on_the_page_before() -> None:
    head, number, rest = LETTER.partition("Số:")
    (document,) = documents(on_pages(PROSE, head, number + rest), 3)
    assert document.page == 3


def test_slides_with_notes_and_pages_without_text() -> None:
    texts = [Text(PROSE, "slide 1"), Text("ghi chú", "slide 1 notes"), Text(LETTER, "slide 4")]
    assert [one.page for one in documents(texts, 4)] == [4]


def test_what_stands_on_no_page() -> None:
    assert [one.page for one in documents([Text(PROSE, "page 1"), Text(LETTER, "header")], 1)] == [None]
    assert [one.page for one in documents([Text(LETTER)], None)] == [None]
    assert facts_of(mail(LETTER)).official.documents[0].page is None


def test_scans_are_counted_with_the_pages_around_them() -> None:
    texts = [Text(PROSE, "page 1"), Text(LETTER, "page 2", "ocr")]
    assert [(one.read_by, one.page) for one in documents(texts, 2)] == [("ocr", 2)]


def test_behind_wrapped_lines_and_letters_without_width() -> None:
    wrapped = "ỦY\nBAN NHÂN DÂN\nCỘNG\nHÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM\nmột\u200b hai\u200b\n" * 3
    assert [one.page for one in documents(on_pages(wrapped, LETTER), 2) if one.number == "815"] == [2]


def test_behind_the_limits_of_reading() -> None:
    page = "chữ " * 100 + "\n"
    long = documents(on_pages(*[page * 10] * 120, LETTER), 121)
    assert [one.page for one in long] == [121]
    many = documents(on_pages(*["chữ\n" * 50] * 100, LETTER), 101)
    assert [one.page for one in many] == [101]


_ROWS = st.lists(
    st.sampled_from(["ỦY", "BAN NHÂN DÂN", "Số:", "33/2009/", "a\u200bb", "", "chữ chữ", "Mỹ"]), max_size=30
)


@given(_ROWS, st.integers(20, 200))
def test_every_row_begins_where_starts_says(rows: list[str], limit: int) -> None:
    text = "\n".join(rows)
    found, _ = lines.read(text, limit)
    starts = lines.starts(text, limit)
    for line in found:
        assert line.row < len(starts)
        if line.raw and len(text) <= limit:
            assert text[starts[line.row] :].replace("\u200b", "").lstrip().startswith(line.raw[:2])
