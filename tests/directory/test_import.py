"""Lists in the manner of real offices are understood without a wrong row; what is unclear is asked, not guessed."""

from __future__ import annotations

import json
import unicodedata
from importlib import resources
from pathlib import Path

import pytest

from support import spreadsheets
from vanthu.directory.model import Register

from .lists import AN, BINH, CUONG, DUNG, PLAIN, made, rows, told


def test_1_letterhead_title_signature_and_totals_around_a_table(tmp_path: Path) -> None:
    file = spreadsheets.xlsx(
        tmp_path / "1.xlsx",
        {
            "Sheet1": [
                ["UBND TỈNH X", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
                ["SỞ NỘI VỤ", "", "", "Độc lập - Tự do - Hạnh phúc"],
                ["Số: 12/SNV-VP"],
                ["DANH SÁCH HỘP THƯ ĐIỆN TỬ CÔNG VỤ"],
                ["(Kèm theo Công văn số 12/SNV-VP ngày 05/01/2026)"],
                [],
                ["STT", "Họ và tên", "Đơn vị công tác", "Chức vụ", "Địa chỉ thư điện tử", "Ghi chú"],
                ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
                [1, "NGUYỄN VĂN AN", "Sở Y tế", "Giám đốc", "annv@soyte.x.gov.vn", "mới cấp"],
                [2, "Trần Thị Bình", "nt", "Phó Giám đốc", "MAILTO:BinhTT@soyte.x.gov.vn"],
                [3, "Lê Quốc Cường", "SỞ NỘI VỤ", "Chuyên viên", "cuonglq @ x.gov.vn"],
                [4, "Phạm Thị Dung", "Ủy ban nhân dân xã An Phú", "Chủ tịch", "<dungpt@x.gov.vn>"],
                ["", "Tổng cộng: 04 hộp thư"],
                [],
                ["", "Người lập biểu", "", "", "GIÁM ĐỐC"],
                ["", "(Ký, ghi rõ họ tên)"],
                ["", "Hoàng Văn Lập", "", "", "Vũ Thị Ký"],
            ]
        },
    )
    found = made(file)
    assert rows(found) == [AN, BINH, CUONG, DUNG]
    assert found.sure
    assert not found.agencies


def test_2_agencies_in_section_rows_with_groups_above(tmp_path: Path) -> None:
    file = spreadsheets.xlsx(
        tmp_path / "2.xlsx",
        {
            "DS": [
                ["", "DANH SÁCH CÁN BỘ"],
                ["TT", "HO VA TEN", "CHUC DANH", "EMAIL CONG VU", "DIEN THOAI"],
                ["A", "KHỐI CÁC SỞ, BAN, NGÀNH"],
                ["I", "SỞ Y TẾ"],
                [1, "Nguyễn Văn An", "Giám đốc", "annv@soyte.x.gov.vn", "0912345678"],
                ["", "Phòng Kế hoạch - Tài chính"],
                [2, "Trần Thị Bình", "Phó Giám đốc", "binhtt@soyte.x.gov.vn", 91234567],
                ["", "Cộng: 2"],
                ["II", "SỞ NỘI VỤ"],
                [1, "Lê Quốc Cường", "Chuyên viên", "cuonglq@x.gov.vn"],
                ["B", "KHỐI XÃ, PHƯỜNG"],
                ["I", "UBND XÃ AN PHÚ"],
                [1, "Phạm Thị Dung", "Chủ tịch", "dungpt@x.gov.vn"],
                ["", "TỔNG CỘNG", "", "4"],
            ]
        },
        merged=["A1:E1"],
    )
    found = made(file)
    assert rows(found) == [AN, BINH, CUONG, DUNG]
    assert found.sure, found.remarks


def test_3_merged_headers_and_agencies_merged_over_their_rows(tmp_path: Path) -> None:
    file = spreadsheets.xlsx(
        tmp_path / "3.xlsx",
        {
            "Tổng hợp": [
                ["STT", "Cơ quan, đơn vị", "Họ và tên", "", "Chức vụ", "Hộp thư điện tử", ""],
                ["", "", "", "", "", "Công vụ", "Cá nhân"],
                [1, "Sở Y tế", "Nguyễn Văn", "An", "Giám đốc", "annv@soyte.x.gov.vn", "nguyenvanan1985@gmail.com"],
                [2, "", "Trần Thị", "Bình", "Phó Giám đốc", "binhtt@soyte.x.gov.vn", ""],
                [3, "Sở Nội vụ", "Lê Quốc", "Cường", "Chuyên viên", "cuonglq@x.gov.vn", ""],
                [4, "UBND xã An Phú", "Phạm Thị", "Dung", "Chủ tịch", "dungpt@x.gov.vn", ""],
            ]
        },
        merged=["A1:A2", "B1:B2", "C1:D2", "E1:E2", "F1:G1", "B3:B4"],
    )
    found = made(file)
    assert rows(found) == [AN, BINH, CUONG, DUNG]
    assert found.mailboxes["annv@soyte.x.gov.vn"].private == ("nguyenvanan1985@gmail.com",)
    assert found.sure, found.remarks


def test_4_one_sheet_an_agency_in_excel_97_with_columns_in_any_order(tmp_path: Path) -> None:
    file = spreadsheets.xls(
        tmp_path / "4.xls",
        {
            "Sở Y tế": [
                ["Email", "Chức danh", "Họ tên cán bộ"],
                ["annv@soyte.x.gov.vn", "Giám đốc", "nguyễn văn an"],
                ["binhtt@soyte.x.gov.vn;", "Phó Giám đốc", "Bà Trần Thị  Bình"],
            ],
            "SNV": [["Họ tên cán bộ", "Email", "Chức danh"], ["Lê Quốc Cường", "cuonglq@x.gov.vn", "Chuyên viên"]],
            "UBND xã An Phú": [
                ["Chức danh", "Họ tên cán bộ", "Email"],
                ["Chủ tịch", "Đ/c Phạm Thị Dung", "dungpt@x.gov.vn"],
            ],
            "Sheet4": [],
        },
    )
    found = made(file)
    assert rows(found) == [AN, BINH, DUNG]
    assert [text for text in told(found, "unclear") if "SNV" in text]
    assert rows(made(file, answers={"SNV": "so-noi-vu"})) == [AN, BINH, CUONG, DUNG]


def test_5_opendocument_with_blank_agencies_and_a_split_name(tmp_path: Path) -> None:
    file = spreadsheets.ods(
        tmp_path / "5.ods",
        {
            "Trang tính1": [
                ["Phụ lục"],
                [],
                ["TT", "Họ đệm", "Tên", "Chức vụ", "Tên đơn vị", "Địa chỉ email"],
                ["1", "Nguyễn Văn", "An", "Giám đốc", "Sở Y tế", "annv@soyte.x.gov.vn"],
                ["2", "Trần Thị", "Bình", "Phó Giám đốc", "", "binhtt@soyte.x.gov.vn"],
                ["3", "Lê Quốc", "Cường", "Chuyên viên", "Sở Nội vụ", "cuonglq@x.gov.vn"],
            ]
        },
    )
    found = made(file)
    assert rows(found) == [AN, BINH, CUONG]
    assert told(found, "question") == ["5.ods[Trang tính1]:5: the agency is empty in 1 rows: taken from above"]


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-16", "\t"), ("utf-8-sig", ";"), ("utf-8", ","), ("cp1258", ";"), ("tcvn3", ","), ("utf-16-le", ";")],
)
def test_6_text_in_any_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = PLAIN
    if encoding == "cp1258":
        lines = [[_in_1258(cell) for cell in line] for line in lines]
    elif encoding == "tcvn3":
        lines, encoding = [[_in_tcvn3(cell) for cell in line] for line in lines], "cp1252"
    found = made(spreadsheets.text(tmp_path / "6.csv", lines, encoding=encoding, separator=separator))
    assert rows(found) == [AN, BINH, CUONG, DUNG]
    assert found.sure


def _in_1258(text: str) -> str:
    """Letters with their vowel mark, tones apart, as windows-1258 has them."""
    composed = []
    for char in text:
        pieces = unicodedata.normalize("NFD", char)
        base = "".join(c for c in pieces if c not in "\u0300\u0301\u0303\u0309\u0323")
        tones = "".join(c for c in pieces if c in "\u0300\u0301\u0303\u0309\u0323")
        composed.append(unicodedata.normalize("NFC", base) + tones)
    return "".join(composed)


def _in_tcvn3(text: str) -> str:
    codes = json.loads(resources.files("vanthu.vietnamese").joinpath("legacy.json").read_text("utf-8"))["tcvn3"][
        "codes"
    ]
    table = {letter: bytes.fromhex(code).decode("latin-1") for code, letter in codes.items()}
    return "".join(table.get(char, char) for char in text)


def test_7_fonts_of_before_unicode_inside_a_workbook(tmp_path: Path) -> None:
    lines = [[_in_tcvn3(cell) for cell in line] for line in PLAIN]
    found = made(spreadsheets.xlsx(tmp_path / "7.xlsx", {"Sheet1": lines}))
    assert rows(found) == [AN, BINH, CUONG, DUNG]
    assert found.sure


def test_11_a_new_province_proposes_its_agencies(tmp_path: Path) -> None:
    file = spreadsheets.xlsx(
        tmp_path / "11.xlsx",
        {
            "DANH SACH": [
                ["STT", "Họ tên", "Chức vụ", "E-mail"],
                ["I", "ỦY BAN NHÂN DÂN TỈNH X"],
                ["1", "Văn phòng UBND tỉnh"],
                ["1", "Nguyễn Văn An", "Chánh Văn phòng", "an@x.gov.vn"],
                ["II", "BỆNH VIỆN ĐA KHOA TỈNH"],
                ["1", "Trần Thị Bình", "Bác sĩ", "binh@x.gov.vn"],
                ["III", "TRƯỜNG THPT CHUYÊN"],
                ["1", "Lê Quốc Cường", "Hiệu trưởng", "cuong@x.gov.vn"],
            ]
        },
    )
    found = made(file, register=Register({}, {}))
    assert {(a.slug, a.name, a.kind, a.parent) for a in found.agencies.values()} == {
        ("uy-ban-nhan-dan-tinh-x", "Ủy ban nhân dân tỉnh X", None, None),
        ("van-phong-ubnd-tinh", "Văn phòng UBND tỉnh", None, "uy-ban-nhan-dan-tinh-x"),
        ("benh-vien-da-khoa-tinh", "Bệnh viện Đa khoa tỉnh", "health", None),
        ("truong-thpt-chuyen", "Trường THPT chuyên", "education", None),
    }
    assert [one.agency for one in found.mailboxes.values()] == [
        "van-phong-ubnd-tinh", "benh-vien-da-khoa-tinh", "truong-thpt-chuyen",
    ]  # fmt: skip
    assert not found.sure


def test_12_two_tables_on_a_sheet_repeated_headers_and_a_heading_nobody_knows(tmp_path: Path) -> None:
    file = spreadsheets.xlsx(
        tmp_path / "12.xlsx",
        {
            "Sheet1": [
                ["Sở Y tế"],
                ["STT", "Họ và tên", "Chức vụ", "Thư điện tử"],
                [1, "Nguyễn Văn An", "Giám đốc", "annv@soyte.x.gov.vn"],
                ["STT", "Họ và tên", "Chức vụ", "Thư điện tử"],
                [2, "Trần Thị Bình", "Phó Giám đốc", "binhtt@soyte.x.gov.vn"],
                ["Tổng cộng", "", "", 2],
                [],
                ["Sở Nội vụ"],
                ["STT", "Thư điện tử", "Họ và tên", "Chức vụ"],
                [1, "cuonglq@x.gov.vn", "Lê Quốc Cường", "Chuyên viên"],
                ["Tam Kỳ"],
                [1, "dungpt@x.gov.vn", "Phạm Thị Dung", "Chủ tịch"],
            ]
        },
    )
    found = made(file)
    assert rows(found) == [AN, BINH, CUONG]
    assert any("which agency is Tam Kỳ?" in text for text in told(found, "unclear"))


def test_13_columns_of_offices_former_addresses_and_misplaced_ones(tmp_path: Path) -> None:
    offices = spreadsheets.xlsx(
        tmp_path / "13a.xlsx",
        {
            "Sheet1": [
                ["STT", "Tên đơn vị", "Họ tên thủ trưởng", "Email đơn vị", "Email cũ"],
                ["1", "Sở Y tế", "Nguyễn Văn An", "soyte@x.gov.vn", "cu@soyte.x.gov.vn"],
                ["2", "Sở Nội vụ", "Lê Quốc Cường", "sonoivu@x.gov.vn", ""],
            ]
        },
    )
    found = made(offices)
    assert [(one.address, one.role) for one in found.mailboxes.values()] == [
        ("soyte@x.gov.vn", "agency"), ("sonoivu@x.gov.vn", "agency"),
    ]  # fmt: skip
    assert any("D (Email đơn vị) holds mailboxes of offices" in text for text in told(found, "question"))
    assert any("E (Email cũ) is left out" in text for text in told(found, "note"))
    both = spreadsheets.text(
        tmp_path / "13c.csv",
        [
            ["Họ tên", "Cơ quan", "Email", "Email cơ quan"],
            ["Nguyễn Văn An", "Sở Y tế", "annv@soyte.x.gov.vn", "soyte@x.gov.vn"],
        ],
    )
    found = made(both)
    assert [(one.address, one.role) for one in found.mailboxes.values()] == [("annv@soyte.x.gov.vn", "personal")]
    assert len(told(found, "question")) == 1
    misplaced = spreadsheets.text(
        tmp_path / "13b.csv",
        [
            ["Họ tên", "Đơn vị", "Email công vụ", "Email cá nhân"],
            ["Nguyễn Văn An", "Sở Y tế", "a@x.gov.vn", "b@x.gov.vn"],
        ],
    )
    found = made(misplaced)
    assert not found.mailboxes
    assert "official, but in a column of private addresses: b@x.gov.vn" in told(found, "unclear")[0]


def test_14_headings_with_counts_and_addresses_with_names(tmp_path: Path) -> None:
    file = spreadsheets.text(
        tmp_path / "14.csv",
        [
            ["STT", "Họ và tên", "Chức vụ", "Email"],
            ["", "Đơn vị: Sở Y tế (2 người)", "", ""],
            ["1", "Nguyễn Văn An", "Giám đốc", "<annv@soyte.x.gov.vn>"],
            ["2", "Trần Thị Bình", "Phó Giám đốc", "Trần Thị Bình <binhtt@soyte.x.gov.vn>"],
            ["II.", "SỞ NỘI VỤ: 1 cán bộ", "", ""],
            ["1", "Lê Quốc Cường", "Chuyên viên", "cuonglq@x.gov.vn"],
        ],
    )
    found = made(file)
    assert rows(found) == [AN, BINH, CUONG]
    assert [text.partition(": ")[0] for text in told(found, "question")] == ["14.csv:4"]
