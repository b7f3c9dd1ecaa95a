"""The small pieces under the readers: lines of tables, fonts before Unicode, skew, words of OCR, tidy text."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from vanthu.documents.fonts import Paragraph, kind_of
from vanthu.documents.lines import Lines
from vanthu.documents.ocr_page import skew
from vanthu.documents.ocr_words import page_of
from vanthu.documents.work import tidy


def test_a_row_of_single_lines_is_one_line() -> None:
    lines = Lines()
    lines.line("trước")
    lines.open_table()
    for text in ("Số: 12/UBND", "Huế, ngày 1"):
        lines.line(text)
        lines.close_cell()
    lines.close_row()
    lines.close_table()
    assert lines.close() == "trước\nSố: 12/UBND\tHuế, ngày 1"


def test_longer_cells_stay_whole_and_stray_ends_do_no_harm() -> None:
    lines = Lines()
    lines.close_table()
    lines.open_table()
    lines.line("A\nB")
    lines.close_cell()
    lines.line("C")
    lines.close_row()
    assert lines.close() == "A\nB\nC"


@pytest.mark.parametrize(
    ("font", "kind"),
    [
        (".VnTime", "tcvn3"), (".VnTimeH", "tcvn3_capitals"), (".VnArial NarrowH", "tcvn3_capitals"),
        ("VNI-Times", "vni"), ("Times New Roman", None), (None, None), ("Vnet", None),
    ],
)  # fmt: skip
def test_fonts_say_how_to_read(font: str | None, kind: str | None) -> None:
    assert kind_of(font) == kind


def test_neighbouring_runs_are_decoded_together() -> None:
    paragraph = Paragraph()
    for piece in ("Nguye", "ãn Va", "ên"):
        paragraph.add(piece, "vni")
    paragraph.add(" A", None)
    assert paragraph.close() == "Nguyễn Văn A"
    assert paragraph.close() == ""


@pytest.mark.parametrize("angle", [-2.0, -0.7, 0.0, 1.3, 2.0])
def test_skew_is_found(angle: float) -> None:
    page = Image.new("L", (1600, 1200), 255)
    draw = ImageDraw.Draw(page)
    for row in range(20):
        for word in range(12):
            draw.rectangle((120 + word * 110, 100 + row * 50, 200 + word * 110, 118 + row * 50), 0)
    assert skew(page.rotate(angle, fillcolor=255)) == pytest.approx(-angle, abs=0.3)


def test_a_gap_between_words_is_a_tab() -> None:
    def row(left: int, word: str, line: int = 1) -> str:
        return f"5\t1\t1\t1\t{line}\t1\t{left}\t10\t50\t20\t96.5\t{word}"

    page = page_of("\n".join(("level\tpage_num", row(0, "Số:"), row(60, "12"), row(400, "Huế"), row(0, "b", 2), "x")))
    assert page.text == "Số: 12\tHuế\nb"
    assert (page.words, page.sure) == (4, 96.5)


@pytest.mark.parametrize("cell", ["", "x", "nan", "1e999", "9" * 400, "0x1"])
def test_a_row_without_numbers_is_passed_over(cell: str) -> None:
    rows = [f"5\t1\t1\t1\t1\t1\t{cell}\t10\t50\t20\t96\ta", f"5\t1\t1\t1\t1\t1\t0\t10\t50\t20\t{cell}\tb"]
    assert page_of("\n".join(rows)).words == 0


def test_tidy() -> None:
    assert tidy("\r\n a \r\n\r\n\r\n b\x00\x07\x0cc\u2028") == " a\n\n b\nc"
