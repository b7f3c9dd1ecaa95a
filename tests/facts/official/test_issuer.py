"""Whose document: the whole letterhead names the agency, never the lower line against the superior above it."""

from __future__ import annotations

import pytest

from facts.samples_house import house
from facts.test_honest_work import LETTER
from vanthu.facts.official import recognise
from vanthu.facts.reading import Reading


@pytest.mark.parametrize(
    ("superior", "body", "agency"),
    [
        ("UBND TỈNH HÀ THÀNH", "SỞ Y TẾ", "so-y-te"),
        ("ỦY BAN NHÂN DÂN TỈNH HÀ THÀNH", "SỞ Y TẾ", "so-y-te"),
        ("UBND TỈNH ĐỒNG NAI", "SỞ Y TẾ", None),
        ("UBND TỈNH ĐỒNG NAI", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", None),
        ("UBND TỈNH HÀ THÀNH", "SỞ DU LỊCH", None),
        ("", "SỞ Y TẾ", "so-y-te"),
        ("", "UBND TỈNH HÀ THÀNH", "ubnd"),
    ],
)
def test_the_agency_of_a_letterhead(superior: str, body: str, agency: str | None) -> None:
    head = f"{superior}\n{body}\n" if superior else f"{body}\n"
    text = head + LETTER[LETTER.index("Số: 815") :]
    found = recognise(
        [Reading("body", text)],
        agency_named=house().register.agency_named,
        sender_agency="so-y-te",
        signed=frozenset(),
    )
    (document,) = found.documents
    assert document.issuer_agency == agency
    assert document.own_issue == (agency == "so-y-te")
