"""Lists in the manner of real offices are understood without a wrong row; what is unclear is asked, not guessed."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineError

from support import spreadsheets
from vanthu.directory import plan, sheets
from vanthu.directory.model import Agency, Mailbox, Register
from vanthu.directory.sheets import Sheet, read
from vanthu.directory.understand import understand
from vanthu.errors import Problems

KNOWN = Register(
    {
        "ubnd-tinh": Agency("ubnd-tinh", "UBND tỉnh X"),
        "so-y-te": Agency("so-y-te", "Sở Y tế", "health", "ubnd-tinh", ("soyte.x.gov.vn",)),
        "so-noi-vu": Agency("so-noi-vu", "Sở Nội vụ", None, "ubnd-tinh"),
        "so-khcn": Agency("so-khcn", "Sở Khoa học và Công nghệ", None, "ubnd-tinh"),
        "xa-an-phu": Agency("xa-an-phu", "UBND xã An Phú", None, "ubnd-tinh"),
    },
    {},
)


def standing(domain: str) -> plan.Standing:
    if domain in ("gmail.com", "yahoo.com"):
        return "public"
    return "official" if domain.endswith("x.gov.vn") else "other"


def made(*files: Path, register: Register = KNOWN, answers: Mapping[str, str] = {}) -> plan.Plan:
    return plan.make([understand(sheet) for file in files for sheet in read(file)], register, standing, answers)


def rows(found: plan.Plan) -> list[tuple[str, str, str | None, str | None]]:
    return [(one.address, one.name, one.agency, one.position) for one in found.mailboxes.values()]


def told(found: plan.Plan, level: str) -> list[str]:
    return [f"{one.place}: {one.text}" for one in found.remarks if one.level == level]


AN = ("annv@soyte.x.gov.vn", "Nguyễn Văn An", "so-y-te", "Giám đốc")
BINH = ("binhtt@soyte.x.gov.vn", "Trần Thị Bình", "so-y-te", "Phó Giám đốc")
CUONG = ("cuonglq@x.gov.vn", "Lê Quốc Cường", "so-noi-vu", "Chuyên viên")
DUNG = ("dungpt@x.gov.vn", "Phạm Thị Dung", "xa-an-phu", "Chủ tịch")


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


PLAIN = [
    ["STT", "Họ và tên", "Chức vụ", "Đơn vị", "Thư điện tử"],
    ["1", "Nguyễn Văn An", "Giám đốc", "Sở Y tế", "annv@soyte.x.gov.vn"],
    ["2", "Trần Thị Bình", "Phó Giám đốc", "Sở Y tế", "binhtt@soyte.x.gov.vn"],
    ["3", "Lê Quốc Cường", "Chuyên viên", "Sở Nội vụ", "cuonglq@x.gov.vn"],
    ["4", "Phạm Thị Dung", "Chủ tịch", "UBND xã An Phú", "dungpt@x.gov.vn"],
]


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


def test_8_columns_under_each_others_names_are_asked(tmp_path: Path) -> None:
    lines = [[stt, name, office, position, address] for stt, name, position, office, address in PLAIN[1:]]
    found = made(spreadsheets.xlsx(tmp_path / "8.xlsx", {"Sheet1": [PLAIN[0], *lines]}))
    assert rows(found) == [AN, BINH, CUONG, DUNG]
    assert len(told(found, "question")) == 1
    assert "each other's names in 4 of 4 rows" in told(found, "question")[0]


def test_9_what_cells_of_addresses_hold(tmp_path: Path) -> None:
    head = ["STT", "Họ và tên", "Chức vụ", "Đơn vị", "Email"]

    def line(name: str, address: str) -> list[str]:
        return ["1", name, "Chuyên viên", "Sở Y tế", address]

    file = spreadsheets.xlsx(
        tmp_path / "9.xlsx",
        {
            "Sheet1": [
                head,
                line("Nguyễn Văn An", "annv@soyte.x.gov.vn; an1985@gmail.com"),
                line("Trần Thị Bình", "binhtt@soyte.x.gov.vn\nbinh2@soyte.x.gov.vn"),
                line("Lê Quốc Cường", "cuonglq@soyte,x.gov.vn"),
                line("Phạm Thị Dung", "dung1990@gmail.com"),
                line("Võ Văn Giang", "giangvv(at)soyte.x.gov.vn"),
                line("Đỗ Thị Hà", "hàdt@soyte.x.gov.vn"),
                line("Bùi Văn Khoa", "khoabv@soyte.x.gov.vn (dùng chung)"),
                line("Ngô Thị Lan", ""),
                line("Hồ Văn Minh", "minhhv @soyte. x.gov.vn"),
                line("Dương Thị Nga", "nga dt@soyte.x.gov.vn"),
            ]
        },
    )
    found = made(file)
    assert [(one.address, one.private) for one in found.mailboxes.values()] == [
        ("annv@soyte.x.gov.vn", ("an1985@gmail.com",)),
        ("binhtt@soyte.x.gov.vn", ()),
        ("binh2@soyte.x.gov.vn", ()),
        ("khoabv@soyte.x.gov.vn", ()),
        ("minhhv@soyte.x.gov.vn", ()),
    ]
    unclear = told(found, "unclear")
    for row, part in [(4, "cuonglq"), (5, "dung1990@gmail.com"), (6, "giangvv"), (7, "hàdt"), (11, "nga dt")]:
        assert sum(f":{row}: " in text and part in text for text in unclear) == 1, (row, unclear)
    assert len(unclear) == 5
    assert "1 persons without address, rows 9" in "\n".join(told(found, "note"))
    assert {text.partition(": ")[0] for text in told(found, "question")} == {f"9.xlsx[Sheet1]:{n}" for n in (2, 3, 8)}


def test_10_mailboxes_of_offices_contradictions_and_strange_headings(tmp_path: Path) -> None:
    file = spreadsheets.xlsx(
        tmp_path / "10.xlsx",
        {
            "Hộp thư": [
                ["TT", "Tên chủ hộp thư", "Đơn vị", "Hộp thư", "Vai trò"],
                [1, "Văn thư Sở Y tế", "Sở Y tế", "vanthu@soyte.x.gov.vn"],
                [2, "Bộ phận Một cửa", "Sở Y tế", "motcua@soyte.x.gov.vn", "Một cửa"],
                [3, "Nguyễn Văn An", "Sở Y tế", "annv@soyte.x.gov.vn"],
                [4, "Nguyễn Văn Ân", "Sở Y tế", "annv@soyte.x.gov.vn"],
                [5, "Trần Thị Bình", "Sở Y Tế", "binhtt@soyte.x.gov.vn"],
                [6, "Trần Thị Bình", "SỞ Y TẾ", "BINHTT@soyte.x.gov.vn"],
                [7, "Lê Quốc Cường", "Sở Nội vụu", "cuonglq@x.gov.vn"],
                [8, "Phạm Thị Dung", "Đội 3", "dungpt@x.gov.vn"],
                [9, "Vũ Văn Giang", "Sở Y tế", "giangvv@congty.vn"],
                ["Liên hệ quản trị: admin@x.gov.vn"],
            ]
        },
    )
    found = made(file)
    assert [(one.address, one.role) for one in found.mailboxes.values()] == [
        ("vanthu@soyte.x.gov.vn", "agency"), ("motcua@soyte.x.gov.vn", "public_service"),
        ("binhtt@soyte.x.gov.vn", "personal"), ("giangvv@congty.vn", "personal"),
    ]  # fmt: skip
    unclear = "\n".join(told(found, "unclear"))
    assert "annv@soyte.x.gov.vn stands also at 10.xlsx[Hộp thư]:4, name Nguyễn Văn An -> Nguyễn Văn Ân" in unclear
    assert "is Sở Nội vụu the agency Sở Nội vụ?" in unclear
    assert "which agency is Đội 3?" in unclear
    assert "10.xlsx[Hộp thư]:11: an address outside of the columns" in unclear
    assert "congty.vn" in "\n".join(told(found, "question"))


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


def test_what_is_in_the_register_already_is_counted_or_asked(tmp_path: Path) -> None:
    register = Register(
        KNOWN.agencies,
        {
            "annv@soyte.x.gov.vn": Mailbox("annv@soyte.x.gov.vn", "Nguyễn Văn An", "so-y-te", "Giám đốc"),
            "binhtt@soyte.x.gov.vn": Mailbox("binhtt@soyte.x.gov.vn", "Trần Thị Bình", "so-noi-vu"),
        },
    )
    found = made(spreadsheets.text(tmp_path / "a.csv", PLAIN), register=register)
    assert found.known == 1
    assert rows(found) == [CUONG, DUNG]
    assert "agency so-noi-vu -> so-y-te" in told(found, "unclear")[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"<html><table><tr><td>a@b.vn</td></tr></table></html>", "a web page"),
        (b"PK\x03\x04 no archive", "not a spreadsheet"),
        (b"\xd0\xcf\x11\xe0 nothing", "not a spreadsheet"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.xls").write_bytes(content)
    with pytest.raises(Problems, match=message):
        read(tmp_path / "a.xls")


@pytest.mark.parametrize("error", [CalamineError(), ValueError("\n"), OSError("")])
def test_a_spreadsheet_whose_reader_says_nothing_is_refused_by_the_kind_of_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(_: object) -> None:
        raise error

    monkeypatch.setattr(sheets, "CalamineWorkbook", SimpleNamespace(from_filelike=fails))
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(Problems, match=f"can be read: {type(error).__name__}$"):
        read(tmp_path / "a.xls")


def test_a_list_without_header_or_without_addresses_writes_nothing(tmp_path: Path) -> None:
    found = made(spreadsheets.text(tmp_path / "a.csv", PLAIN[1:]))
    assert not found.mailboxes
    assert "4 addresses left out" in told(found, "unclear")[0]
    assert made(spreadsheets.text(tmp_path / "b.csv", [["Sở", "Số máy"], ["Sở Y tế", "12"]])).sure


def test_a_hidden_sheet_is_asked_about(tmp_path: Path) -> None:
    file = spreadsheets.xlsx(tmp_path / "a.xlsx", {"Sheet1": PLAIN[:2], "Cũ": PLAIN}, hidden=["Cũ"])
    assert [text for text in told(made(file), "question") if "hidden" in text]


_CELLS = st.sampled_from(
    [
        "", "", "STT", "Họ và tên", "Chức vụ", "Đơn vị", "Email", "1", "I", "A", "Nguyễn Văn An", "Sở Y tế",
        "Giám đốc", "an@x.gov.vn", "b@gmail.com; c@x.gov.vn", "Tổng cộng", "Khối Đảng", "Phòng A", "nt", "(1)", "@",
        "Người lập", "SỞ NỘI VỤ", "x@", "Trường THPT", "Hộp thư",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.one_of(_CELLS, st.text(max_size=12)), max_size=7), max_size=14))
def test_whatever_a_sheet_holds_only_addresses_of_its_cells_come_out(grid: list[list[str]]) -> None:
    sheet = Sheet("a.csv", "", tuple(tuple(row) for row in grid), {})
    found = plan.make([understand(sheet)], KNOWN, standing, {})
    written = unicodedata.normalize("NFKC", " ".join(cell for row in grid for cell in row)).lower()
    for mailbox in found.mailboxes.values():
        assert mailbox.address in written.replace(" ", "")
        assert mailbox.agency is None or mailbox.agency in {**KNOWN.agencies, **found.agencies}
    if any("an@x.gov.vn" in row for row in grid):  # no address is lost in silence
        assert "an@x.gov.vn" in found.mailboxes or not found.sure
