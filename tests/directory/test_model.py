"""Look-ups in the register."""

from __future__ import annotations

from datetime import date

import pytest

from vanthu.directory.model import Agency, Mailbox, Register, private_key
from vanthu.mail.address import key

AGENCIES = [
    Agency("ubnd", "Ủy ban nhân dân tỉnh Quảng Ngãi", domains=("quangngai.gov.vn",)),
    Agency("so-y-te", "Sở Y tế", parent="ubnd", domains=("SoYTe.quangngai.gov.vn",), valid_to=date(2026, 6, 30)),
    Agency("khcn", "Sở Khoa học và Công nghệ tỉnh Quảng Ngãi", parent="ubnd"),
    Agency("vp", "Văn phòng UBND tỉnh", parent="ubnd"),
    Agency("xa-a", "UBND xã Tân Lập", parent="huyen-a"),
    Agency("xa-b", "UBND xã Tân Lập", parent="huyen-b"),
    Agency("huyen-a", "UBND huyện Sơn Tịnh"),
    Agency("huyen-b", "UBND huyện Mộ Đức"),
]
MAILBOXES = [
    Mailbox("annv@quangngai.gov.vn", "Nguyễn Văn An", "khcn", private=("an.nguyen@gmail.com", "an+work@yahoo.com")),
    Mailbox("bac.si@soyte.quangngai.gov.vn", "Lê Thị Bình", "so-y-te", private=("an.nguyen@gmail.com",)),
    Mailbox("old@quangngai.gov.vn", valid_from=date(2020, 1, 1), valid_to=date(2025, 6, 30)),
]


@pytest.fixture(scope="module")
def register() -> Register:
    return Register({a.slug: a for a in AGENCIES}, {key(m.address): m for m in MAILBOXES})


@pytest.mark.parametrize("address", ["annv@quangngai.gov.vn", "AnNV@QuangNgai.gov.vn.", "annv+tag@quangngai.gov.vn"])
def test_mailbox(register: Register, address: str) -> None:
    found = register.mailbox(address)
    assert found is not None
    assert found.name == "Nguyễn Văn An"


def test_unknown_mailbox(register: Register) -> None:
    assert register.mailbox("nobody@quangngai.gov.vn") is None
    assert register.mailbox("") is None


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("annv@quangngai.gov.vn", "khcn"),
        ("nobody@quangngai.gov.vn", "ubnd"),
        ("x@soyte.quangngai.gov.vn", "so-y-te"),
        ("x@noitru.soyte.quangngai.gov.vn", "so-y-te"),
        ("x@notquangngai.gov.vn", None),
        ("x", None),
    ],
)
def test_agency_of(register: Register, address: str, slug: str | None) -> None:
    assert register.agency_of(address) == slug


@pytest.mark.parametrize("address", ["annguyen@gmail.com", "A.N.Nguyen+x@GoogleMail.com"])
def test_owners_at_google(register: Register, address: str) -> None:
    assert [owner.agency for owner in register.owners(address)] == ["khcn", "so-y-te"]


def test_owners_elsewhere(register: Register) -> None:
    assert len(register.owners("an@yahoo.com")) == 1
    assert register.owners("a.n@yahoo.com") == ()
    assert private_key("+x@yahoo.com") == "+x@yahoo.com"


def test_status(register: Register) -> None:
    old, doctor = MAILBOXES[2], MAILBOXES[1]
    assert register.status(old, date(2025, 6, 30)) == "active"
    assert register.status(old, date(2025, 7, 1)) == "expired"
    assert register.status(old, date(2019, 12, 31)) == "expired"
    assert register.status(doctor, date(2026, 7, 1)) == "expired", "with its agency"
    assert register.status(MAILBOXES[0], date(2030, 1, 1)) == "active"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", "ubnd"),
        ("UỶ BAN NHÂN DÂN\nTỈNH QUẢNG NGÃI", "ubnd"),
        ("UBND tỉnh Quảng Ngãi", "ubnd"),
        ("UBND THÀNH PHỐ QUẢNG NGÃI", "ubnd"),
        ("UY BAN NHAN DAN TINH QUANG NGAI", "ubnd"),
        ("  ủy  ban nhân dân tỉnh quảng ngãi ", "ubnd"),
        ("UBND TỈNH QUẢNG NGÃI\nSỞ Y TẾ", "so-y-te"),
        ("UBND TỈNH QUẢNG NGÃI SỞ Y TẾ", "so-y-te"),
        ("SỞ Y TẾ TỈNH QUẢNG NGÃI", "so-y-te"),
        ("SỞ KH&CN", "khcn"),
        ("Sở Khoa học và Công nghệ", "khcn"),
        ("VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH", "vp"),
        ("UBND XÃ TÂN LẬP", None),
        ("UBND HUYỆN MỘ ĐỨC\nUBND XÃ TÂN LẬP", "xa-b"),
        ("UBND HUYỆN SƠN TỊNH UBND XÃ TÂN LẬP", "xa-a"),
        ("UBND TỈNH QUẢNG NGÃI VĂN PHÒNG UBND TỈNH", "vp"),
        ("S\u1ede KHOA H\u1eccC V\u00c0 C\u00d4NG NGH\u1ec6\nT\u1ec8NH QU\u1ea2NG NG\u00c3I", "khcn"),
        ("SỞ KHOA HỌC & CÔNG NGHỆ", "khcn"),
        ("UBND TỈNH ĐỒNG NAI\nSỞ Y TẾ", None),
        ("BỘ Y TẾ\nVĂN PHÒNG UBND TỈNH", None),
        ("CỘNG HÒA XÃ HỘI\nSỞ Y TẾ", "so-y-te"),
        ("Sở Y tế tỉnh Đồng Nai", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_agency_named(register: Register, text: str, slug: str | None) -> None:
    assert register.agency_named(text) == slug


def test_domains_are_folded(register: Register) -> None:
    assert register.domains == {"quangngai.gov.vn", "soyte.quangngai.gov.vn"}


def test_the_digest_follows_the_content() -> None:
    one = Register({}, {"a@x.vn": Mailbox("a@x.vn")})
    assert one.digest == Register({}, {"a@x.vn": Mailbox("a@x.vn")}).digest
    assert one.digest != Register({}, {"a@x.vn": Mailbox("a@x.vn", "An")}).digest
