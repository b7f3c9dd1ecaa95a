"""A text part as the reader sees it: charset, legacy encodings, format=flowed, HTML; bounded, never raises."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vanthu.vietnamese.legacy import to_unicode

from .blocks import noted
from .charsets import decode_bytes
from .flowed import unwrap
from .html import html_charset, to_text
from .message import Body

_UTF8_MAX = 4
_OPENS_PAGE = (b"<", b" ", b"\r", b"\n", b"\t", b"\xef")
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,64}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def body(
    content: bytes, kind: str, parameters: Mapping[str, str], where: str, max_text: int
) -> tuple[Body, list[str]]:
    """The body that ``content`` makes and its defects. ``max_text`` is in characters, of source and of text."""
    defects: list[str] = []
    html = kind in ("text/html", "text/x-amp-html", "application/xhtml+xml")
    # Scripts send pages without saying so; some readers show the page, the others its source.
    unsaid = not html and content[:1] in _OPENS_PAGE and _PAGE.match(content) is not None
    if unsaid:
        html = True
        defects.append("lying_type")
    if len(content) > _UTF8_MAX * max_text:
        content = content[: _UTF8_MAX * max_text]
        defects.append("text_truncated")
    declared = parameters.get("charset")
    if html and not declared and not content.isascii():
        declared = html_charset(content)
    text, wrong = decode_bytes(content, declared)
    if wrong:
        defects.append(wrong)
    if len(text) > max_text:
        text = text[:max_text]
        defects.append("text_truncated")
    if "\0" in text:
        text = text.replace("\0", "")
        defects.append("nul")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if html:
        made, legacy = _page(text, where, max_text, unsaid, defects)
    else:
        text, legacy = to_unicode(text)
        if parameters.get("format", "").lower() == "flowed":
            text = unwrap(text, parameters.get("delsp", "").lower() == "yes")
        made = Body(where, "plain", text)
    if legacy:
        defects.append(f"legacy_{legacy}")
    defects.extend(noted(made.text))
    return made, defects


def _page(text: str, where: str, max_text: int, unsaid: bool, defects: list[str]) -> tuple[Body, str | None]:
    """A page as it is shown, and the legacy encoding that it was in; who sees its source sees what it hides, too."""
    rendered = to_text(text, max_text)
    shown, legacy = to_unicode(rendered.text)
    if rendered.cut:
        defects.append("text_truncated")
    hidden = to_unicode(rendered.hidden)[0] if rendered.hidden else ""
    if hidden and unsaid:
        shown, hidden = f"{shown}\n{hidden}", ""
    elif hidden:
        defects.append("hidden_text")
    return Body(where, "html", shown, text, hidden), legacy
