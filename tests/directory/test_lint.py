"""What a register that loads may still have wrong is found, and honest oddities are left in peace."""

from __future__ import annotations

from datetime import date

from vanthu.directory.lint import lint
from vanthu.directory.model import Agency, Mailbox, Register

TODAY = date(2026, 11, 1)
GOOD_AGENCIES = [
    Agency("ubnd", "UBND tỉnh X", domains=("x.gov.vn",)),
    Agency("so-y-te", "Sở Y tế", parent="ubnd"),
    Agency("xa-a", "UBND xã Tân Lập", parent="ubnd"),
    Agency("xa-b", "UBND xã Tân Lộc", parent="ubnd"),
]
GOOD = [
    Mailbox("an@x.gov.vn", "Nguyễn Văn An", "so-y-te", "Giám đốc", private=("an@gmail.com",)),
    Mailbox("an2@x.gov.vn", "Nguyễn Văn An", "so-y-te", "Chuyên viên"),
    Mailbox("an3@x.gov.vn", "Nguyễn Văn An", "xa-a"),
    Mailbox("b@x.gov.vn", "B", "xa-b"),
    Mailbox("quet@x.gov.vn", role="system"),
]


def found(*extra: Agency | Mailbox, former: tuple[Agency, ...] = ()) -> list[str]:
    agencies = {a.slug: a for a in (*GOOD_AGENCIES, *(e for e in extra if isinstance(e, Agency)))}
    mailboxes = {m.address: m for m in (*GOOD, *(e for e in extra if isinstance(e, Mailbox)))}
    register = Register(agencies, mailboxes, former=former)
    return [f"{one.subject} {one.rule}" for one in lint(register, TODAY, lambda domain: domain.endswith(".gov.vn"))]


def test_a_good_register_has_nothing_to_find() -> None:
    assert found() == []


def test_foreign_domains() -> None:
    assert found(Mailbox("c@firm.vn", "C", "xa-a"), Mailbox("d@y.gov.vn", "D", "xa-a")) == [
        "c@firm.vn foreign-domain"
    ]
    assert found(Mailbox("c@sub.x.gov.vn", "C", "xa-a")) == []


def test_private_addresses_that_are_none() -> None:
    assert found(Mailbox("c@x.gov.vn", "C", "xa-a", private=("B@x.gov.vn",))) == ["c@x.gov.vn private-is-official"]
    assert found(Mailbox("c@x.gov.vn", "C", "xa-a", private=("c@other.gov.vn",))) == [
        "c@x.gov.vn private-is-official"
    ]
    assert found(Mailbox("c@x.gov.vn", "C", "xa-a", private=("A.N+x@gmail.com",))) == ["an@x.gov.vn private-shared"]


def test_one_person_with_two_mailboxes_and_names_nearly_the_same() -> None:
    assert found(Mailbox("an4@x.gov.vn", "Nguyễn  Văn An", "so-y-te", "Giám đốc")) == [
        "an4@x.gov.vn duplicate-person"
    ]
    assert found(Mailbox("an5@x.gov.vn", "Nguyễn Văn Ân", "xa-a")) == ["an5@x.gov.vn near-identical-names"]
    assert found(Agency("so-y-te-2", "SỞ Y TẾ", parent="ubnd"), Mailbox("c@x.gov.vn", "C", "so-y-te-2")) == [
        "so-y-te-2 near-identical-names"
    ]
    assert found(Agency("so-y-te-2", "Sở Y  tếế", parent="ubnd"), Mailbox("c@x.gov.vn", "C", "so-y-te-2")) == [
        "so-y-te-2 near-identical-names"
    ]


def test_orphans() -> None:
    assert found(Mailbox("c@x.gov.vn", "C")) == ["c@x.gov.vn orphan"]
    assert found(Agency("rong", "Ban Dân tộc", parent="ubnd")) == ["rong orphan"]
    assert found(Agency("cu", "Ban Dân tộc", parent="ubnd", valid_to=date(2025, 2, 28))) == []


def test_dates_that_do_not_fit() -> None:
    old = Agency("cu", "UBND huyện A", parent="ubnd", valid_from=date(2020, 1, 1), valid_to=date(2025, 6, 30))
    late = Mailbox("c@x.gov.vn", "C", "cu", valid_from=date(2021, 1, 1))
    early = Mailbox("c@x.gov.vn", "C", "cu", valid_from=date(2019, 1, 1), valid_to=date(2025, 6, 30))
    assert found(old, late) == ["c@x.gov.vn dates"]
    assert found(old, early) == ["c@x.gov.vn dates"]
    assert found(old, Agency("xa-c", "UBND xã C", parent="cu", valid_from=date(2021, 1, 1), valid_to=None)) == [
        "xa-c dates", "xa-c orphan",
    ]  # fmt: skip


def test_kinds_that_names_tell() -> None:
    school = Agency("truong", "Trường THPT Lê Lợi", parent="ubnd")
    assert found(school, Mailbox("c@x.gov.vn", "C", "truong")) == ["truong kind"]
    told = Agency("truong", "Trường THPT Lê Lợi", "education", "ubnd")
    assert found(told, Mailbox("c@x.gov.vn", "C", "truong")) == []
