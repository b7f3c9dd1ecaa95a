"""A list of a small province, its register, and what is understood of lists that are like it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vanthu.directory import plan
from vanthu.directory.model import Agency, Register
from vanthu.directory.sheets import read
from vanthu.directory.understand import understand

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
PLAIN = [
    ["STT", "Họ và tên", "Chức vụ", "Đơn vị", "Thư điện tử"],
    ["1", "Nguyễn Văn An", "Giám đốc", "Sở Y tế", "annv@soyte.x.gov.vn"],
    ["2", "Trần Thị Bình", "Phó Giám đốc", "Sở Y tế", "binhtt@soyte.x.gov.vn"],
    ["3", "Lê Quốc Cường", "Chuyên viên", "Sở Nội vụ", "cuonglq@x.gov.vn"],
    ["4", "Phạm Thị Dung", "Chủ tịch", "UBND xã An Phú", "dungpt@x.gov.vn"],
]

AN = ("annv@soyte.x.gov.vn", "Nguyễn Văn An", "so-y-te", "Giám đốc")
BINH = ("binhtt@soyte.x.gov.vn", "Trần Thị Bình", "so-y-te", "Phó Giám đốc")
CUONG = ("cuonglq@x.gov.vn", "Lê Quốc Cường", "so-noi-vu", "Chuyên viên")
DUNG = ("dungpt@x.gov.vn", "Phạm Thị Dung", "xa-an-phu", "Chủ tịch")


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
