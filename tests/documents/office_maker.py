"""Office documents of hand-written parts: every place where a text can stand has one of its own, ``«place»``."""

from __future__ import annotations

from . import bombs

_W = 'xmlns:w="urn:w" xmlns:r="urn:r" xmlns:wps="urn:wps" xmlns:v="urn:v" xmlns:mc="urn:mc"'
_A = 'xmlns:a="urn:a" xmlns:p="urn:p" xmlns:r="urn:r" xmlns:xdr="urn:xdr"'
_CORE = (
    '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="urn:dc"><dc:title>«title»</dc:title>'
    "<dc:subject>«subject»</dc:subject><cp:keywords>«keywords»</cp:keywords><cp:category>«category»</cp:category><dc:description>«description»"
    "</dc:description></cp:coreProperties>"
)
_APP = "<Properties><Company>«company»</Company></Properties>"
_CUSTOM = '<Properties><property name="Số hiệu"><lpwstr>«custom»</lpwstr></property></Properties>'
PROPERTIES = ("title", "subject", "keywords", "category", "description", "company", "custom")


def _relations(**targets: str) -> str:
    every = "".join(
        f'<Relationship Id="{key}" Type="urn:x/{key.rstrip("0123456789")}" Target="{target}"/>'
        for key, target in targets.items()
    )
    return f"<Relationships>{every}</Relationships>"


def _package(parts: dict[str, str]) -> bytes:
    beside = {
        "[Content_Types].xml": "<Types/>", "docProps/core.xml": _CORE, "docProps/app.xml": _APP,
        "docProps/custom.xml": _CUSTOM,
    }  # fmt: skip
    return bombs.zipped({name: text.encode() for name, text in (beside | parts).items()})


def _p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _story(kind: str, inner: str) -> str:
    return f"<w:{kind} {_W}>{inner}</w:{kind}>"


DOCX = (
    "body", "cell", "nested cell", "box", "old box", "link", "control", "inserted", "header", "header box",
    "header cell", "footer", "footnote", "endnote", "comment",
)  # fmt: skip


def docx() -> bytes:
    """All of ``DOCX`` and ``PROPERTIES``."""
    nested = f"<w:tbl><w:tr><w:tc>{_p('«nested cell»')}</w:tc></w:tr></w:tbl>"
    box = "<wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx>"
    body = (
        _p("«body»") + f"<w:tbl><w:tr><w:tc>{_p('«cell»')}{nested}</w:tc></w:tr></w:tbl>"
        f"<w:p><w:r>{box.format(_p('«box»'))}</w:r></w:p>"
        f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{_p('«old box»')}</w:txbxContent></v:textbox></w:pict></w:r>"
        "</w:p>"
        "<w:p><w:hyperlink><w:r><w:t>«link»</w:t></w:r></w:hyperlink>"
        "<w:ins><w:r><w:t>«inserted»</w:t></w:r></w:ins><w:del><w:r><w:delText>«deleted»</w:delText></w:r></w:del></w:p>"
        f"<w:sdt><w:sdtContent>{_p('«control»')}</w:sdtContent></w:sdt>"
    )
    header = f"{_p('«header»')}<w:p><w:r>{box.format(_p('«header box»'))}</w:r></w:p>"
    header += f"<w:tbl><w:tr><w:tc>{_p('«header cell»')}</w:tc></w:tr></w:tbl>"
    return _package({
        "_rels/.rels": _relations(officeDocument="word/document.xml"),
        "word/_rels/document.xml.rels": _relations(
            header="header1.xml", footer="footer1.xml", footnotes="footnotes.xml", endnotes="endnotes.xml",
            comments="comments.xml",
        ),
        "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
        "word/header1.xml": _story("hdr", header),
        "word/footer1.xml": _story("ftr", _p("«footer»")),
        "word/footnotes.xml": _story("footnotes", f"<w:footnote>{_p('«footnote»')}</w:footnote>"),
        "word/endnotes.xml": _story("endnotes", f"<w:endnote>{_p('«endnote»')}</w:endnote>"),
        "word/comments.xml": _story("comments", f"<w:comment>{_p('«comment»')}</w:comment>"),
    })  # fmt: skip


def _t(text: str) -> str:
    return f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"


def _shape(text: str) -> str:
    return f"<p:sp><p:txBody>{_t(text)}</p:txBody></p:sp>"


PPTX = ("shape", "grouped", "cell", "slide footer", "notes", "comment", "new comment", "smart art")


def pptx() -> bytes:
    """All of ``PPTX`` and ``PROPERTIES``."""
    table = f"<a:tbl><a:tr><a:tc><a:txBody>{_t('«cell»')}</a:txBody></a:tc></a:tr></a:tbl>"
    slide = (
        _shape("«shape»") + f"<p:grpSp>{_shape('«grouped»')}</p:grpSp>"
        f"<p:graphicFrame><a:graphic><a:graphicData>{table}</a:graphicData></a:graphic></p:graphicFrame>"
        '<p:sp><p:nvSpPr><p:nvPr><p:ph type="ftr"/></p:nvPr></p:nvSpPr>'
        + f"<p:txBody>{_t('«slide footer»')}</p:txBody></p:sp>"
    )
    return _package({
        "_rels/.rels": _relations(officeDocument="ppt/presentation.xml"),
        "ppt/presentation.xml": f'<p:presentation {_A}><p:sldIdLst><p:sldId r:id="slide1"/></p:sldIdLst>'
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": _relations(slide1="slides/slide1.xml"),
        "ppt/slides/slide1.xml": f"<p:sld {_A}><p:cSld><p:spTree>{slide}</p:spTree></p:cSld></p:sld>",
        "ppt/slides/_rels/slide1.xml.rels": _relations(
            notesSlide="../notesSlides/n.xml", comments1="../comments/c.xml", comments2="../comments/m.xml",
            diagramData="../diagrams/d.xml",
        ),
        "ppt/notesSlides/n.xml": f"<p:notes {_A}>{_shape('«notes»')}</p:notes>",
        "ppt/comments/c.xml": f"<p:cmLst {_A}><p:cm><p:text>«comment»</p:text></p:cm></p:cmLst>",
        "ppt/comments/m.xml": f"<p:cmLst {_A}><p:cm><p:txBody>{_t('«new comment»')}</p:txBody></p:cm></p:cmLst>",
        "ppt/diagrams/d.xml": f"<dgm:dataModel xmlns:dgm='urn:d' {_A}>{_t('«smart art»')}</dgm:dataModel>",
    })  # fmt: skip


XLSX = (
    "shared", "inline", "formula", "hidden sheet", "header", "footer", "even header", "comment", "threaded comment",
    "box", "sheet name",
)  # fmt: skip


def xlsx() -> bytes:
    """All of ``XLSX`` and ``PROPERTIES``."""
    cells = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>«inline»</t></is></c>'
        '<c r="C1" t="str"><f>A1</f><v>«formula»</v></c></row>'
    )
    headers = "<headerFooter><oddHeader>&amp;C«header»</oddHeader><oddFooter>&amp;L«footer»</oddFooter>"
    headers += "<evenHeader>«even header»</evenHeader></headerFooter>"
    box = f"<xdr:wsDr {_A}><xdr:sp><xdr:txBody>{_t('«box»')}</xdr:txBody></xdr:sp></xdr:wsDr>"
    return _package({
        "_rels/.rels": _relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": '<workbook xmlns:r="urn:r"><sheets><sheet name="«sheet name»" sheetId="1" '
        'r:id="worksheet1"/><sheet name="b" state="veryHidden" sheetId="2" r:id="worksheet2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            worksheet1="worksheets/sheet1.xml", worksheet2="worksheets/sheet2.xml", sharedStrings="sharedStrings.xml"
        ),
        "xl/sharedStrings.xml": "<sst><si><t>«shared»</t></si></sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData>{headers}</worksheet>",
        "xl/worksheets/sheet2.xml": "<worksheet><sheetData><row><c t='inlineStr'><is><t>«hidden sheet»</t></is></c>"
        "</row></sheetData></worksheet>",
        "xl/worksheets/_rels/sheet1.xml.rels": _relations(
            comments="../comments1.xml", threadedComment="../threadedComments/t.xml", drawing="../drawings/d.xml"
        ),
        "xl/comments1.xml": "<comments><comment><text><r><t>«comment»</t></r></text></comment></comments>",
        "xl/threadedComments/t.xml": "<ThreadedComments><threadedComment><text>«threaded comment»</text>"
        "</threadedComment></ThreadedComments>",
        "xl/drawings/d.xml": box,
    })  # fmt: skip


ODT = (
    "body", "cell", "box", "header", "left header", "footer", "footnote", "endnote", "comment", "inserted", "heading",
)  # fmt: skip
ODF_PROPERTIES = ("title", "subject", "description", "keyword", "own")


def odt() -> bytes:
    """All of ``ODT`` and ``ODF_PROPERTIES``."""
    spaces = 'xmlns:office="urn:o" xmlns:text="urn:t" xmlns:table="urn:tb" xmlns:draw="urn:d" xmlns:style="urn:s"'
    spaces += ' xmlns:dc="urn:dc" xmlns:meta="urn:m"'
    note = '<text:note text:note-class="{0}"><text:note-body><text:p>«{0}»</text:p></text:note-body></text:note>'
    body = (
        f"<text:h>«heading»</text:h><text:p>«body»{note.format('footnote')}{note.format('endnote')}"
        "<office:annotation><text:p>«comment»</text:p></office:annotation><text:change-start/>«inserted»</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>«cell»</text:p></table:table-cell></table:table-row>"
        "</table:table><text:p><draw:frame><draw:text-box><text:p>«box»</text:p></draw:text-box></draw:frame></text:p>"
    )
    styles = (
        "<office:master-styles><style:master-page><style:header><text:p>«header»</text:p></style:header>"
        "<style:header-left><text:p>«left header»</text:p></style:header-left>"
        "<style:footer><text:p>«footer»</text:p></style:footer></style:master-page></office:master-styles>"
    )
    meta = (
        "<office:meta><dc:title>«title»</dc:title><dc:subject>«subject»</dc:subject><dc:description>«description»"
        "</dc:description><meta:keyword>«keyword»</meta:keyword>"
        '<meta:user-defined meta:name="Số">«own»</meta:user-defined></office:meta>'
    )
    return bombs.zipped({
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {spaces}><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>".encode(),
        "styles.xml": f"<office:document-styles {spaces}>{styles}</office:document-styles>".encode(),
        "meta.xml": f"<office:document-meta {spaces}>{meta}</office:document-meta>".encode(),
    })  # fmt: skip
