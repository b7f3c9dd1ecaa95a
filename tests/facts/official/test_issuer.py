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


@pytest.mark.parametrize(
    ("head", "issuer", "place"),
    [
        (
            "BỘ TÀI CHÍNH TỔNG CỤC HẢI QUAN ------- Số: 815/TCHQ-GSQL CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM "
            "Độc lập - Tự do - Hạnh phúc Cần Thơ, ngày 05 tháng 3 năm 2026 V/v trả lời",
            "TỔNG CỤC HẢI QUAN",
            "Cần Thơ",
        ),
        (
            "UBND QUẬN 3 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM PHÒNG GIÁO DỤC VÀ ĐÀO TẠO Độc lập - Tự do - Hạnh phúc "
            "Số: 815/GDĐT Quận 3, ngày 05 tháng 3 năm 2026 V/v trả lời",
            "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO",
            "Quận 3",
        ),
        (
            "BẢO HIỂM XÃ HỘI VIỆT NAM BẢO HIỂM XÃ HỘI TỈNH HÀ THÀNH DỰ THẢO CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM "
            "Độc lập - Tự do - Hạnh phúc Số: 815/BHXH-TCKT Hà Thành, ngày 05 tháng 3 năm 2026 V/v trả lời",
            "BẢO HIỂM XÃ HỘI TỈNH HÀ THÀNH",
            "Hà Thành",
        ),
    ],
)
def test_a_page_in_one_line(head: str, issuer: str, place: str) -> None:
    text = f"{head} Kính gửi: Sở Y tế. Trân trọng./. Nơi nhận: - Như trên; - Lưu: VT."
    (document,) = recognise(
        [Reading("body", text)], agency_named=lambda _: None, sender_agency=None, signed=frozenset()
    ).documents
    assert (document.issuer, document.place, document.date) == (issuer, place, "2026-03-05")


@pytest.mark.parametrize("behind", [" ___ DỰ THẢO", " _______", " — DỰ THẢO"])
def test_what_is_drawn_below_a_name_is_not_of_it(behind: str) -> None:
    text = f"SỞ Y TẾ HÀ THÀNH{behind}\n" + LETTER[LETTER.index("Số: 815") :]
    found = recognise([Reading("body", text)], agency_named=lambda _: None, sender_agency=None, signed=frozenset())
    assert [one.issuer for one in found.documents] == ["SỞ Y TẾ HÀ THÀNH"]
