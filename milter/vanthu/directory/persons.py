"""Names of persons as they are found in addresses: plain letters, whatever the order of the names.

Two names that are written with the same letters share their ``anagram``; so one index entry a person finds
``nguyenvanan``, ``annguyenvan`` and ``vanannguyen`` alike, and the order is looked at afterwards.
"""

from __future__ import annotations

from functools import lru_cache

from ..vietnamese.text import fold, strip_diacritics

_MIN_TOKENS = 3
# With these, three words are borne by so many that they tell nobody apart (together about a third of all names).
_COMMON_FAMILIES = frozenset(["nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo"])
_COMMON_MIDDLES = frozenset(["van", "thi"])


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
    """The sorted letters of a name that tells one person from another, else ``""``.

    Too little tell names of one or two words, and the commonest of three (``Nguyễn Văn An``).
    """
    words = tokens(name)
    if len(words) < _MIN_TOKENS:
        return ""
    if len(words) == _MIN_TOKENS and words[0] in _COMMON_FAMILIES and words[1] in _COMMON_MIDDLES:
        return ""
    return letters("".join(words))


def letters(text: str) -> str:
    """The sorted letters of a text."""
    return "".join(sorted(text))
