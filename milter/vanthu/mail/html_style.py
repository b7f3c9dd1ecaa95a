"""What the attributes of an HTML tag do to its text: keep it from view, keep its blanks, or paint a background."""

from __future__ import annotations

import re

from .html_tokens import unescaped

# At least one of these stands in any source that hides text or keeps blanks; without them no attribute is looked at.
_CLUES = (
    b"none", b"hidden", b"opacity", b"mso-hide", b"font-size:0", b"font-size: 0", b"font-size:1px", b"font-size: 1px",
    b"#fff", b"white", b"rgb(255", b"transparent", b"height:0", b"height: 0", b"white-space", b"&#", b"&colon",
)  # fmt: skip
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?<![\w-])opacity\s*:\s*0*\.?0+(?![.\d])"
    r"|mso-hide\s*:\s*all|font-size\s*:\s*(?:0+(?:\.0+)?(?![.\d])|0*[01]\s*(?:px|pt))"
    r"|font\s*:\s*0(?:px|pt)?[\s/]|text-indent\s*:\s*-\d{4}|(?<![\w-])left\s*:\s*-\d{4}"
)
_ZERO_BOX = re.compile(r"(?<![\w-])(?:max-)?(?:height|width)\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|\"|'|\Z)")
_OVERFLOW = re.compile(r"overflow\s*:\s*hidden")
_HIDDEN_ATTRIBUTE = re.compile(r"(?:^|[\s/])hidden(?:[\s=/]|\Z)")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_WHITE = (
    r"(?:#fff(?:fff)?(?![0-9a-f])|white(?![\w-])|rgba?\(\s*255\s*,\s*255\s*,\s*255[^)]{0,12}\)|transparent(?![\w-]))"
)
_WHITE_TEXT = re.compile(rf"(?<![\w-])color\s*[:=]\s*[\"']?\s*{_WHITE}")
_OTHER_TEXT = re.compile(r"(?<![\w-])color\s*[:=]")
_BACKGROUND = re.compile(
    rf"(?:background(?:-color|-image)?|bgcolor)\s*[:=]\s*[\"']?\s*(?!none|inherit|initial|{_WHITE})"
)
_QUOTED_VALUE = re.compile(r"(?:src|href|alt|title|class|id|name|content)\s*=\s*(?:\"[^\"]*+\"|'[^']*+')")
_TOO_LONG = 10_000


def any_clue(markup: str) -> bool:
    """Whether it is worth looking at attributes at all."""
    # As octets, which are searched several times faster than wide characters.
    lower = markup.encode("utf-8", "replace").lower()
    return any(clue in lower for clue in _CLUES)


def effects(attributes: str) -> frozenset[str]:
    """Of ``hidden``, ``white``, ``coloured`` (text), ``painted`` (background), ``pre``: those that hold."""
    text = _QUOTED_VALUE.sub("", unescaped(attributes[:_TOO_LONG]).lower())
    if "/*" in text:
        text = re.sub(r"/\*[^*]{0,200}\*/", "", text)
    found: set[str] = set()
    if _HIDING.search(text) or (_ZERO_BOX.search(text) and _OVERFLOW.search(text)) or _has_hidden(text):
        found.add("hidden")
    if "color" in text:
        if _WHITE_TEXT.search(text):
            found.add("white")
        elif _OTHER_TEXT.search(text):
            found.add("coloured")
    if ("background" in text or "bgcolor" in text) and _BACKGROUND.search(text):
        found.add("painted")
    if "white-space" in text and re.search(r"white-space\s*:\s*(?:pre|break-spaces)", text):
        found.add("pre")
    return frozenset(found)


def _has_hidden(text: str) -> bool:
    """Whether the boolean attribute ``hidden`` stands there, outside of all quotes."""
    return "hidden" in text and _HIDDEN_ATTRIBUTE.search(_QUOTED.sub(" ", text)) is not None
