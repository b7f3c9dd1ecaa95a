"""HTML source cut into tags and text, as browsers do it (WHATWG HTML §13.2.5), as far as mail needs it.

Never raises, linear in the size: every search either moves on or is known to be the last of its kind. One leniency: a
quote that is never closed does not swallow the rest of the mail.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

# A quote opens a value only after "=" (§13.2.5.37); elsewhere it is part of a name.
_TOKEN = re.compile(
    r"((?:[^<]++|<(?![A-Za-z/!?]))++)"
    r"|<(/?)([A-Za-z][^\s/>]*+)((?:[^>=]++|=[ \t\r\n\f]*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)(?:>|\Z)"
)
_COMMENT_END = re.compile("--!?>")
_RAW_TEXT = frozenset({"script", "style", "title", "xmp", "iframe", "noembed", "noframes", "template"})
_RAW_END = {name: re.compile(f"</{name}[\\s/>]", re.IGNORECASE) for name in _RAW_TEXT}
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_LONGEST_NAME = 40

# (text, "", "") or ("", name, attributes); the name of an end tag begins with "/".
Token = tuple[str, str, str]


def tokens(markup: str) -> Iterator[Token]:
    """The tokens of ``markup``; comments and the content of scripts and styles are left out."""
    at = 0
    size = len(markup)
    while at < size:
        found = _TOKEN.match(markup, at)
        if found is None:
            at = _after_declaration(markup, at)
            continue
        at = found.end()
        text, slash, name, attributes = found.groups()
        if text is not None:
            yield text, "", ""
            continue
        name = name.lower() if len(name) <= _LONGEST_NAME else "unknown"
        if name not in _RAW_TEXT:
            yield "", slash + name, attributes
        elif not slash:
            close = _RAW_END[name].search(markup, at)
            if close is None:
                return
            at = markup.find(">", close.start()) + 1 or size


def _after_declaration(markup: str, at: int) -> int:
    """Where the comment, declaration or bogus comment (§13.2.5.41) at ``at`` ends."""
    if markup.startswith("<!--", at):
        if markup.startswith((">", "->"), at + 4):
            return markup.index(">", at) + 1
        end = _COMMENT_END.search(markup, at + 4)
        return end.end() if end else len(markup)
    end_at = markup.find(">", at)
    return end_at + 1 if end_at >= 0 else len(markup)


def unescaped(text: str) -> str:
    """Character references replaced (§13.2.5.72)."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\xa0")
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:
        # Numbers of thousands of digits, which int() refuses.
        return html.unescape(_LONG_REFERENCE.sub("\ufffd", text))
