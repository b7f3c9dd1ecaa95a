"""Lists in which something is doubtful or wrong: it is asked, told or refused, and never guessed."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineError

from support import spreadsheets
from vanthu.directory import plan, sheets
from vanthu.directory.model import Mailbox, Register
from vanthu.directory.sheets import Sheet, read
from vanthu.directory.understand import understand
from vanthu.errors import Problems

from .lists import AN, BINH, CUONG, DUNG, KNOWN, PLAIN, made, rows, standing, told


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
