"""Official documents by form: what is one, what it says, and what is none."""

from __future__ import annotations

import random
import time

import pytest

from accuracy.letters import compose, noise, others
from vanthu.facts.model import Document, Official
from vanthu.facts.official import documents, glance, recognise
from vanthu.facts.official.page import Pages
from vanthu.facts.reading import Reading

LETTER = """UBND TỈNH TÂY NINH
SỞ KHOA HỌC VÀ CÔNG NGHỆ
-------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
Số: 815/SKHCN-CĐS
V/v rà soát hộp thư công vụ
Tây Ninh, ngày 05 tháng 3 năm 2026

HỎA TỐC

Kính gửi:
- Các sở, ban, ngành;
- UBND các xã, phường.

ĐẾN Số: 7264
Ngày: 31/7/18
Chuyển:

Thực hiện Công văn số 1950/TTg-KGVX ngày 15/11/2013, đề nghị các đơn vị rà soát./.

Nơi nhận:
- Như trên;
- Giám đốc (để b/c);
- Lưu: VT, CĐS.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC

Nguyễn Văn Hùng
"""


def official(text: str, where: str = "body", **more: object) -> Official:
    given: dict = {"agency_named": lambda _: None, "sender_agency": None, "signed": frozenset()} | more
    return recognise([Reading(where, text)], **given)


def only(text: str, **more: object) -> Document:
    (document,) = official(text, **more).documents
    return document


def test_every_box_of_a_letter_is_read() -> None:
    document = only(LETTER)
    assert (document.number, document.symbol, document.kind, document.year) == ("815", "SKHCN-CĐS", "CV", None)
    assert (document.issuer, document.place, document.date) == ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", "Tây Ninh", "2026-03-05")
    assert (document.abstract, document.urgency, document.stage) == ("rà soát hộp thư công vụ", "hoa_toc", "issued")
    assert document.addressees == ("Các sở, ban, ngành", "UBND các xã, phường", "Giám đốc (để b/c)")
    assert document.score > 0.99
    assert any(line.startswith("number: Số: 815/SKHCN-CĐS") for line in document.evidence)


def test_the_incoming_stamp_is_not_the_number() -> None:
    assert only(LETTER.replace("ĐẾN Số: 7264", "ĐẾN Số: 7264/CV")).number == "815"


def test_name_of_two_lines_is_one_issuer() -> None:
    text = LETTER.replace("UBND TỈNH TÂY NINH\nSỞ KHOA HỌC VÀ CÔNG NGHỆ", "ỦY BAN NHÂN DÂN\nTỈNH QUẢNG NGÃI")
    assert only(text).issuer == "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"


def test_agency_and_own_issue_and_signature() -> None:
    named = {"SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH TÂY NINH": "so-khcn"}.get
    document = only(LETTER, agency_named=named, sender_agency="so-khcn", signed=frozenset({"body"}))
    assert (document.issuer_agency, document.own_issue, document.signed) == ("so-khcn", True, True)
    assert not only(LETTER, agency_named=named, sender_agency="so-y-te").own_issue
    assert not only(LETTER).own_issue


@pytest.mark.parametrize(
    ("line", "number", "year", "symbol", "kind", "stage"),
    [
        ("Số: 30/2020/NĐ-CP", "30", 2020, "NĐ-CP", "NĐ", "legal"),
        ("Luật số: 117/2025/QH15", "117", 2025, "QH15", "L", "legal"),
        ("Số 6758-QĐ/TU", "6758", None, "QĐ/TU", "QĐ", "issued"),
        ("Số: **4504**/UBND-CBTH", "4504", None, "UBND-CBTH", "CV", "issued"),
        ("Số:1468/UBND-VHXH", "1468", None, "UBND-VHXH", "CV", "issued"),
        ("S6: 3184 /TCT-CS", "3184", None, "TCT-CS", "CV", "issued"),
        ("So: 12/QD-UBND", "12", None, "QĐ-UBND", "QĐ", "issued"),
        ("Số:     /UBND-VX", None, None, "UBND-VX", "CV", "draft"),
        ("Số: 1O17/UBND-VX", "1017", None, "UBND-VX", "CV", "issued"),
    ],
)
def test_forms_of_the_number(
    line: str, number: str | None, year: int | None, symbol: str, kind: str, stage: str
) -> None:
    text = LETTER.replace("Số: 815/SKHCN-CĐS", line)
    if kind != "CV":
        text = text.replace("V/v rà soát hộp thư công vụ\n", "")
    document = only(text)
    assert (document.number, document.year, document.symbol, document.kind, document.stage) == (
        number,
        year,
        symbol,
        kind,
        stage,
    )


@pytest.mark.parametrize(
    ("line", "circulation"),
    [
        ("LƯU HÀNH NỘI BỘ", "internal_only"),
        ("XEM XONG TRẢ LẠI", "return"),
        ("XONG HỘI NGHỊ TRẢ LẠI", "return"),
        ("TÀI LIỆU THU HỒI", "recall"),
    ],
)
def test_circulation(line: str, circulation: str) -> None:
    assert only(line + "\n" + LETTER).circulation == circulation


def test_stages() -> None:
    assert only("DỰ THẢO\n" + LETTER).stage == "draft"
    assert only(LETTER.replace("HỎA TỐC", "SAO Y")).stage == "copy"
    annex = "PHỤ LỤC I\nDANH MỤC THỦ TỤC\n(Kèm theo Quyết định số 15/QĐ-BNV ngày 5 tháng 1 năm 2020 của Bộ trưởng Bộ Nội vụ)\n\n1. Thủ tục A"  # noqa: E501
    document = only(annex)
    assert (document.stage, document.number, document.symbol) == ("annex", "15", "QĐ-BNV")


def test_several_documents_in_one_text() -> None:
    second = LETTER.replace("815/SKHCN-CĐS", "92/SKHCN-VP").replace("05 tháng 3", "07 tháng 4")
    found = official(LETTER + "\n\n" + second).documents
    assert [(d.number, d.symbol, d.date) for d in found] == [
        ("815", "SKHCN-CĐS", "2026-03-05"),
        ("92", "SKHCN-VP", "2026-04-07"),
    ]


@pytest.mark.parametrize(
    "disguise",
    [
        lambda t: t.translate(str.maketrans("OHCA", "ОНСА")),
        lambda t: "\u200b".join(t),
        lambda t: t.replace(" ", "\u00a0"),
    ],
)
def test_disguised_letters(disguise) -> None:  # type: ignore[no-untyped-def]
    document = only(disguise(LETTER))
    assert (document.number, document.symbol) == ("815", "SKHCN-CĐS")


def test_an_annex_behind_its_document_is_an_entry_of_its_own() -> None:
    annex = (
        "\n\nPHỤ LỤC I\nDANH MỤC HỘP THƯ\n(Kèm theo Công văn số 815/SKHCN-CĐS ngày 05 tháng 3 năm 2026)\n1. vanthu"
    )
    assert [(d.stage, d.number) for d in official(LETTER + annex).documents] == [("issued", "815"), ("annex", "815")]


STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"


@pytest.mark.parametrize(
    "text",
    [
        "CÔNG TY TNHH ABC\nSố: 12/BG-ABC\nHà Nội, ngày 3 tháng 4 năm 2024\nBÁO GIÁ\nKính gửi: Quý công ty\nGIÁM ĐỐC",
        STATE + "BIÊN BẢN HỌP TỔ DÂN PHỐ\nHôm nay, ngày 3 tháng 4 năm 2024, chúng tôi gồm:\n1. Ông A",
        STATE + "ĐƠN ĐỀ NGHỊ CẤP PHÉP\nKính gửi: Sở Y tế\nSố: 12/ĐN-ABC\nGIÁM ĐỐC\nNơi nhận:\n- Như trên;\n- Lưu: VT",
        STATE + "HỢP ĐỒNG THI CÔNG\nSố: 05/2022/ABC-XYZ\nCăn cứ Luật A;\nCăn cứ Luật B;\nTM. UBND XÃ\nCHỦ TỊCH",
        "Văn bản anh hỏi:\nSố: 1234/TCT-CS\nNgày: 03/04/2020\nAnh xem giúp em.",
        "Số hiệu: 30/2020/NĐ-CP\nLoại văn bản: Nghị định\nNơi ban hành: Chính phủ\nNgày ban hành: 05/03/2020",
    ],
)
def test_papers_that_come_near(text: str) -> None:
    assert official(text).documents == ()


@pytest.mark.parametrize(
    ("text", "number", "symbol"),
    [
        ("BOYTE      CQNG HOA XA HQI CHU NGHIA VIET NAM\nBENH VIEN K     DQc lQp - Tqr do - Hgnh phric\ns6:814 /QD-BVK\nQUYET DINH", "814", "QĐ-BVK"),  # noqa: E501
        ("TONG CUC THUE DOc lap - Tir do - Hanh phiic\nS6: 3184 /TCT-CS\nKinh giri: Cgc Thue\n- Liru: VT, CS (3b).", "3184", "TCT-CS"),  # noqa: E501
        ("T NG C C THU\nC NG HÒA XÃ H I CH NGHĨA VI T NAM\nS : 1234/TCT-CS\nKính g i: C c Thu\n- L u: VT, CS.", "1234", "TCT-CS"),  # noqa: E501
        ("> SỞ Y TẾ\n> Số: 12/SYT-NVY\n> V/v mua sắm\n> Kính gửi: Bệnh viện", "12", "SYT-NVY"),
    ],
)  # fmt: skip
def test_badly_read_and_quoted_heads(text: str, number: str, symbol: str) -> None:
    document = only(text)
    assert (document.number, document.symbol) == (number, symbol)


@pytest.mark.parametrize(
    ("where", "text", "number", "symbol"),
    [
        ("filename", "1017_UBND-VX.signed.pdf", "1017", "UBND-VX"),
        ("filename", "CV 1017 UBND-VX ve viec thu dien tu.docx", "1017", "UBND-VX"),
        ("filename", "15-QD-BNV.pdf", "15", "QĐ-BNV"),
        ("subject", "1017/UBND-VX V/v tăng cường sử dụng thư điện tử", "1017", "UBND-VX"),
    ],
)
def test_names_are_evidence(where: str, text: str, number: str, symbol: str) -> None:
    document = only(text, where=where)
    assert (document.where, document.number, document.symbol) == (where, number, symbol)
    assert 0.5 <= document.score < 0.8


@pytest.mark.parametrize(
    "name",
    [
        "1-CV-NguyenVanAn.pdf", "02-CV Tran Binh.docx", "12-CV-Marketing.pdf", "5-BC-TaiChinh.xlsx",
        "12 BC THANG 3.docx",
        "01-CV-NGUYEN VAN A.pdf", "20-BB-HopLop.docx", "1-TB-NghiTet.docx", "08-GM-CuoiLan.jpg", "12 HD-SuDung.pdf",
        "2026-KH-SYT.docx", "Q1-2026 BC-Sales.xlsx", "HD-123-ABC.pdf", "IMG_2026-03-05.jpg", "12-KH-MARKETING.pptx",
    ],
)  # fmt: skip
def test_numbered_files_that_are_named_after_people_and_things(name: str) -> None:
    assert official(name, where="filename").documents == ()


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("(Dự thảo) KH 55-KH-SYT.docx", "KH-SYT"),
        ("12-KH-CAT.pdf", "KH-CAT"),
        ("188-CĐ-TTg.pdf", "CĐ-TTg"),
        ("05-TB-UBATGT.pdf", "TB-UBATGT"),
        ("CV 2026-BC-STC.pdf", "BC-STC"),
        ("00.00.00.G12-123-QĐ-UBND.pdf", "QĐ-UBND"),
        ("122.KH-TTHĐND.pdf", "KH-TTHĐND"),
    ],
)
def test_files_that_are_named_after_a_number(name: str, symbol: str) -> None:
    assert [one.symbol for one in official(name, where="filename").documents] == [symbol]


@pytest.mark.parametrize(
    "subject",
    ["Trả lời công văn 1017/UBND-VX", "Re: 1017/UBND-VX", "Góp ý theo CV 1017/UBND-VX", "Hợp đồng 12-2024-HĐKT"],
)
def test_subjects_that_cite(subject: str) -> None:
    assert official(subject, where="subject").documents == ()


def test_a_name_beside_its_document_is_one_entry() -> None:
    readings = [Reading("filename", "815_SKHCN-CĐS.pdf"), Reading("attachment:1", LETTER)]
    found = recognise(readings, agency_named=lambda _: None, sender_agency=None, signed=frozenset())
    assert [d.where for d in found.documents] == ["attachment:1"]


@pytest.mark.parametrize("spoil", [noise.plain, noise.flat, lambda text: noise.specks(text, random.Random(1))])
def test_a_spoilt_letter_is_still_read(spoil) -> None:  # type: ignore[no-untyped-def]
    document = only(spoil(LETTER))
    assert (document.number, document.date) == ("815", "2026-03-05")


@pytest.mark.parametrize("kind", [*others.ORDINARY, *others.LOOKALIKE])
def test_other_papers(kind: str) -> None:
    maker = {**others.ORDINARY, **others.LOOKALIKE}[kind]
    for seed in range(25):
        text = maker(random.Random(seed))
        assert official(text).score < 0.5, text


def test_the_first_look_loses_nothing() -> None:
    """It lets every made letter through, however badly read, and where it says no the full reading finds nothing either."""  # noqa: E501
    rng = random.Random(5)
    for i in range(90):
        text = compose.render(compose.letter(rng), rng.choice(compose.LAYOUTS), rng)
        assert glance.worth_reading(noise.ocr(text, rng, 0.1, english=i % 2 == 0)), text
        other = rng.choice(list(others.ORDINARY.values()))(rng)
        if not glance.worth_reading(other):
            assert all(
                d.score == 0
                for d in documents.of_reading(Reading("body", other), lambda _: None, None, frozenset(), Pages())
            )


@pytest.mark.parametrize(
    "unit",
    [
        "Số: 1/QĐ-X\n",
        "Nơi nhận: - ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM ",
        "ngày tháng năm ",
        "- Lưu",
        "A",
        "/-",
        ". ",
        "MẬT\n",
    ],
)
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    text = (unit * (2_000_000 // len(unit)))[:2_000_000] + "\nNơi nhận:\n- Lưu: VT"
    began = time.process_time()
    official(text)
    assert time.process_time() - began < 8
