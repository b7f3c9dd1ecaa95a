"""The page as a reader's own browser shows and prints it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from msgspec import structs
from PIL import Image

from support import month as made_up
from support.browser import Browser
from support.month import LATER, OCTOBER, PLACE
from vanthu.projections.store_queries import Questions
from vanthu.reports.html import html
from vanthu.reports.monthly import make
from vanthu.reports.report import Report

A4 = (595, 842)  # points
_WIDTH = "<script>document.title = `${document.documentElement.scrollWidth}/${innerWidth}`;</script></body>"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A month whose numbers have as many digits, and whose offices have as long names, as real ones may."""
    made = list(made_up.months(11, 3_000, datetime(2026, 10, 31, 10, tzinfo=UTC), span=2))
    with Questions(made_up.fill(tmp_path_factory.mktemp("store"), made)) as store:
        found = make(store, made_up.register(), OCTOBER, PLACE, LATER, by_mailbox=True)
    lines = tuple(
        structs.replace(
            line,
            name="Trung tâm Phục vụ hành chính công và Chuyển đổi số thuộc Ủy ban nhân dân tỉnh",
            own=structs.replace(line.own, now=_large(line.own.now)),
        )
        for line in found.agencies
    )
    return structs.replace(found, agencies=lines * 8)


def _large(figures: object) -> object:
    return structs.replace(figures, **dict.fromkeys(figures.__struct_fields__, 8888888))  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def page(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(html(report), encoding="utf-8")
    return file


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(tmp_path)


def test_it_opens_without_a_word_on_the_console_and_with_its_charts(page: Path, browser: Browser) -> None:
    tree, console = browser.tree(page)
    assert console == []
    assert tree.count("<svg") == 3
    assert tree.count("<rect") > 10
    assert tree.count("<li><h3>") == 5


@pytest.mark.parametrize("width", [500, 1280])
def test_nothing_but_tables_is_wider_than_the_window(page: Path, browser: Browser, width: int) -> None:
    """A window of a phone's width is the narrowest that headless Chromium makes: 500."""
    probe = page.with_name(f"probe{width}.html")
    probe.write_text(page.read_text(encoding="utf-8").replace("</body>", _WIDTH), encoding="utf-8")
    tree, _ = browser.tree(probe, width)
    found = re.search(r"<title>(\d+)/(\d+)</title>", tree)
    assert found is not None
    assert int(found[1]) <= int(found[2])


def test_light_is_light_and_dark_is_dark(page: Path, browser: Browser) -> None:
    for dark in (False, True):
        with Image.open(browser.picture(page, dark=dark)) as picture:
            shades = picture.convert("L").histogram()
        background = max(range(256), key=shades.__getitem__)
        assert (background < 50) if dark else (background > 220)
        ink = sum(shades[150:]) if dark else sum(shades[:110])
        assert ink > 10_000


def test_on_a4_the_chairman_has_one_page_and_nobody_loses_a_column(page: Path, browser: Browser) -> None:
    paper = pypdfium2.PdfDocument(browser.paper(page))
    texts = []
    for sheet in paper:
        width, height = sheet.get_size()
        assert sorted((round(width), round(height))) == pytest.approx(sorted(A4), abs=2)
        text = sheet.get_textpage()
        texts.append(text.get_text_range())
        for number in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(number)
            assert 0 <= left <= right <= width
            assert 0 <= bottom <= top <= height
    first, *rest = texts
    assert "Cơ quan cần chấn chỉnh" in first
    assert "Diễn biến 12 tháng" not in first
    assert "Theo cơ quan, đơn vị" in "".join(rest)
    # What is clipped is not in the file: each number of the two tables by agency must be.
    shown = page.read_text(encoding="utf-8").count("8.888.888")
    assert shown > 200
    assert "".join(texts).count("8.888.888") == shown
    assert len(texts) < 20


def test_pages_of_paper_lie_as_their_tables_need(page: Path, browser: Browser) -> None:
    paper = pypdfium2.PdfDocument(browser.paper(page))
    across = [sheet.get_width() > sheet.get_height() for sheet in paper]
    assert across[0] is False
    assert any(across)
