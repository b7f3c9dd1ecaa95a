"""Hostile documents, pictures and mails, made on the spot: name of the file, and what makes it."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from . import bombs
from . import tnef_maker as tnef

SAMPLES = Path(__file__).parent / "samples"
_CONTENT = "application/vnd.oasis.opendocument"


def pdf(*objects: str | bytes) -> bytes:
    """A PDF of these objects, numbered from 1, without a table of them."""
    parts = [one if isinstance(one, bytes) else one.encode() for one in objects]
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, one) for number, one in enumerate(parts, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(parts) + 1)


_CATALOG, _PAGES = "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>"


def _page(rest: str = "") -> str:
    return f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R{rest}>>"


def _stream(head: str, data: bytes) -> bytes:
    return f"<<{head}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"


def _pdf_bomb() -> bytes:
    """Content that is packed three times and ends as zeros without end."""
    data = bombs.deflated(256)
    return pdf(
        _CATALOG, _PAGES, _page(), _stream("/Filter[/FlateDecode/FlateDecode]", zlib.compress(data))
    )  # fmt: skip


def _pdf_of_itself() -> bytes:
    """A form that draws itself twice."""
    form = _stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>", b"/F Do /F Do")
    return pdf(_CATALOG, _PAGES, _page("/Resources<</XObject<</F 5 0 R>>>>"), _stream("", b"/F Do"), form)


def _pdf_forms(depth: int) -> bytes:
    """Forms of which each draws the next ten times."""
    forms = []
    for number in range(depth):
        inner = f"/Resources<</XObject<</F {number + 6} 0 R>>>>" if number < depth - 1 else ""
        forms.append(
            _stream(f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]{inner}", b"/F Do " * 10 if inner else b"0 0 m")
        )
    return pdf(_CATALOG, _PAGES, _page("/Resources<</XObject<</F 5 0 R>>>>"), _stream("", b"/F Do"), *forms)


def _pdf_deep_tree(depth: int) -> bytes:
    nodes = [f"<</Type/Pages/Parent {at + 1} 0 R/Kids[{at + 3} 0 R]/Count 1>>" for at in range(1, depth)]
    return pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", *nodes, _page())


def _pdf_huge_picture() -> bytes:
    image = _stream(
        "/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8"
        "/Filter/FlateDecode", bombs.deflated(64),
    )  # fmt: skip
    return pdf(
        _CATALOG, _PAGES, _page("/Resources<</XObject<</I 5 0 R>>>>"), _stream("", b"600 0 0 800 0 0 cm /I Do"), image
    )


def xlsx(sheet: bytes, strings: bytes = b"<sst/>") -> bytes:
    """A workbook of one sheet."""
    return bombs.zipped({
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": b'<workbook><sheets><sheet name="a" sheetId="1" id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": b'<Relationships><Relationship Id="r1" Type="x/worksheet" '
        b'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
        b"</Relationships>",
        "xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + sheet + b"</sheetData></worksheet>",
        "xl/sharedStrings.xml": strings,
    })  # fmt: skip


def odf(kind: str, content: bytes) -> bytes:
    """A document with this content."""
    return bombs.zipped({"mimetype": f"{_CONTENT}.{kind}".encode(), "content.xml": content})


def _body(inner: bytes) -> bytes:
    return b"<document-content><body>" + inner + b"</body></document-content>"


def _quadratic() -> bytes:
    word = "a" * 100_000
    return f'<!DOCTYPE d [<!ENTITY e "{word}">]><document>{"&e;" * 100_000}</document>'.encode()


def _repeated_cells() -> bytes:
    cell = b'<table-cell number-columns-repeated="1000000000"><p>chu</p></table-cell>'
    return (
        b"<spreadsheet><table>"
        + b'<table-row number-rows-repeated="1000000000">'
        + cell
        + b"</table-row></table></spreadsheet>"
    )


def png(width: int, height: int) -> bytes:
    """A true picture of one colour, a bit a pixel."""
    row = b"\0" + bytes(-(-width // 8))
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _tiff_loop() -> bytes:
    """A directory of pages whose next page is itself."""
    tags = (
        (256, 4, 1, 1000),
        (257, 4, 1, 1000),
        (258, 3, 1, 1),
        (262, 3, 1, 0),
        (273, 4, 1, 8),
        (279, 4, 1, 125_000),
    )
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 8)


def _nested_mail(depth: int) -> bytes:
    return b"From: a@b.vn\nSubject: x\nMessage-ID: <a@b>\nContent-Type: message/rfc822\n\n" * depth + b"core"


def _fat_loop() -> bytes:
    """An OLE file whose chains of sectors run in a circle."""
    content = bytearray((SAMPLES / "doc" / "rich-libreoffice.doc").read_bytes())
    fat = 512 * (1 + struct.unpack_from("<I", content, 76)[0])
    for at in range(fat, fat + 512, 4):
        struct.pack_into("<I", content, at, 0)
    return bytes(content)


def _mbox(count: int) -> bytes:
    return b"From a@b.vn Mon Jan  1 00:00:00 2024\nFrom: a@b.vn\nSubject: x\nDate: x\n\ntext\n\n" * count


def _noise(kind: str) -> bytes:
    """A sample with every hundredth octet changed."""
    content = bytearray(next(iter(sorted((SAMPLES / kind).glob("[a-z]*")))).read_bytes())
    chance = random.Random(kind)
    for _ in range(1 + len(content) // 100):
        content[chance.randrange(min(20, len(content) - 1), len(content))] = chance.randrange(256)
    return bytes(content)


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "circular.pdf": bombs.circular_pdf,
    "deep-tree.pdf": lambda: _pdf_deep_tree(50_000),
    "draws-itself.pdf": _pdf_of_itself,
    "draws-ten-to-the-eighth.pdf": lambda: _pdf_forms(9),
    "packed-thrice.pdf": _pdf_bomb,
    "huge-picture.pdf": _pdf_huge_picture,
    "huge-page.pdf": bombs.huge_page_pdf,
    "pages.pdf": lambda: bombs.pdf_of_pages(20_000),
    "laughs.docx": lambda: bombs.docx_of(bombs.laughs("document")),
    "quadratic.docx": lambda: bombs.docx_of(_quadratic()),
    "deep.docx": lambda: bombs.docx_of(b"<document>" + b"<p>" * 1_000_000),
    "tables.docx": lambda: bombs.docx_of(b"<document>" + b"<tbl><tr><tc>" * 200_000),
    "attributes.docx": lambda: bombs.docx_of(
        b"<document><p " + b" ".join(b'a%d=""' % n for n in range(500_000)) + b"/>"
    ),
    "one-word.docx": lambda: bombs.docx_of(b"<document><p><r><t>" + b"chu " * 50_000_000),
    "cells.xlsx": lambda: xlsx(b"<row>" + b'<c t="n"><v>1</v></c>' * 3_000_000 + b"</row>"),
    "far-cells.xlsx": lambda: xlsx(b'<row r="2000000000"><c r="XFDXFDXFD2000000000"><v>1</v></c></row>' * 1000),
    "strings.xlsx": lambda: xlsx(
        b'<row><c t="s"><v>4000000000</v></c></row>', b'<sst count="4000000000" uniqueCount="4000000000"><si/></sst>'
    ),
    "same-string.xlsx": lambda: xlsx(
        b'<row><c t="s"><v>0</v></c></row>' * 100_000, b"<sst><si><t>" + b"chu " * 100_000 + b"</t></si></sst>"
    ),
    "laughs.odt": lambda: odf("text", bombs.laughs("body")),
    "repeated.ods": lambda: odf("spreadsheet", _body(_repeated_cells())),
    "spaces.odt": lambda: odf("text", _body(b'<text><p><s c="2000000000"/>a</p></text>')),
    "laughs.xml": bombs.laughs,
    "deep.rtf": lambda: b"{\\rtf1" + b"{" * 5_000_000,
    "bin.rtf": lambda: b"{\\rtf1 a\\bin2147483647 b\\u-99999999 c}",
    "words.rtf": lambda: b"{\\rtf1" + b"\\trowd\\cell\\row" * 300_000,
    "fonts.rtf": lambda: b"{\\rtf1{\\fonttbl" + b"".join(b"{\\f%d a;}" % n for n in range(300_000)) + b"}}",
    "deep.html": lambda: b"<html>" + b"<div>" * 2_000_000,
    "attributes.html": lambda: b"<html><p " + b"a='" * 3_000_000,
    "tables.html": lambda: b"<html>" + b"<table><tr><td>" * 500_000,
    "fat-loop.doc": _fat_loop,
    "picture.png": lambda: png(30_000, 30_000),
    "gigapixels.png": lambda: bombs.png_header(100_000, 100_000),
    "pages.tiff": _tiff_loop,
    "lies.bmp": lambda: (
        b"BM" + struct.pack("<IIIIiiHHIIiiII", 99, 0, 54, 40, 2**31 - 1, 2**31 - 1, 1, 24, 0, 0, 0, 0, 0, 0)
    ),
    "lies.gif": lambda: b"GIF89a\xff\xff\xff\xff\x80\0\0" + b"\0" * 6 + b",\0\0\0\0\xff\xff\xff\xff\0\x08\x01\0\0;",
    "two-hundred-megabytes.bin": lambda: bytes(200 << 20),
    "two-hundred-megabytes.txt": lambda: b"mot dong chu thuong trong sach\n" * (200 << 15),
    "deep.dat": lambda: _nested_tnef(200),
    "attributes.dat": lambda: tnef.SIGNATURE + tnef.attribute(1, 0x0002800C, b"") * 500_000,
    "files.ics": lambda: b"BEGIN:VCALENDAR\n" + b"ATTACH;ENCODING=BASE64:AAAA\n" * 100_000,
    "mails.mbox": lambda: _mbox(50_000),
    "base64.p7m": lambda: b"-----BEGIN PKCS7-----\n" + b"MIIB" * 2_000_000,
}
DOCUMENTS |= {
    f"noise-{kind}": lambda kind=kind: _noise(kind)
    for kind in ("doc", "xls", "ppt", "msg", "pdf", "7z", "rar", "tnef")
}  # type: ignore[misc]


def _nested_tnef(depth: int) -> bytes:
    content = tnef.message(body=b"core")
    for _ in range(depth):
        content = tnef.message() + tnef.attachment(b"x", b"", tnef.embedded(content))
    return content


MAILS: dict[str, Callable[[], bytes]] = {
    "nested.eml": lambda: _nested_mail(2000),
    "parts.eml": lambda: (
        b"From: a@b.vn\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 10_000 + b"--x--\n"
    ),
    "attachments.eml": lambda: (
        b"From: a@b.vn\nContent-Type: multipart/mixed; boundary=x\n\n"
        + b'--x\nContent-Type: application/pdf; name="a.pdf"\n\n%PDF-1.4\n' * 10_000
        + b"--x--\n"
    ),
    "boundaries.eml": lambda: (
        b"From: a@b.vn\n"
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000))
    ),
    "fields.eml": lambda: b"".join(b"X-%d: a\n" % n for n in range(500_000)) + b"\ntext",
    "one-field.eml": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 2_000_000 + b"\n\ntext",
    "two-hundred-megabytes.eml": lambda: (
        b"From: a@b.vn\nTo: c@d.vn\n\n" + b"Mot dong chu thuong trong thu.\n" * (200 << 20 >> 5)
    ),
    "large-attachment.eml": lambda: (
        b"From: a@b.vn\nContent-Type: application/zip; name=a.zip\n"
        b"Content-Transfer-Encoding: base64\n\n"
        + b"UEsDBAoAAAAAAAAAIQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
        * (1_800_000)
    ),
    "base64.eml": lambda: b"Content-Transfer-Encoding: base64\n\n" + b"=" * 20_000_000,
    "uuencode.eml": lambda: b"From: a@b.vn\n\n" + b"begin 644 a\n" * 1_000_000,
    "html.eml": lambda: b"Content-Type: text/html\n\n" + b"<blockquote>" * 1_000_000,
    "quotes.eml": lambda: b"From: a@b.vn\n\n" + b">" * 5_000_000,
}
