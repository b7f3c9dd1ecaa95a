"""The words that mail clients print when they quote a message, in all the languages of ``words.json``.

Loaded once, at import. A word is looked up folded: NFC, case folded, without marks of direction and zero width, inner
white space as one space. Colons of all scripts are made ``:`` before lines are looked at (``plain_colons``).
"""

from __future__ import annotations

import json
import unicodedata
from importlib.resources import files
from typing import Final

INVISIBLE: Final = dict.fromkeys(
    map(
        ord,
        "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u061c",
    )
)
COLONS: Final = ":：﹕∶︰៖፡፦"
DECORATION: Final = " \t\u00a0\u3000>|*_•·\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
FRAME: Final = DECORATION + '-—–━─=~#<.…[]()"“”+' + COLONS

_words = json.loads(files("vanthu.facts.forwards").joinpath("words.json").read_text(encoding="utf-8"))


def fold(text: str) -> str:
    """The form in which words are compared."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(INVISIBLE)
    return " ".join(text.casefold().split())


def plain_colons(text: str) -> str:
    """The text with the colons of other scripts made plain."""
    if text.isascii():
        return text
    for colon in COLONS[1:]:
        if colon in text:
            text = text.replace(colon, ":")
    return text


def _roles() -> dict[str, tuple[str, ...]]:
    roles: dict[str, tuple[str, ...]] = {}
    for role in ("from", "date", "subject", "to", "cc", "reply_to", "other"):
        for word in _words["labels"][role]:
            roles[word] = (*roles.get(word, ()), role)
    return roles


LABELS: Final[dict[str, tuple[str, ...]]] = _roles()
FORWARD: Final = frozenset(_words["forward"])
FORWARD_BY: Final = tuple((begin, end) for begin, end in _words["forward_by"])
_LONG_FORWARD: Final = tuple(phrase for phrase in FORWARD if len(phrase) >= 12 and " " in phrase)
ORIGINAL: Final = frozenset(_words["original"])
ATTRIBUTION_ENDS: Final = tuple(_words["attribution"]["ends"])
ATTRIBUTION_BEGINS: Final = tuple(_words["attribution"]["begins"])
ATTRIBUTION_WORDS: Final = frozenset(_words["attribution"]["words"])
SUBJECT_FORWARD: Final = frozenset(_words["subject"]["forward"])
SUBJECT_REPLY: Final = frozenset(_words["subject"]["reply"])


def announces(line: str) -> str | None:
    """``forward``, ``forward_by`` (somebody) or ``original`` where a line announces that, between dashes or not."""
    text = fold(line).strip(FRAME)
    if not text or len(text) > 120:
        return None
    if text in FORWARD:
        return "forward"
    if text in ORIGINAL:
        return "original"
    if len(text) <= 60 and (text.startswith(_LONG_FORWARD) or text.endswith(_LONG_FORWARD)):
        return "forward"
    for begin, end in FORWARD_BY:
        if text.startswith(begin) and text.endswith(end) and len(text) > len(begin) + len(end):
            return "forward_by"
    return None
