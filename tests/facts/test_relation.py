"""Whose mailbox a recipient is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.directory.model import Mailbox, Register
from vanthu.facts.relation import relation
from vanthu.mail.address import key

ME = Mailbox("annv.skhcn@x.gov.vn", "Nguyễn Văn An", "khcn", private=("an.bi.danh@gmail.com",))
COLLEAGUE = Mailbox("binhttt@x.gov.vn", "Trần Thị Thanh Bình", "khcn", private=("hoa.hong@yahoo.com",))
STRANGER = Mailbox("cuonglq@x.gov.vn", "Lê Quốc Cường", "so-y-te")
CLERK = Mailbox("vanthu.skhcn@x.gov.vn", "Văn thư Sở", "khcn", role="agency")
RARE = Mailbox("hoa@x.gov.vn", "Đinh Phương Hoa", "khcn")
COMMON = Mailbox("huongnt@x.gov.vn", "Nguyễn Thị Hương", "khcn")
TWICE = [Mailbox(f"khanh{n}@x.gov.vn", "Dương Gia Khánh", "khcn") for n in (1, 2)]
REGISTER = Register({}, {key(m.address): m for m in (ME, COLLEAGUE, STRANGER, CLERK, RARE, COMMON, *TWICE)})


@pytest.mark.parametrize("address", ["an.bi.danh@gmail.com", "AnBiDanh+viec@googlemail.com"])
def test_declared_by_the_sender(address: str) -> None:
    assert relation(address, None, ME, REGISTER) == "self_declared"
    assert relation(address, None, COLLEAGUE, REGISTER) == "colleague_declared"
    assert relation(address, None, None, REGISTER) == "colleague_declared"


@pytest.mark.parametrize(
    "local",
    [
        "nguyenvanan", "nguyen.van.an", "nguyen_van_an", "nguyenvanan1985", "nguyenvanan85", "an.nguyenvan",
        "annguyenvan", "van.an.nguyen", "an.nguyen", "nguyenan1990", "annv", "annv107", "nvan", "nvan.85", "nv.an",
        "van.an", "vanan85", "an.nv", "NguyenVanAn", "nguyenvanan+home", "annv.skhcn", "skhcn.nvan", "nguyễnvănan",
        "1985nguyenvanan", "nvanan", "nguyenvan.an", "bs.an.nguyen", "mr.nguyen.van.an",
    ],
)  # fmt: skip
def test_names_of_the_sender(local: str) -> None:
    assert relation(f"{local}@gmail.com", None, ME, REGISTER) == "name_match"


@pytest.mark.parametrize(
    "display",
    [
        "Nguyễn Văn An",
        "nguyen van an",
        "An Nguyễn Văn",
        "Văn An Nguyễn",
        "Ông Nguyễn Văn An",
        "Nguyễn Văn An (riêng)",
        "NGUYỄN VĂN AN - SỞ Y TẾ",
        "Phòng Tổ chức | Nguyễn Văn An",
        "Nguyen Van An, Ph.D",
    ],
)
def test_display_names_of_the_sender(display: str) -> None:
    assert relation("hoahong@gmail.com", display, ME, REGISTER) == "name_match"


@pytest.mark.parametrize(
    ("address", "display"),
    [
        ("hoahong@gmail.com", None),
        ("an@gmail.com", None),
        ("nva@gmail.com", None),
        ("nguyen@gmail.com", None),
        ("lannv@gmail.com", None),
        ("nguyenvananh@gmail.com", None),
        ("nguyenvanan@gmail.com", "Nguyễn Văn Ân"),
        ("annv@gmail.com", "Nguyễn Văn Anh"),
        ("hoahong@gmail.com", "Lê Thị Hoa - Sở Y tế"),
        ("hoahong@gmail.com", "Sở Y tế - An"),
        ("annv@gmail.com", "Lê Thị Hoa"),
        ("hoahong@gmail.com", "Nguyễn Văn Ân"),
        ("hoahong@gmail.com", "An"),
        ("congty@gmail.com", "Công ty Văn An"),
        ("tranbinh@gmail.com", None),
        ("binhttt@gmail.com", None),
        ("tranthanhbinh@gmail.com", "Trần Thanh Bình"),
        ("cuonglq@gmail.com", None),
        ("lequoccuong@gmail.com", "Lê Quốc Cường"),
        ("nguyenthihuong@gmail.com", "Nguyễn Thị Hương"),  # a citizen of that name is likelier
        ("duonggiakhanh@gmail.com", None),
        ("hoahong@gmail.com", "Đinh Phương Hoa"),
        ("12345678@qq.com", None),
        ("", None),
    ],
)
def test_other_people(address: str, display: str | None) -> None:
    assert relation(address, display, ME, REGISTER) == "none"


@pytest.mark.parametrize(
    ("address", "display"),
    [
        ("tranthithanhbinh@gmail.com", None),
        ("binh.tranthithanh79@gmail.com", None),
        ("phuonghoa@gmail.com", "Đinh Phương Hoa"),
        ("dinh.phuong.hoa@gmail.com", None),
        ("x@gmail.com", "Trần Thị Thanh Bình"),
        ("x@gmail.com", "tran thi thanh binh"),
    ],
)
def test_whole_names_of_colleagues(address: str, display: str | None) -> None:
    assert relation(address, display, ME, REGISTER) == "name_match"
    assert relation(address, display, CLERK, REGISTER) == "name_match"
    assert relation(address, display, STRANGER, REGISTER) == "none", "of another agency"
    assert relation(address, display, None, REGISTER) == "none"


def test_an_agency_mailbox_is_nobodys_name() -> None:
    assert relation("vanthu@gmail.com", "Văn thư Sở", CLERK, REGISTER) == "none"


@given(st.text(max_size=100), st.one_of(st.none(), st.text(max_size=200)))
def test_nothing_raises(address: str, display: str | None) -> None:
    relation(address, display, ME, REGISTER)
