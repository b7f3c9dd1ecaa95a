"""Fonts of before Unicode in docx: a style sheet that names one counts, and one that names none is not read."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from vanthu.documents.fonts import may_name
from vanthu.documents.formats import docx
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TCVN3, UNICODE = "C«ng v¨n", "Công văn"
FONTS = (".VnTime", ".vntime", ".VnTimeH", "VNI-Times", "vni times", "Times New Roman", "Arial", "", "Vnet")


def made(styles: str | bytes, body: str) -> bytes:
    """A document; ``styles`` as text is what stands inside of its style sheet."""
    if isinstance(styles, str):
        styles = f"<w:styles {WORD}>{styles}</w:styles>".encode()
    relation = f'<Relationships><Relationship Id="r" Type="{TYPE}/{{}}" Target="{{}}"/></Relationships>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relation.format("officeDocument", "word/document.xml"))
        archive.writestr("word/_rels/document.xml.rels", relation.format("styles", "styles.xml"))
        archive.writestr("word/styles.xml", styles)
        archive.writestr("word/document.xml", f"<w:document {WORD}><w:body>{body}</w:body></w:document>")
    return out.getvalue()


def style(name: str, font: str = "", *, kind: str = "paragraph", based: str = "", default: bool = False) -> str:
    """One style of a style sheet."""
    inner = f'<w:basedOn w:val="{based}"/>' if based else ""
    inner += f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>' if font else ""
    return f'<w:style w:type="{kind}" w:styleId="{name}" w:default="{int(default)}">{inner}</w:style>'


def run(text: str, *properties: str) -> str:
    return f"<w:r><w:rPr>{''.join(properties)}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*runs: str, of: str = "") -> str:
    properties = f'<w:pStyle w:val="{of}"/>' if of else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}"/>'


def of(name: str) -> str:
    return f'<w:rStyle w:val="{name}"/>'


def text(content: bytes) -> str:
    found = read(content, "x.docx", DocumentLimits(ocr="off"))
    assert found.reason is None
    return found.texts[0].text


@pytest.mark.parametrize(
    ("styles", "body"),
    [
        (style("A", ".VnTime"), paragraph(run(TCVN3), of="A")),
        (style("A", ".VnTime", default=True), paragraph(run(TCVN3))),
        (style("A", ".VnTime") + style("B", based="A"), paragraph(run(TCVN3), of="B")),
        (style("A", "&#46;&#x56;nTime"), paragraph(run(TCVN3), of="A")),
        (style("C", ".VnTime", kind="character"), paragraph(run(TCVN3, of("C")))),
        # A style of characters that names no font leaves that of the paragraph as it is.
        (
            style("A", ".VnTime") + style("D", kind="character") + style("E", kind="character", based="D"),
            paragraph(run(TCVN3, of("E")), of="A"),
        ),
        # What a run says itself goes before its style, in whatever order.
        (style("C", "Arial", kind="character"), paragraph(run(TCVN3, font(".VnTime"), of("C")))),
        (style("C", ".VnTime", kind="character"), paragraph(run(UNICODE, font("Arial"), of("C")))),
        (style("A", "Arial"), paragraph(run(TCVN3, font(".VnTime")), of="A")),
        (style("A", ".VnTime"), paragraph(run(UNICODE), of="unknown")),
    ],
)
def test_text_is_read_in_the_font_that_it_is_shown_in(styles: str, body: str) -> None:
    assert text(made(styles, body)) == UNICODE


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("", "utf-8"), ("", "utf-16"), ("UTF-8", "utf-8"), ("US-ASCII", "ascii"), ("windows-1258", "cp1258")],
)
def test_no_encoding_hides_a_font(declared: str, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    sheet = f"{head}<w:styles {WORD}>{style('A', '.VnTime')}</w:styles>".encode(encoding)
    assert text(made(sheet, paragraph(run(TCVN3), of="A"))) == UNICODE


def test_a_broken_sheet_matters_where_it_names_a_font() -> None:
    body = paragraph(run(UNICODE))
    found = [
        read(made(f"<w:styles {WORD}>{style('A', name)}".encode(), body), "x.docx", DocumentLimits(ocr="off"))
        for name in ("Arial", ".VnTime")
    ]
    assert [one.reason for one in found] == [None, "malformed"]
    assert [one.texts[0].text for one in found] == [UNICODE, UNICODE]


def test_a_sheet_with_entities_is_told_as_before() -> None:
    sheet = f'<!DOCTYPE x [<!ENTITY e ".Vn">]><w:styles {WORD}>{style("A", "&e;Time")}</w:styles>'.encode()
    assert read(made(sheet, paragraph(run("x"))), "x.docx", DocumentLimits(ocr="off")).reason == "bomb"


def any_run(rng: random.Random, ids: str) -> str:
    said = (font(rng.choice(FONTS)), of(rng.choice(ids)), "<w:b/>")
    return run(TCVN3, *rng.sample(said, rng.randrange(4)))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_not_read_changes_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    ids, skipped = "ABCDEF", 0
    for _ in range(60):
        fonts = rng.choice((FONTS, FONTS[5:]))
        sheet = "".join(
            style(
                one, rng.choice(fonts), kind=rng.choice(("paragraph", "character")),
                based=rng.choice(("", *ids)), default=rng.random() < 0.2,
            )
            for one in ids
        )  # fmt: skip
        body = "".join(
            paragraph(
                *(
                    run(
                        TCVN3, *rng.sample((font(rng.choice(FONTS)), of(rng.choice(ids)), "<w:b/>"), rng.randrange(4))
                    )
                    for _ in range(rng.randrange(4))
                ),
                of=rng.choice(("", "unknown", *ids)),
            )
            for _ in range(5)
        )
        content = made(sheet, body)
        quick = read(content, "x.docx", DocumentLimits(ocr="off"))
        skipped += not may_name(sheet.encode())
        with monkeypatch.context() as patched:
            patched.setattr(docx, "may_name", lambda _: True)
            assert read(content, "x.docx", DocumentLimits(ocr="off")) == quick
    assert 10 < skipped < 50
