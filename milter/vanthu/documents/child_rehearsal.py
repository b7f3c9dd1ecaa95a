"""What the fork server reads before it forks: a letter and a table that it makes itself, in memory.

CPython specialises code while it runs, and keeps beside it what it learnt (PEP 659). A child that began with code
that never ran would learn everything anew, and take a copy of each page on which it writes that down. So the server
runs the code first: with no stranger's document, and only readers that are Python, expat and zlib all the way down,
since a fork behind a call of a library with threads or locks of its own may hang.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from .child import Read
from .model import DocumentLimits

_TIMES: Final = 12  # code is specialised when it has run eight times, and some of it runs once a document
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SHEET: Final = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{_RELATIONS}"'
_LINES: Final = ("SỞ Y TẾ", "Số: 815/SYT-NVY", "V/v lịch khám sức khoẻ", "Kính gửi: Các đơn vị", "Nơi nhận:", "- VT.")


def rehearse(read: Read, limits: DocumentLimits) -> None:
    """Runs ``read`` over documents of our own until it is as fast as it gets; takes a twentieth of a second."""
    alone = replace(limits, ocr="off")
    for _ in range(_TIMES):
        read(_letter(), "thu.docx", alone)
        read(_table(), "bang.xlsx", alone)


def _letter() -> bytes:
    run = "<w:r><w:rPr><w:rFonts w:ascii='Times New Roman'/></w:rPr><w:t>{}</w:t></w:r>"
    paragraph = f"<w:p><w:pPr><w:pStyle w:val='Normal'/></w:pPr>{run}<w:r><w:tab/></w:r></w:p>"
    lines = "".join(paragraph.format(line) for line in _LINES)
    row = f"<w:tr>{f'<w:tc>{lines}</w:tc>' * 2}</w:tr>"
    styles = "<w:style w:type='paragraph' w:default='1' w:styleId='Normal'><w:basedOn w:val='Normal'/></w:style>"
    return _package(
        "word/document.xml",
        f"<w:document {_WORD}><w:body><w:tbl>{row * 2}</w:tbl>{lines * 4}</w:body></w:document>",
        {"styles": f"<w:styles {_WORD}>{styles}</w:styles>", "footer": f"<w:ftr {_WORD}>{lines}</w:ftr>"},
    )


def _table() -> bytes:
    cells = "".join(f"<c t='s'><v>{number}</v></c>" for number in range(len(_LINES)))
    rows = f"<row>{cells}<c><v>12</v></c><c t='inlineStr'><is><t>x</t></is></c></row>" * 8
    strings = "".join(f"<si><t>{line}</t></si>" for line in _LINES)
    return _package(
        "xl/workbook.xml",
        f"<workbook {_SHEET}><sheets><sheet name='Trang 1' r:id='worksheet'/></sheets></workbook>",
        {
            "worksheet": f"<worksheet {_SHEET}><sheetData>{rows}</sheetData></worksheet>",
            "sharedStrings": f"<sst {_SHEET}>{strings}</sst>",
        },
    )


def _package(main: str, content: str, beside: Mapping[str, str]) -> bytes:
    """An OOXML file with one main part and a part of each kind ``beside`` it."""
    folder, _, base = main.rpartition("/")
    parts = {main: content, "_rels/.rels": _relations({"officeDocument": main})}
    parts[f"{folder}/_rels/{base}.rels"] = _relations({kind: f"{kind}.xml" for kind in beside})
    parts |= {f"{folder}/{kind}.xml": part for kind, part in beside.items()}
    parts["docProps/core.xml"] = "<properties><title>x</title></properties>"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, _HEAD + part)
    return made.getvalue()


def _relations(targets: Mapping[str, str]) -> str:
    lines = (f"<Relationship Id='{kind}' Type='{_RELATIONS}/{kind}' Target='{to}'/>" for kind, to in targets.items())
    return f"<Relationships>{''.join(lines)}</Relationships>"
