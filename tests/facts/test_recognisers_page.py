"""docs/recognisers.md is what the docstrings say, and says of every recogniser what it cannot see."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

import vanthu.facts
from facts.test_honest_work import LETTER
from vanthu.facts.official import recognise as official
from vanthu.facts.reading import Reading
from vanthu.facts.secrecy import recognise as secrecy

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "recognisers.py"
_spec = importlib.util.spec_from_file_location("recognisers_page", SCRIPT)
assert _spec is not None
assert _spec.loader is not None
recognisers = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(recognisers)


def test_the_page_is_written_from_the_docstrings() -> None:
    assert recognisers.PAGE.read_text("utf-8") == recognisers.page(), "run: python docs/recognisers.py"


@pytest.mark.parametrize(
    "name", ["vanthu.facts.official", "vanthu.facts.secrecy", "vanthu.facts.forward", "vanthu.facts.relation"]
)
def test_each_says_what_it_cannot_see(name: str) -> None:
    docstring = importlib.import_module(name).__doc__ or ""
    assert "Not seen:" in docstring or "Not found:" in docstring


def test_no_room_of_facts_is_forgotten() -> None:
    """A new package beside ``official`` and ``secrecy`` has its section."""
    rooms = {path.name for path in Path(vanthu.facts.__path__[0]).iterdir() if (path / "__init__.py").exists()}
    assert rooms <= {"official", "secrecy", "forwards"}


MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
DECREE = (
    "Số: 30/2020/NĐ-CP\nHà Nội, ngày 05 tháng 3 năm 2020\nNGHỊ ĐỊNH\nVề công tác văn thư\n"
    "Căn cứ Luật A;\nCăn cứ Luật B;\nĐiều 1. Phạm vi"
)


@pytest.mark.parametrize(
    ("where", "text", "low", "high", "stage"),
    [
        ("body", LETTER, 0.99, 1, "issued"),
        ("body", LETTER.replace("Số: 815/", "Số:      /"), 0.9, 1, "draft"),
        ("body", DECREE, 0.9, 1, "legal"),
        ("filename", "1017_UBND-VX.signed.pdf", 0.7, 0.7, "issued"),
        ("body", "Theo công văn 1017/UBND-VX ngày 26/3/2014, đề nghị anh xem.", 0, 0, None),
        ("body", MOTTO + "ĐƠN XIN VIỆC\nKính gửi: Sở A\nTôi tên là B", 0, 0.01, None),
        ("body", MOTTO + "HỢP ĐỒNG\nSố: 12/2026/HĐKT\nBên A: x\nBên B: y", 0, 0.49, None),
    ],
)
def test_examples_of_official_documents(where: str, text: str, low: float, high: float, stage: str | None) -> None:
    found = official([Reading(where, text)], agency_named=lambda _: None, sender_agency=None, signed=frozenset())
    assert low <= found.score <= high
    assert [one.stage for one in found.documents] == ([stage] if stage else [])


@pytest.mark.parametrize(
    ("where", "text", "score"),
    [
        ("body", LETTER.replace("\nKính", "\nMẬT\n\nKính"), 0.98),
        ("body", LETTER.replace("\nKính", "\nM Ậ T\n\nKính"), 0.98),
        ("body", LETTER.replace("\nKính", "\nMAT\n\nKính"), 0.8),
        ("body", "MẬT\n\nNội dung như đã trao đổi.", 0.6),
        ("body", "MAT\n\nNội dung như đã trao đổi.", 0.0),
        ("body", "Độ mật: Mật", 0.92),
        ("subject", "[MẬT] báo cáo", 0.95),
        ("filename", "MẬT - kế hoạch.docx", 0.85),
        ("body", "Kính gửi\nTUYỆT MẬT\nTỐI MẬT\nMẬT\n", 0.0),
        ("body", "trừ các văn bản, tài liệu mật\nBẢO MẬT\nMẬT KHẨU\nMẬT ONG", 0.0),
    ],
)
def test_examples_of_marks(where: str, text: str, score: float) -> None:
    assert secrecy([Reading(where, text)], ()).score == score
