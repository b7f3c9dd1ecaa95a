"""Boxes that a hand has filled in, or not yet: numbers and days that a scan cannot read, blanks, and templates."""

from __future__ import annotations

import pytest

from facts.official.test_recognise import official, only
from vanthu.facts.official.dates import PlaceDate
from vanthu.facts.official.page import read_page

DISPATCH = """TONG CỤC THUÊ CỘNG HOÀ XÃ HỘI CHÚ NGHĨA VIỆT NAM

CỤC THUE TP HÀ THÀNH Độc lập - Tự do - Hanh phúc
{line}
V/v chính sách thuế đối với
hoạt động cho thuê xe

Kính gửi: Công ty TNHH Vận tải Bình Minh
(Địa chỉ: Lô 5, KCN Đông Hà)

Trả lời công văn số 30/2017-BM đề ngày 30/11/2017 của Công ty, Cục Thuế có ý kiến như sau:

Nơi nhận: KT. CỤC TRƯỞNG
- Như trên; PHÓ CỤC TRƯỞNG
- Phòng Kiểm tra thuế số 2;
- Lưu: VT, TTHT(2).
"""


@pytest.mark.parametrize(
    ("line", "symbol", "date"),
    [
        ("Số:446J/CT-TTHT Hà Thành, ngày 10 tháng 4 năm 2018", "CT-TTHT", "2018-04-10"),
        ("Số4©96-/CT-TTHT Hà Thành, ngày10 tháng 2 năm 2018", "CT-TTHT", "2018-02-10"),
        ("số: q17 /CT-TTHT Hà Thành, ngàyw93 tháng 8 năm 2019", "CT-TTHT", None),
        ("Số:/ 3 /CT-CST Hà Thành, ngay$/ tháng 8 năm 2018", "CT-CST", None),
        ("so: L& ZO /CT- CS Hà Thành, ngày AG tháng 4 năm 2016.", "CT-CS", None),
        ("Số: đút /CT- KTTH Hà Thành, ngày OL tháng 4 năm 2018.", "CT-KTTH", None),
        ("Số *⁄/CT-CĐKT", "CT-CĐKT", None),
        ("s6: /CT-CS", "CT-CS", None),
        ("861913 /CT-TXNK Hà Thành, ngày { 2 thắng 4 năm 2018", "CT-TXNK", None),
        ("Số: §B./,/CT-TXNK Hà Thành, ngày) § tháng 11 năm 2018", "CT-TXNK", None),
    ],
)
def test_a_number_that_nobody_can_read_is_none_and_the_letter_is_issued(
    line: str, symbol: str, date: str | None
) -> None:
    document = only(DISPATCH.format(line=line))
    assert (document.number, document.symbol, document.date) == (None, symbol, date)
    assert (document.kind, document.stage) == ("CV", "issued")
    if "ngày" in line:
        assert document.place == "Hà Thành"


def test_the_signer_beside_the_list_is_no_addressee() -> None:
    addressees = only(DISPATCH.format(line="Số: 12/CT-TTHT")).addressees
    assert addressees == ("Công ty TNHH Vận tải Bình Minh", "Phòng Kiểm tra thuế số 2")


@pytest.mark.parametrize(
    "line",
    [
        "số 108/2015/NĐ-CP",  # the end of an abstract
        "Số CMND/CCCD-HC",
        "Số hộ chiếu/Passport-No",
        "Số 12 Lê Lợi",
        "THUẾ CƠ SỞ 3",
    ],
)
def test_what_only_looks_like_a_number_box(line: str) -> None:
    boxes, _ = read_page(line)
    assert [box.number for box in boxes] == [None]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Đà Nẵng, ngày    tháng 6 năm 2026", PlaceDate("Đà Nẵng", None, blank=True)),
        ("Lai Châu, ngày      tháng      năm 2026", PlaceDate("Lai Châu", None, blank=True)),
        ("Quảng Trị, hồi 14 giờ 00 ngày 28 tháng 9 năm 2026", PlaceDate("Quảng Trị", "2026-09-28", blank=False)),
        ("Hà Nội, ngày ¥2 tháng 8 năm 2015", PlaceDate("Hà Nội", None, blank=False)),
    ],
)
def test_a_day_that_is_blank_or_told_with_the_hour(line: str, expected: PlaceDate) -> None:
    boxes, _ = read_page(line)
    assert [box.dated for box in boxes] == [expected]


@pytest.mark.parametrize(
    ("line", "number", "symbol"),
    [
        ("Số: |3556/CT-BTT", "3556", "CT-BTT"),
        ("Số : 22 |/2012/CT-UBND", "22", "CT-UBND"),
        ("5ố 1188-CV/BTCTU", "1188", "CV/BTCTU"),
        ("Số: 31/5L-VPUBND", "31", "SL-VPUBND"),
        ("So: 815/5KHCN-VP", "815", "SKHCN-VP"),
    ],
)
def test_dirt_between_the_word_and_the_number(line: str, number: str, symbol: str) -> None:
    boxes, _ = read_page(line)
    (found,) = [box.number for box in boxes if box.number]
    assert (found.number, found.symbol) == (number, symbol)


STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"


@pytest.mark.parametrize(
    "text",
    [
        f"Mẫu CT07\n{STATE}XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ\nSố: ......../XN-......\nKính gửi: ...........\n",
        f"Quốc hiệu: {STATE}Số, ký hiệu: Số: .../QĐ-BNV\nKính gửi: ...\nNơi nhận: ...\n- Lưu: VT, ...\n",
        f"{STATE}SƠ YẾU LÝ LỊCH\nHọ và tên: Lê Văn Bảy\nNgày sinh: 5/3/1998\nTrình độ: Đại học\n"
        "Xác nhận của UBND xã\nTM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nSố: 12/CT-UBND\n",
        f"CƠ QUAN CẤP GIẤY PHÉP\n{STATE}…….., ngày … tháng … năm …..\nGIẤY PHÉP XÂY DỰNG\nSố:    /GPXD\n"
        "1. Cấp cho: …………………\nĐịa chỉ: ……………\nCông trình: …………\nVị trí: …………\nDiện tích: …………\n"
        "Nơi nhận:\n- Chủ đầu tư;\n- Lưu: VT, …..\nTHỦ TRƯỞNG CƠ QUAN\n",
        f"{STATE}BIÊN BẢN GHI NHỚ HỢP TÁC\nSố: 02/MOU-ABC\nCăn cứ Bộ luật Dân sự;\nCăn cứ nhu cầu hai bên;\n"
        "BÊN A: CÔNG TY A\nBÊN B: CÔNG TY B\nĐiều 1. Nội dung\nGIÁM ĐỐC\n",
        "CÔNG TY TNHH GIẢI PHÁP SỐ VIỆT\nSố: 05/2026/TB-GPS\nTHÔNG BÁO\nVề việc nghỉ Tết\nKính gửi: Quý khách hàng\n",
        f"{STATE}BIÊN BẢN HỌP ĐẠI HỘI ĐỒNG CỔ ĐÔNG\nSố: 01/2026/BB-ĐHĐCĐ\nCÔNG TY CỔ PHẦN THÉP\n",
    ],
)
def test_a_form_to_fill_in_and_a_firms_notice_are_none(text: str) -> None:
    assert official(text).documents == ()


def test_a_firms_letter_in_the_states_form_is_told_as_a_firms() -> None:
    """It is duty mail all the same when an office has it; but a firm's decision is no law, whatever its number."""
    document = only(
        f"CÔNG TY CỔ PHẦN SAO BIỂN\nSố: 01/2026/QĐ-HĐQT\n{STATE}QUYẾT ĐỊNH\nVề việc bổ nhiệm Kế toán trưởng\n"
        "Căn cứ Luật Doanh nghiệp số 59/2020/QH14;\nCăn cứ Điều lệ Công ty;\nĐiều 1. Bổ nhiệm bà An.\n"
        "Nơi nhận:\n- Như Điều 3;\n- Lưu VP.\nTM. HỘI ĐỒNG QUẢN TRỊ\n"
    )
    assert document.stage == "issued"
    assert "company" in document.evidence
