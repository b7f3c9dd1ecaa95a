"""A year is the sum of its months, beside the year before."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document

from support import month as made_up
from support.month import LATER, PLACE
from vanthu.projections.store_queries import Questions
from vanthu.reports.letter import Letterhead, letter
from vanthu.reports.monthly import make as make_month
from vanthu.reports.months import Month
from vanthu.reports.report import Report
from vanthu.reports.write import write
from vanthu.reports.yearly import make


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = list(made_up.months(5, 3_000, datetime(2026, 10, 31, 10, tzinfo=UTC), span=22))
    return made_up.fill(tmp_path_factory.mktemp("store"), made)


@pytest.fixture(scope="module")
def year(url: str) -> Report:
    with Questions(url) as store:
        return make(store, made_up.register(), 2026, PLACE, LATER)


def test_flows_are_sums_and_mailboxes_are_those_of_an_ordinary_month(url: str, year: Report) -> None:
    with Questions(url) as store:
        months = [make_month(store, made_up.register(), Month(2026, number), PLACE, LATER) for number in range(1, 12)]
    assert year.month == "2026"
    assert [point.month for point in year.trend] == [f"2026-{number:02}" for number in range(1, 12)]
    now = year.total.now
    for name in ("sent", "internal", "received", "documents_sent", "public", "stripped", "unread", "confirmed"):
        assert getattr(now, name) == sum(getattr(one.total.now, name) for one in months), name
    assert now.issued == 63
    assert min(one.total.now.sending for one in months) <= now.sending <= max(one.total.now.sending for one in months)
    assert year.total.before.sent > 0
    assert not year.complete
    assert year.failures == sum(one.failures for one in months)


@pytest.mark.parametrize("form", ["html", "xlsx", "csv", "json"])
def test_every_format_takes_a_year(year: Report, form: str) -> None:
    assert write(year, form)


def test_the_page_and_the_letter_speak_of_a_year(year: Report) -> None:
    page = write(year, "html").decode()
    assert "Báo cáo sử dụng thư điện tử công vụ năm 2026" in page
    assert "Năm trước" in page
    assert "Cùng kỳ năm trước" not in page
    assert "tháng năm" not in page
    document = Document(io.BytesIO(letter(year, Letterhead())))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "công vụ năm 2026" in text
    assert "So với năm trước" in text
    assert "tháng trước" not in text


def test_a_year_without_any_mail_is_zeros(tmp_path: Path) -> None:
    with Questions(f"sqlite:///{tmp_path}/none.db") as store:
        found = make(store, made_up.register(), 2025, PLACE, LATER)
    assert found.total.now.sent == 0
    assert found.total.now.issued == 63
    assert len(found.trend) == 12
