"""HTML source cut into tags and text, as browsers do it (WHATWG HTML §13.2.5), as far as mail needs it.

Never raises, linear in the size: every search either moves on or is known to be the last of its kind. One leniency: a
quote that is never closed does not swallow the rest of the mail.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

# A quote opens a value only after "=" (§13.2.5.37); elsewhere it is part of a name.
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*+)((?:[^>=]++|=[ \t\r\n\f]*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)(?:>|\Z)")
_OPENING = re.compile("<[A-Za-z/!?]")
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
        opens = _OPENING.search(markup, at)
        if opens is None:
            yield markup[at:], "", ""
            return
        opening = opens.start()
        if opening > at:
            yield markup[at:opening], "", ""
        found = _TAG.match(markup, opening)
        if found is None:
            at = _after_declaration(markup, opening)
            if at == opening:
                yield "<", "", ""
                at += 1
            continue
        at = found.end()
        slash, name, attributes = found.groups()
        name = name.lower() if len(name) <= _LONGEST_NAME else "unknown"
        if name in _RAW_TEXT:
            if not slash:
                close = _RAW_END[name].search(markup, at)
                if close is None:
                    return
                at = markup.find(">", close.start()) + 1 or size
            continue
        yield "", slash + name, attributes


def _after_declaration(markup: str, at: int) -> int:
    """Where a comment, declaration or bogus comment at ``at`` ends; ``at`` itself where there is none."""
    following = markup[at + 1 : at + 4]
    if following.startswith("!--"):
        if markup.startswith((">", "->"), at + 4):
            return markup.index(">", at) + 1
        ends = [end for end in (markup.find("-->", at + 4), markup.find("--!>", at + 4)) if end >= 0]
        return markup.index(">", min(ends)) + 1 if ends else len(markup)
    if following[:1] in ("!", "?") or (following[:1] == "/" and following[1:2] != ""):
        end = markup.find(">", at)
        return end + 1 if end >= 0 else len(markup)
    return at


def unescaped(text: str) -> str:
    """Character references replaced (§13.2.5.72)."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\xa0")
    try:
        return html.unescape(text)
    except ValueError:
        # Numbers of thousands of digits, which int() refuses.
        return html.unescape(_LONG_REFERENCE.sub("\ufffd", text))
