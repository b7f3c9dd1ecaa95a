"""Names of persons as they are found in addresses: plain letters, whatever the order of the names.

Two names that are written with the same letters share their ``anagram``; so one index entry a person finds
``nguyenvanan``, ``annguyenvan`` and ``vanannguyen`` alike, and the order is looked at afterwards.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_MIN_TOKENS = 3
_D = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Lower-case letters without diacritics; ``đ`` is ``d``."""
    text = text.translate(_D)
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return text.lower()


def tokens(name: str) -> tuple[str, ...]:
    """The words of a name, plain, without what is not a letter."""
    words = ("".join(c for c in plain(word) if c.isalpha()) for word in name.split())
    return tuple(word for word in words if word)


def anagram(name: str) -> str:
    """The sorted letters of a name of at least three words; ``""`` for shorter ones, which tell too little."""
    words = tokens(name)
    return letters("".join(words)) if len(words) >= _MIN_TOKENS else ""


def letters(text: str) -> str:
    """The sorted letters of a text."""
    return "".join(sorted(text))
