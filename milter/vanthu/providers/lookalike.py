"""Domains that imitate an official one: letters that look alike, hyphens for dots, an official name as a prefix.

``quangngai.gov.vn`` with Cyrillic letters, ``quangngai-gov.vn`` and ``quangngai.gov.vn.example.com`` deceive readers.
This is a note for people and rules (``because``), never a class: the domain itself stays what the lists say it is.

| domain | imitates ``quangngai.gov.vn`` |
|---|---|
| ``quаngngai.gov.vn`` (Cyrillic ``а``), ``xn--…`` that decodes to it | yes |
| ``quangngai-gov.vn``, ``quangngaigov.vn``, ``quangngai.gov.vn.example.com`` | yes |
| ``quangngai.com.vn``, ``baoquangngai.vn`` | no: names of their own |
| ``so.quangngai.gov.vn`` | no: it lies below the official one |

Not seen: a slip of one letter (``quangngia.gov.vn``), another ending (``quangngai.org.vn``), an official domain of
fewer than six letters and signs, and a display name that pretends.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# Letters of other scripts and digits that are read as Latin ones (a choice from Unicode's confusables).
_READ_AS = {
    "a": "аɑα", "b": "вьб", "c": "сϲ", "d": "ԁđðɖ", "e": "еєε3", "g": "ɡ", "h": "һн", "i": "іιı", "j": "ј", "k": "кκ",
    "l": "ӏłǀ1", "m": "м", "n": "пո", "o": "оοøօ0", "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ5", "t": "тτ", "u": "υսʋ",
    "v": "ѵν", "w": "ԝ", "x": "хχ", "y": "уүʏ",
}  # fmt: skip
_ALIKE = str.maketrans({sign: letter for letter, signs in _READ_AS.items() for sign in signs})
_SHORTEST = 6  # letters of an official domain that something may be said to imitate
_MAX = 255


class Lookalikes:
    """The official domains by what is left of them when look-alikes are folded."""

    __slots__ = ("_skeletons",)

    def __init__(self, official: Iterable[str]) -> None:
        pairs = ((_skeleton(domain), domain) for domain in official if "." in domain)
        self._skeletons = {skeleton: domain for skeleton, domain in pairs if len(skeleton) >= _SHORTEST}

    def find(self, domain: str) -> str | None:
        """The official domain that a folded domain imitates, or None. It must not lie below an official one."""
        if not self._skeletons or len(domain) > _MAX:
            return None
        labels = _readable(domain).split(".")
        for end in range(len(labels), 0, -1):
            found = self._skeletons.get(_skeleton(".".join(labels[:end])))
            if found is not None:
                return found
        return None


def _readable(domain: str) -> str:
    """A-labels as the reader sees them."""
    if "xn--" not in domain:
        return domain
    return ".".join(_unicode(label) for label in domain.split("."))


def _unicode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _skeleton(domain: str) -> str:
    """What a hasty reader sees: no diacritics, look-alikes as one letter, neither dots nor hyphens."""
    text = unicodedata.normalize("NFD", domain.lower()).translate(_ALIKE)
    text = "".join(c for c in text if c.isalnum() and not unicodedata.combining(c))
    return text.replace("rn", "m")
