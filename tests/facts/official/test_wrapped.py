"""A head whose boxes a narrow column has wrapped is read as if it stood in whole lines; nothing else is joined."""

from __future__ import annotations

import pytest

from vanthu.facts.official import recognise
from vanthu.facts.official.lines import bare
from vanthu.facts.official.wrapped import unwrapped
from vanthu.facts.reading import Reading

WRAPPED = """{0}
TỈNH HÀ THÀNH
-------
|
{1}
Độc lập - Tự do - Hạnh phúc
--------------
|
{2}
|
{3}
|
QUYẾT ĐỊNH
BAN HÀNH QUY ĐỊNH VỀ CÔNG TÁC VĂN THƯ
Căn cứ Luật Lưu trữ ngày 11/11/2011;
Căn cứ Luật Công nghệ thông tin ngày 29/6/2006;
Điều 1. Ban hành kèm theo Quyết định này Quy định về công tác văn thư.
"""


@pytest.mark.parametrize("issuer", ["ỦY BAN NHÂN DÂN", "ỦY\nBAN NHÂN DÂN", "UỶ BAN NHÂN\nDÂN", "ỦY\nBAN\nNHÂN DÂN"])
@pytest.mark.parametrize(
    "motto",
    [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "CỘNG\nHÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "CỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM",
        "CỘNG HÒA\nXÃ HỘI CHỦ NGHĨA\nVIỆT NAM",
    ],
)
def test_issuer_and_motto(issuer: str, motto: str) -> None:
    document = _only(WRAPPED.format(issuer, motto, "Số: 33/2009/QĐ-UBND", "Mỹ Tho, ngày 24 tháng 12 năm 2009"))
    assert " ".join((document.issuer or "").replace("UỶ", "ỦY").split()) == "ỦY BAN NHÂN DÂN TỈNH HÀ THÀNH"
    assert (document.number, document.symbol) == ("33", "QĐ-UBND")


@pytest.mark.parametrize(
    ("dated", "place"),
    [
        ("Mỹ\nTho, ngày 24 tháng 12 năm 2009", "Mỹ Tho"),
        ("Bà Rịa - Vũng\nTàu, ngày 24 tháng 12 năm 2009", "Bà Rịa - Vũng Tàu"),
        ("Hà Thành,\nngày 24 tháng 12 năm 2009", "Hà Thành"),
        ("Hà Thành, ngày\n24 tháng 12 năm 2009", "Hà Thành"),
        ("Hà Thành, ngày 24\ntháng 12 năm\n2009", "Hà Thành"),
    ],
)
def test_number_and_place(dated: str, place: str) -> None:
    text = WRAPPED.format("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số:\n33/2009/QĐ-UBND", dated)
    document = _only(text)
    assert (document.number, document.year, document.place, document.date) == ("33", 2009, place, "2009-12-24")


@pytest.mark.parametrize("number", ["Số: 12/QLD-\nĐK", "Số:\n12/QLD-\nĐK", "Số: 12/\nQLD-ĐK"])
def test_a_symbol(number: str) -> None:
    text = WRAPPED.format(
        "CỤC QUẢN LÝ DƯỢC", "Độc lập - Tự do - Hạnh phúc", number, "Hà Nội, ngày 1 tháng 2 năm 2026"
    )
    document = _only(text)
    assert (document.number, document.symbol) == ("12", "QLD-ĐK")


@pytest.mark.parametrize("quoted", ["", "> "])
@pytest.mark.parametrize(
    ("number", "year"), [("Số:\n33\n/QĐ-UBND", None), ("Số:\n33\n/2009/QĐ-UBND", 2009), ("Số: 33\n/QĐ-UBND", None)]
)
def test_a_number_stamped_in_stands_alone(number: str, year: int | None, quoted: str) -> None:
    text = WRAPPED.format("ỦY\nBAN NHÂN DÂN", "CỘNG\nHÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", number, "Hà Thành,\nngày 2")
    document = _only("\n".join(quoted + line for line in text.split("\n")))
    assert (document.number, document.year, document.symbol) == ("33", year, "QĐ-UBND")


@pytest.mark.parametrize("gap", ["\t", " | ", "     "])
@pytest.mark.parametrize("cells", [("Số:", "33", "/QĐ-UBND"), ("Số:", "33/QĐ-UBND"), ("Số: 33", "/QĐ-UBND")])
def test_a_number_in_cells(cells: tuple[str, ...], gap: str) -> None:
    text = WRAPPED.format("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", gap.join(cells), "Hà Thành")
    document = _only(text)
    assert (document.number, document.symbol) == ("33", "QĐ-UBND")


@pytest.mark.parametrize(
    "text",
    [
        "Kính gửi\nHuế, ngày 5 tháng 3 năm 2026",
        "Người làm đơn\nAn, ngày 5 tháng 3 năm 2026",
        "ỦY BAN NHÂN DÂN\nTỈNH HÀ THÀNH",
        "CỘNG\nSố: 12/UBND-VX",
        "Số:\nnhà 12/3 đường A",
        "Số:\n12\nNgày:\n3",
        "Số:\n12",
        "Số:\n2031\n/ tháng",
        "Số: 12/QLD-ĐK\nV/v trả lời",
        "Hà Nội, ngày 1 tháng 2 năm 2026\n2 bản",
        "Độc lập -\nKính gửi: Sở Y tế",
    ],
)
def test_two_boxes_stay_two(text: str) -> None:
    rows = text.split("\n")
    assert unwrapped(rows, bare) == rows


def _only(text: str):  # type: ignore[no-untyped-def]
    found = recognise([Reading("body", text)], agency_named=lambda _: None, sender_agency=None, signed=frozenset())
    assert len(found.documents) == 1
    return found.documents[0]
