"""Vietnamese text for comparing: one spelling for all the ways in which the same words reach a filter.

Only for Unicode text: what may be TCVN3, VNI or VIQR goes through ``legacy.to_unicode`` first, since everything here
would destroy it (``ư`` of TCVN3 is a soft hyphen).

- ``nfc(text)``: normal form C.
- ``fold(text)``: for matching. Idempotent. Its length may differ from that of ``text``.
- ``strip_diacritics(text)``: without tone and vowel marks, ``đ`` as ``d``; of the same length as ``nfc(text)``.

What ``fold`` makes equal: case; tone placement (HÒA and HOÀ, THỦY and THUỶ, also misplaced as in hòan); blanks of all
kinds (as U+0020); dashes (as ``-``); quotation marks; full-width forms; ``Ð``, ``ð``, ``Ɖ`` and ``Đ``; Cyrillic and
Greek letters that look Latin inside words that are otherwise Latin. What has no width goes; line ends stay.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

_TONE_MARKS = "\u0300\u0301\u0309\u0303\u0323"

_ZERO_WIDTH = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c"
    "\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufe00\ufe0e"
    "\ufe0f\ufeff\ufff9\ufffa\ufffb"
)
_BLANKS = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000\u2800\u3164\uffa0"
)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"

_SPECIAL: dict[str, str] = {
    **dict.fromkeys(_ZERO_WIDTH, ""),
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_SINGLE_QUOTES, "'"),
    **dict.fromkeys(_DOUBLE_QUOTES, '"'),
    **{chr(0xFF00 + code - 0x20): chr(code).lower() for code in range(0x21, 0x7F)},
    "\u2028": "\n",
    "\u2029": "\n",
    "\u2044": "/",
    "\u2215": "/",
    "\uff0d": "-",
    "\u00f0": "đ",
    "\u00d0": "đ",
    "\u0256": "đ",
    "\u0189": "đ",
}
_SPECIAL_CHARACTER = re.compile("[" + "".join(map(re.escape, _SPECIAL)) + "]")

# Lower-case letters of other scripts that look like a Latin one, also by their capitals.
_LOOKALIKES = dict(
    zip(
        "авекмнорстухѕіјԁԛԝһɡɑαβεζηικμνορτυχ",
        "abekmhopctyxsijdqwhgaabezhikmnoptyx",
        strict=True,
    )
)
_LOOKALIKE = re.compile("[" + "".join(_LOOKALIKES) + "]")
_UNUSUAL = re.compile("[" + "".join(map(re.escape, _SPECIAL)) + "".join(_LOOKALIKES) + "]")
# A letter may be followed by marks that have no composed form with it, as below a Cyrillic one that passes for Latin.
_ANY_MARK = "\u0300-\u036f"
_MIXED_WORD = re.compile(rf"(?:[^\W\d_][{_ANY_MARK}]*)+")
_COMBINING = re.compile(f"[{_ANY_MARK}]+")
_LATIN = re.compile("[a-zà-ỹ\u00df-\u024f]")


def _tone_moves() -> dict[str, str]:
    """The tone of oa, oe and uy, from the first letter to the second."""
    return {
        unicodedata.normalize("NFC", a + mark) + b: a + unicodedata.normalize("NFC", b + mark)
        for a, b in ("oa", "oe", "uy")
        for mark in _TONE_MARKS
    }


_TONE_MOVES = _tone_moves()
_TONED_FIRST = re.compile("[òóỏõọùúủũụ][aey]")


def _bare_letters() -> dict[int, str]:
    table = {ord("đ"): "d", ord("Đ"): "D", ord("ð"): "d", ord("Ð"): "D"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base
    return table


_BARE = _bare_letters()


def nfc(text: str) -> str:
    """Normal form C (Unicode Standard Annex 15)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """``text`` in the one spelling for matching; equal texts have equal folds, whoever typed them."""
    text = text.lower()
    if text.isascii():
        return text
    return _place_tones(_plain_letters(text))


def _plain_letters(text: str) -> str:
    """Lower-case text without special characters and look-alikes, in NFC."""
    if not _UNUSUAL.search(text):
        return unicodedata.normalize("NFC", text)
    text = _SPECIAL_CHARACTER.sub(lambda found: _SPECIAL[found[0]], text)
    text = unicodedata.normalize("NFC", text)
    if not _LOOKALIKE.search(text):
        return text
    return unicodedata.normalize("NFC", _MIXED_WORD.sub(_latin_word, text))


def _latin_word(found: re.Match[str]) -> str:
    word = found[0]
    if not _LOOKALIKE.search(word):
        return word
    rest = _COMBINING.sub("", _LOOKALIKE.sub("", word))
    # A word that has Latin letters, and no letter of another script that could not pass for Latin.
    if rest and all(map(_LATIN.match, rest)):
        return _LOOKALIKE.sub(lambda letter: _LOOKALIKES[letter[0]], word)
    return word


def _place_tones(text: str) -> str:
    return _TONED_FIRST.sub(lambda found: _TONE_MOVES.get(found[0], found[0]), text)


def strip_diacritics(text: str) -> str:
    """Letters without their marks (``Đặng`` as ``Dang``), of any Latin script; case stays."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    try:
        octets, _ = codecs.charmap_encode(unicodedata.normalize("NFD", composed), "strict", _TO_OCTETS)
    except UnicodeEncodeError:
        return composed.translate(_BARE)
    bare, _ = codecs.charmap_decode(octets.translate(_WITHOUT_BAR, _MARKS), "strict", _OCTETS)
    # Marks that stand alone have no letter to go with.
    return bare if len(bare) == len(composed) else composed.translate(_BARE)


def _octets() -> str:
    """Decomposed Vietnamese with the usual signs, one octet each: several times faster than a table of letters."""
    others = (
        "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323" + "đĐðÐ" + "“”‘’–—…•·«»°²³½×÷€©®™§\u00a0\u00ad\u200b\ufeff"
    )
    return "".join(map(chr, range(128))) + others + "".join(map(chr, range(0xE000, 0xE080 - len(others))))


_OCTETS = _octets()
_TO_OCTETS = codecs.charmap_build(_OCTETS)
_MARKS = bytes(range(128, 136))
_WITHOUT_BAR = bytes.maketrans(bytes(range(136, 140)), b"dDdD")
