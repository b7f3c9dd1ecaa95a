"""Office documents: the parts of OOXML and ODF, the streams of doc, xls, ppt and msg, in whole containers."""

from __future__ import annotations

import struct
from pathlib import Path

from fuzz.packing import MARK, compound, joined, pieces, streams, unzipped, zipped
from fuzz.reading import read, tried
from fuzz.target import Target
from vanthu.documents.formats import odf
from vanthu.documents.formats.lzfu import expanded

SAMPLES = Path(__file__).resolve().parents[2] / "documents" / "samples"
_OOXML = "application/vnd.openxmlformats-officedocument."
_MARK = (
    MARK,
    b"<",
    b"/>",
    b"</",
    b">",
    b"&#x",
    b' w:val="',
    b"<![CDATA[",
    b"<?xml",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
)
_OLE_WORDS = (MARK, b"\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80")


def _zips(pattern: str) -> tuple[bytes, ...]:
    return tuple(
        made for path in sorted(SAMPLES.glob(pattern)) if path.read_bytes()[:2] == b"PK" and (made := unzipped(path))
    )


def _oles(kind: str) -> tuple[bytes, ...]:
    return tuple(streams(path) for path in sorted(SAMPLES.glob(f"{kind}/*.{kind}")))


def _ooxml(data: bytes) -> None:
    """Word or PowerPoint, by the parts; without parts one file of Word 2003."""
    if MARK not in data:
        read("application/vnd.ms-word.2003xml", data)
    elif any(name.startswith("ppt/") for name in pieces(data)):
        read(_OOXML + "presentationml.presentation", zipped(data))
    else:
        read(_OOXML + "wordprocessingml.document", zipped(data))


def _xlsx(data: bytes) -> None:
    read(_OOXML + "spreadsheetml.sheet", zipped(data))


def _odf(data: bytes) -> None:
    if MARK in data:
        read("application/vnd.oasis.opendocument.text", zipped(data))
    else:
        read(odf.FLAT, data)


def _doc(data: bytes) -> None:
    """Without its stream: an object that holds a file."""
    kind = "msword" if "WordDocument" in pieces(data) else "x-ole-storage"
    read(f"application/{kind}", compound(data))


def _xls(data: bytes) -> None:
    read("application/vnd.ms-excel", compound(data))


def _ppt(data: bytes) -> None:
    read("application/vnd.ms-powerpoint", compound(data))


def _msg(data: bytes) -> None:
    """Without streams: the compressed RTF of one."""
    if MARK in data:
        read("application/vnd.ms-outlook", compound(data))
    else:
        tried(data, lambda _: _fits(expanded(data, 5000)))


def _fits(rtf: bytes) -> None:
    assert len(rtf) <= 5000 + 8 * 17


_RTF = rb"{\rtf1\ansi\ansicpg1252 Xin ch\'e0o}"
_WORD95 = b"\xdc\xa5\x65\x00" + bytes(20) + struct.pack("<II", 0x20, 0x40) + b"V\xe5n b\xb6n m\xcbt".ljust(64, b"\r")
_NATIVE = struct.pack("<IH", 30, 2) + b"a.txt\0C:\\a.txt\0\0\0\3\0\2\0\0\0t\0\3\0\0\0abc"
TARGETS = {
    "ooxml": Target(
        _ooxml,
        (*_zips("docx/*"), *_zips("pptx/*"), (SAMPLES / "docx" / "rich-libreoffice.xml").read_bytes()),
        (
            *_MARK, "word/document.xml", "word/footnotes.xml", "word/header1.xml", "word/styles.xml",
            "ppt/slides/slide1.xml",
            "_rels/.rels", "docProps/custom.xml", "[Content_Types].xml", "_xmlsignatures/sig1.xml",
            "word/embeddings/a.bin",
            "<w:p>", "<w:r>", "<w:t>", "<w:tbl>", "<w:tr>", "<w:tc>", "<w:del>", "<w:txbxContent>", "<w:fldChar",
            "<mc:AlternateContent>", "<mc:Choice>", "<mc:Fallback>", "<a:p>", "<a:t>", "<w:br/>", "<w:tab/>",
        ),
        60_000,
    ),
    "xlsx": Target(
        _xlsx,
        _zips("xlsx/*"),
        (
            *_MARK, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml",
            "xl/comments1.xml",
            "<c r='ZZZ99999999' t='s'>", "<v>", "<is><t>", "<row r='1'>", "t='b'", "t='d'", "t='inlineStr'", "s='1'",
            "1e308",
            "-1e999", "nan", "99999999999999999999", "<oddHeader>", "&amp;L&amp;P", "numFmtId='14'",
            "formatCode='dd/mm'",
        ),
        60_000,
    ),
    "odf": Target(
        _odf,
        (*_zips("odt/*"), *_zips("ods/*"), *_zips("odp/*"), (SAMPLES / "odt" / "rich-hand.fodt").read_bytes()),
        (
            *_MARK, "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml", "Object 1/content.xml",
            "<text:p>", "<text:h>", "<text:s text:c='9999999999'/>", "<text:tab/>", "<text:note>",
            "<office:annotation>",
            "<table:table>", "<table:table-row>", "<table:table-cell table:number-columns-repeated='9999999'>",
            "<text:tracked-changes>", "<draw:text-box>", "<style:style style:name='a'>", "style:font-name='.VnTime'",
        ),
        60_000,
    ),
    "doc": Target(
        _doc,
        (*_oles("doc"), joined([("WordDocument", _WORD95)]), joined([("\1Ole10Native", _NATIVE)])),
        (*_OLE_WORDS, "WordDocument", "1Table", "0Table", "Data", "\1Ole10Native", "Package", "CONTENTS",
        "\5SummaryInformation", b"\xec\xa5", b"\x13", b"\x14", b"\x15", b"\x07", b"\x01\x02"),
        60_000,
    ),
    "xls": Target(
        _xls,
        _oles("xls"),
        (
            *_OLE_WORDS, "Workbook", "Book", b"\x09\x08\x10\x00\x00\x06", b"\x0a\x00\x00\x00", b"\xfc\x00",
            b"\x3c\x00",
            b"\xfd\x00\x0a\x00", b"\x04\x02", b"\xbd\x00", b"\x7e\x02", b"\x06\x00", b"\xb6\x01", b"\x2f\x00",
            b"\xe0\x00",
        ),
        40_000,
    ),
    "ppt": Target(
        _ppt,
        _oles("ppt"),
        (
            *_OLE_WORDS, "PowerPoint Document", "Current User", "Pictures", b"\x0f\x00\xe8\x03", b"\x00\x00\xa0\x0f",
            b"\x00\x00\xa8\x0f", b"\x00\x00\xba\x0f", b"\x00\x00\xe0\x2e", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0",
        ),
        40_000,
    ),
    "msg": Target(
        _msg,
        (*_oles("msg"), struct.pack("<IIII", len(_RTF) + 12, len(_RTF), 0x414C454D, 0) + _RTF),
        (
            *_OLE_WORDS, "__substg1.0_0037001F", "__substg1.0_1000001E", "__substg1.0_10130102",
            "__substg1.0_10090102",
            "__attach_version1.0_#00000000/", "__substg1.0_37010102", "__substg1.0_3701000D/", "__substg1.0_3707001F",
            "__properties_version1.0", b"LZFu", b"MELA",
        ),
        60_000,
    ),
}  # fmt: skip
