"""What stands beside the body is read and named: headers, text boxes, notes, comments, labels, dates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from documents import office_maker as office
from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.read import read

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> Extraction:
    return read((SAMPLES / name).read_bytes(), name, DocumentLimits(ocr="off"))


def text_of(found: Extraction) -> str:
    return "\n".join(text.text for text in found.texts)


RICH = sorted(path for path in SAMPLES.glob("*/rich-*") if path.suffix not in (".html", ".xml"))


@pytest.mark.parametrize("path", RICH, ids=lambda path: path.name)
def test_text_boxes_count(path: Path) -> None:
    assert "ĐÓNG DẤU HỎA TỐC" in text_of(sample(str(path)))


@pytest.mark.parametrize("name", ["docx", "doc", "rtf", "odt", "pdf", "xlsx", "xls", "ods"])
def test_headers_count(name: str) -> None:
    assert "Đầu trang LƯU HÀNH NỘI BỘ" in text_of(sample(f"{name}/rich-libreoffice.{name}"))


@pytest.mark.parametrize("name", ["docx", "doc", "rtf", "odt"])
def test_notes_comments_and_footers_count(name: str) -> None:
    found = sample(f"{name}/rich-libreoffice.{name}")
    text = text_of(found)
    assert "Ghi chú cuối trang số một" in text
    assert "Nhận xét của văn thư" in text
    assert "Chân trang văn phòng" in text
    assert "588/BTTTT-THH ngày" in text, "the number of a footnote is no part of the text"


@pytest.mark.parametrize("name", ["pptx", "ppt", "odp"])
def test_speakers_notes_count(name: str) -> None:
    assert "Ghi chú của người nói" in text_of(sample(f"{name}/rich-libreoffice.{name}"))


@pytest.mark.parametrize(
    "name",
    ["docx/python-docx.docx", "doc/rich-libreoffice.doc", "odt/rich-libreoffice.odt", "rtf/rich-libreoffice.rtf"],
)
def test_the_columns_of_a_letterhead_stay_apart(name: str) -> None:
    lines = text_of(sample(name)).split("\n")
    assert "Số: 1017/UBND-VX\tQuảng Ngãi, ngày 26 tháng 3 năm 2014" in lines
    at = lines.index("ỦY BAN NHÂN DÂN")
    assert lines[at : at + 4] == [
        "ỦY BAN NHÂN DÂN", "TỈNH QUẢNG NGÃI", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
    ]  # fmt: skip


def test_columns_of_a_pdf_line_stay_apart() -> None:
    assert "Số: 1017/UBND-VX\tQuảng Ngãi, ngày 26 tháng 3 năm 2014" in text_of(sample("pdf/reportlab.pdf"))


def test_text_boxes_come_once_and_deleted_text_never() -> None:
    text = text_of(sample("docx/word-text-boxes.docx"))
    assert text.count("ỦY BAN NHÂN DÂN") == 1
    assert "chữ thêm" in text
    assert "ô điều khiển" in text
    assert "liên kết" in text
    assert "chữ xóa" not in text


def test_sensitivity_labels_and_properties_are_labels() -> None:
    assert "MSIP_Label_0123_Name: Mật" in sample("docx/word-labels.docm").labels
    assert "title: Công văn 1017" in sample("doc/rich-libreoffice.doc").labels


@pytest.mark.parametrize("name", ["xlsx/xlsxwriter.xlsx", "xls/xlwt.xls", "ods/rich-libreoffice.ods"])
def test_dates_in_cells_are_dates(name: str) -> None:
    assert "26/03/2014" in text_of(sample(name))


def test_a_picture_of_a_page_inside_a_document_waits_for_ocr() -> None:
    assert sample("docx/picture-of-page.docx").pictures == 1
    assert sample("pdf/scan.pdf").pictures == 1
    assert sample("pdf/scan.pdf").reason == "unavailable"


def test_an_attached_file_is_a_member() -> None:
    found = sample("pdf/attached-file.pdf")
    assert [member.name for member in found.members] == ["đính kèm.txt"]
    nested = sample("msg/attachments-and-embedded.msg")
    assert [member.name for member in nested.members] == ["Công văn 1017.docx", "thư gốc"]


def test_names_in_an_encrypted_archive_are_known() -> None:
    found = sample("zip/encrypted-aes.zip")
    assert found.reason == "encrypted"
    assert [member.name for member in found.members] == ["Công văn 1017.docx", "utf8.txt"]


def test_justified_lines_and_hyphens_of_a_pdf_are_no_columns() -> None:
    text = text_of(sample("pdf/justified-weasyprint.pdf"))
    assert "mot-duong-dan-rat-dai-khong-ngat-duoc-dau-nhe-cac-ban" in text
    assert [line for line in text.split("\n") if "\t" in line] == [
        "Số: 1017/UBND-VX\tQuảng Ngãi, ngày 26 tháng 3 năm 2014"
    ]


def test_letters_of_a_substitute_font_are_put_back() -> None:
    assert "Độc lập - Tự do - Hạnh phúc" in text_of(sample("pdf/rich-libreoffice.pdf"))


def test_volumes_of_an_archive_are_not_clean() -> None:
    assert [sample(f"7z/part-volume.7z.00{number}").reason for number in (1, 2)] == ["malformed", "malformed"]


@pytest.mark.parametrize(
    ("make", "places", "properties"),
    [
        (office.docx, office.DOCX, office.PROPERTIES),
        (office.pptx, office.PPTX, office.PROPERTIES),
        (office.xlsx, office.XLSX, office.PROPERTIES),
        (office.odt, office.ODT, office.ODF_PROPERTIES),
    ],
    ids=["docx", "pptx", "xlsx", "odt"],
)
def test_every_place_of_a_text_is_seen_once(
    make: Callable[[], bytes], places: tuple[str, ...], properties: tuple[str, ...]
) -> None:
    found = read(make(), None, DocumentLimits(ocr="off"))
    assert found.reason is None
    text, labels = text_of(found), "\n".join(found.labels)
    assert {place: text.count(f"«{place}»") for place in places} == dict.fromkeys(places, 1)
    assert [one for one in properties if f"«{one}»" not in labels] == []
    assert "«deleted»" not in text


@pytest.mark.parametrize(
    ("page", "word"),
    [("1252", b"caf\\'e9"), ("65001", b"caf\\'c3\\'a9"), ("1224", b"caf\\'e9"), ("99999999", b"caf\\'e9")],
)
def test_a_code_page_that_nobody_knows_is_western(page: str, word: bytes) -> None:
    found = read(b"{\\rtf1\\ansi\\ansicpg%b %b}" % (page.encode(), word), "a.rtf", DocumentLimits(ocr="off"))
    assert text_of(found).strip() == "café"


def test_a_word_2_file_under_a_password_is_encrypted() -> None:
    content = bytearray((SAMPLES.parent / "genuine" / "apache-poi" / "word2.doc").read_bytes())
    assert read(bytes(content), None, DocumentLimits()).reason is None
    content[11] |= 1
    found = read(bytes(content), None, DocumentLimits())
    assert (found.reason, found.texts) == ("encrypted", ())
