"""Names of persons as they are found in addresses: plain letters, whatever the order of the names.

Two names that are written with the same letters share their ``anagram``; so one index entry a person finds
``nguyenvanan``, ``annguyenvan`` and ``vanannguyen`` alike, and the order is looked at afterwards.
"""

from __future__ import annotations

from functools import lru_cache

from ..vietnamese.text import fold, strip_diacritics

_MIN_TOKENS = 3


def plain(text: str) -> str:
    """Lower-case letters without diacritics; ``đ`` is ``d``."""
    return text.lower() if text.isascii() else strip_diacritics(fold(text))


@lru_cache(maxsize=4096)
def tokens(name: str) -> tuple[str, ...]:
    """The words of a name, plain, without what is not a letter."""
    text = plain(name)
    if text.replace(" ", "").isalpha():
        return tuple(text.split())
    words = ("".join(c for c in word if c.isalpha()) for word in text.split())
    return tuple(word for word in words if word)


def anagram(name: str) -> str:
    """The sorted letters of a name of at least three words; ``""`` for shorter ones, which tell too little."""
    words = tokens(name)
    return letters("".join(words)) if len(words) >= _MIN_TOKENS else ""


def letters(text: str) -> str:
    """The sorted letters of a text."""
    return "".join(sorted(text))
