"""Control words of RTF (version 1.9) that its reader knows: code pages, signs, what to skip, what stands apart."""

from __future__ import annotations

import codecs

CHARSETS = {
    0: "cp1252", 1: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161:
    "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222:
    "cp874", 238: "cp1250",
}  # fmt: skip
SIGNS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "column": "\n", "tab": "\t", "emdash": "—", "endash": "–",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
SKIPPED = frozenset({
    "stylesheet", "colortbl", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "themedata",
    "datastore", "colorschememapping", "latentstyles", "xmlnstbl", "fldinst", "objdata", "objclass", "bkmkstart",
    "bkmkend", "filetbl", "author", "operator", "company", "manager", "hlinkbase", "doccomm", "pntext",
    "nonshppict", "sn", "sv", "atnid", "atnauthor", "mmathPr", "wgrffmtfilter", "blipuid", "picprop", "fontemb",
    "panose", "falt", "private", "docvar", "userprops",
})  # fmt: skip
APART = {
    "header": "header", "headerl": "header", "headerr": "header", "headerf": "header", "footer": "footer",
    "footerl": "footer", "footerr": "footer", "footerf": "footer", "footnote": "footnotes", "annotation": "comments",
    "shptxt": "text box", "title": "title", "subject": "subject", "keywords": "keywords",
}  # fmt: skip
LABELS = frozenset({"title", "subject", "keywords"})
KNOWN_STARRED = frozenset({"shpinst", "shptxt", "footnote", "annotation", "shppict", "pict", "fldrslt", "ud"})


def code_page(number: int) -> str:
    """The codec of a Windows code page; Western European where there is none of that number."""
    try:
        return codecs.lookup(f"cp{number}").name
    except LookupError:
        return "cp1252"
