"""The formats of the report: well-formed, self-contained, safe, and saying the same."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from support import month as made_up
from support.month import LATER, OCTOBER, PLACE
from vanthu.directory.model import Agency, Register
from vanthu.projections.store_queries import Questions
from vanthu.reports.figures import Figures
from vanthu.reports.html import html
from vanthu.reports.letter import Letterhead, letter
from vanthu.reports.monthly import make
from vanthu.reports.report import Report
from vanthu.reports.words import change, compared, moved, number, percent
from vanthu.reports.write import write

_VOID = frozenset(["meta", "line", "rect", "br"])
HEAD = Letterhead(
    "Sở Khoa học và Công nghệ", "UBND tỉnh X", "Quảng Ngãi", "UBND tỉnh X", "SKHCN", "Giám đốc", "Nguyễn Văn An"
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    made = list(made_up.months(11, 3_000, datetime(2026, 10, 31, 10, tzinfo=UTC), span=2))
    with Questions(made_up.fill(tmp_path_factory.mktemp("store"), made)) as store:
        return make(store, made_up.register(), OCTOBER, PLACE, LATER)


class Page(HTMLParser):
    """Checks that elements are closed in order, and collects what the tests ask for."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in _VOID or (tag == "rect" and not self._closed()):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def _closed(self) -> bool:
        return (self.get_starttag_text() or "").endswith("/>")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data: str) -> None:
        self.text += data

    def count(self, tag: str) -> int:
        return sum(one == tag for one, _ in self.found)


def test_the_page_is_well_formed_and_needs_nothing_else(report: Report) -> None:
    text = html(report)
    page = Page(text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.found}
    assert not any(name in ("src", "href", "style") or name.startswith("on") for _, a in page.found for name in a)
    assert "url(" not in text and "@import" not in text


def test_the_page_can_be_read_by_everybody(report: Report) -> None:
    text = html(report)
    page = Page(text)
    assert page.found[0] == ("html", {"lang": "vi"})
    assert page.count("h1") == 1
    assert page.count("table") == page.count("caption") >= 5
    assert all(a.get("scope") in ("col", "row") for tag, a in page.found if tag == "th")
    charts = [a for tag, a in page.found if tag == "svg"]
    assert len(charts) == 3
    assert all(a["role"] == "img" and a["aria-labelledby"] in page.ids for a in charts)
    assert "prefers-color-scheme: dark" in text
    assert "size: A4" in text
    assert page.text.count("Hộp thư sử dụng thường xuyên") == 1
    assert "Những gì bộ lọc không thấy được" in page.text


def test_colours_can_be_told_apart_in_light_and_dark(report: Report) -> None:
    """WCAG 2.2, 1.4.3: text has a contrast of 4.5 with the paper; 1.4.11: charts of 3."""
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#\w{6})", part))
        for part in re.findall(r":root \{(.*?)\}", html(report), re.S)[:2]
    )
    for colours in (light, dark):
        for paper in ("paper", "band"):
            assert _contrast(colours["ink"], colours[paper]) > 7
            assert _contrast(colours["soft"], colours[paper]) > 4.5
        assert all(_contrast(colours[one], colours["paper"]) > 3 for one in ("s1", "s2", "s3", "accent", "warn"))


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_names_cannot_write_html_or_formulas(tmp_path: Path) -> None:
    evil = "=HYPERLINK(\"x\")<script>alert('x')</script>"
    with Questions(made_up.fill(tmp_path, [])) as store:
        found = make(store, Register({"a": Agency("a", evil)}, {}), OCTOBER, PLACE, LATER)
    assert Page(html(found)).count("script") == 0
    rows = list(csv.reader(io.StringIO(write(found, "csv").decode("utf-8-sig"))))
    assert rows[1][2].startswith("'=")
    book = CalamineWorkbook.from_filelike(io.BytesIO(write(found, "xlsx")))
    assert evil in [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert letter(found, Letterhead(issuer=evil)).startswith(b"PK")


def test_the_workbook_holds_numbers(report: Report) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(write(report, "xlsx")))
    rows = book.get_sheet_by_name("Theo cơ quan, đơn vị").to_python()
    heads = next(row for row in rows if row[0] == "Cơ quan, đơn vị")
    last = rows[-1]
    assert last[0] == "Toàn hệ thống"
    assert last[heads.index("Hộp thư đã cấp")] == 63.0
    assert last[heads.index("Thư gửi ra ngoài")] == float(report.total.now.sent)
    assert last[heads.index("Tỷ lệ sử dụng")] == pytest.approx(report.total.now.used_share)
    assert len(book.sheet_names) >= 5


def test_csv_and_json_say_the_same(report: Report) -> None:
    again = msgspec.json.decode(write(report, "json"), type=Report)
    assert again == report
    rows = list(csv.DictReader(io.StringIO(write(report, "csv").decode("utf-8-sig"))))
    assert int(rows[-1]["sent"]) == report.total.now.sent == sum(int(row["sent"]) for row in rows[:-1])


def test_the_letter_has_the_form_of_decree_30(report: Report) -> None:
    document = Document(io.BytesIO(letter(report, HEAD)))
    first, annex = document.sections
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    assert 20 <= round(first.top_margin.mm) <= 25
    assert 30 <= round(first.left_margin.mm) <= 35
    assert 15 <= round(first.right_margin.mm) <= 20
    assert annex.page_width > annex.page_height
    assert document.styles["Normal"].font.name == "Times New Roman"
    head, signature, grid = document.tables
    left, right = (cell.text.split("\n") for cell in head.rows[0].cells)
    assert left[:2] == ["UBND TỈNH X", "SỞ KHOA HỌC VÀ CÔNG NGHỆ"]
    assert right[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    left, right = (cell.text.split("\n") for cell in head.rows[1].cells)
    assert re.fullmatch(r"Số: +/SKHCN", left[0])
    assert left[1].startswith("V/v ")
    assert re.fullmatch(r"Quảng Ngãi, ngày +tháng +năm 2026", right[0])
    text = [paragraph.text for paragraph in document.paragraphs]
    assert "Kính gửi: UBND tỉnh X" in text
    assert any(line.endswith("./.") for line in text)
    assert signature.rows[0].cells[0].text.startswith("Nơi nhận:\n- Như trên;\n- Lưu: VT, ")
    assert signature.rows[0].cells[1].text.startswith("GIÁM ĐỐC\n")
    assert signature.rows[0].cells[1].text.endswith("Nguyễn Văn An")
    assert grid.rows[-1].cells[0].text == "Toàn hệ thống"
    assert "Phụ lục" in text


def test_a_letter_without_letterhead_leaves_blanks(report: Report) -> None:
    document = Document(io.BytesIO(letter(report, Letterhead())))
    assert "Kính gửi: ……………………" in [paragraph.text for paragraph in document.paragraphs]


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (1234567, "1.234.567")]
)  # fmt: skip
def test_numbers_have_dots(value: int, text: str) -> None:
    assert number(value) == text


def test_shares_and_changes() -> None:
    assert (percent(None), percent(0.5), percent(0.1234)) == ("–", "50%", "12,3%")
    assert (change(3, 5), change(5, 3), change(4, 4), change(None, 1)) == ("−2", "+2", "±0", "–")
    assert (change(0.5, 0.25), change(0.1, 0.2)) == ("+25 điểm %", "−10 điểm %")
    assert (change(0.5, 0.5), change(0.125, 0.0)) == ("±0 điểm %", "+12,5 điểm %")
    assert (moved(3, 5), moved(0.5, 0.25), moved(1, 1), moved(1, None)) == (
        "giảm 2", "tăng 25 điểm %", "không đổi", "chưa có số liệu",
    )  # fmt: skip


def test_a_month_without_any_mail_is_not_compared_with() -> None:
    assert compared(Figures(issued=5, stripped=0), "stopped") is None
    assert compared(Figures(received=1, stripped=2), "stopped") == 2
