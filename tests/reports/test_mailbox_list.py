"""The list of 506 holds whom it asks for, and nobody else."""

from __future__ import annotations

import csv
import io
from datetime import date

from python_calamine import CalamineWorkbook

from vanthu.directory.model import Agency, Mailbox, Register
from vanthu.reports.mailbox_list import HEADS, as_csv, as_xlsx, rows

DAY = date(2026, 11, 1)
REGISTER = Register(
    {
        a.slug: a
        for a in (
            Agency("bv", "Bệnh viện Đa khoa", "health", "so-y-te"),
            Agency("khoa", "Trung tâm Đào tạo", None, "bv"),
            Agency("ubnd", "UBND tỉnh X"),
            Agency("so-y-te", "Sở Y tế", "health", "ubnd"),
            Agency("cc", "Chi cục Dân số", None, "so-y-te"),
            Agency("cu", "Sở Cũ", None, "ubnd", valid_to=date(2025, 2, 28)),
        )
    },
    {
        m.address: m
        for m in (
            Mailbox("vt@x.gov.vn", "Văn thư", "so-y-te", role="agency"),
            Mailbox("c@x.gov.vn", "Lê C", "cc", "Chi cục trưởng"),
            Mailbox("b@x.gov.vn", "Trần B", "so-y-te", "Giám đốc"),
            Mailbox("a@x.gov.vn", "Nguyễn A", "ubnd", "Chủ tịch"),
            Mailbox("bs@x.gov.vn", "Bác sĩ", "bv"),
            Mailbox("gv@x.gov.vn", "Giảng viên", "khoa"),
            Mailbox("cu@x.gov.vn", "Người cũ", "cu"),
            Mailbox("nghi@x.gov.vn", "Đã nghỉ", "ubnd", valid_to=date(2026, 10, 31)),
            Mailbox("khong@x.gov.vn", "Không rõ"),
            Mailbox("quet@x.gov.vn", role="system", agency="ubnd"),
        )
    },
)
LISTED = [
    (1, "Nguyễn A", "UBND tỉnh X", "Chủ tịch", "a@x.gov.vn"),
    (2, "Trần B", "Sở Y tế", "Giám đốc", "b@x.gov.vn"),
    (3, "Lê C", "Chi cục Dân số, Sở Y tế", "Chi cục trưởng", "c@x.gov.vn"),
]


def test_persons_in_the_order_of_the_tree_without_schools_and_hospitals() -> None:
    assert rows(REGISTER, DAY) == LISTED


def test_mailboxes_of_offices_on_demand() -> None:
    assert [row[4] for row in rows(REGISTER, DAY, offices=True)] == [
        "a@x.gov.vn", "vt@x.gov.vn", "b@x.gov.vn", "c@x.gov.vn",
    ]  # fmt: skip


def test_another_day_has_other_offices() -> None:
    assert "cu@x.gov.vn" in [row[4] for row in rows(REGISTER, date(2025, 1, 1))]


def test_both_formats_say_the_same() -> None:
    lines = list(csv.reader(io.StringIO(as_csv(LISTED).decode("utf-8-sig"))))
    assert lines == [list(HEADS), *([str(cell) for cell in row] for row in LISTED)]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(LISTED, DAY))).get_sheet_by_index(0).to_python()
    assert sheet[0][0] == "DANH MỤC ĐỊA CHỈ HỘP THƯ ĐIỆN TỬ CÔNG VỤ"
    assert [tuple(row) for row in sheet[-3:]] == [(float(row[0]), *row[1:]) for row in LISTED]
