"""Vietnamese written before Unicode: TCVN3 (ABC), VNI and VIQR recognised and turned into Unicode; VISCII.

The first two reach a filter as Latin-1 text, since the mail declares no charset for them: "Céng hßa x· héi". Decode
before anything lower-cases or normalises: ``ư`` of TCVN3 is U+00AD SOFT HYPHEN, NFKC rewrites several codes, and
lower-casing changes one letter into another. ``legacy.json`` has the tables, their sources and dangers.

Evidence must be strong, since the same characters write French and German: nearly every word that is not plain
ASCII has to become a Vietnamese syllable, and there must be several; or a phrase of official papers stands there.

| text | read as |
|---|---|
| ``Céng hßa x· héi chñ nghÜa ViÖt Nam`` | TCVN3: Cộng hòa xã hội chủ nghĩa Việt Nam |
| ``Coäng hoøa xaõ hoäi`` | VNI: Cộng hòa xã hội |
| ``Co^.ng ho`a xa~ ho^.i chu? nghi~a Vie^.t Nam`` | VIQR: Cộng hòa xã hội chủ nghĩa Việt Nam |
| ``Gérard a été élu à l'Assemblée`` | left alone: French |

Not seen: one or two words in such an encoding, and a text that mixes two of them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from importlib import resources
from itertools import groupby
from typing import Literal

from .syllables import is_syllable

Kind = Literal["tcvn3", "vni", "viqr"]

_DATA = json.loads(resources.files(__package__).joinpath("legacy.json").read_text("utf-8"))
_TCVN3 = {int(code, 16): letter for code, letter in _DATA["tcvn3"]["codes"].items()}
for _code, _letter in _DATA["tcvn5712_vn1_capitals"]["codes"].items():
    _octet = bytes.fromhex(_code)
    _TCVN3.setdefault(_octet[0], _letter)
    if _octet[0] < 0xA0:
        # Read as windows-1252, these octets show as quotation marks and the like.
        _TCVN3.setdefault(ord(_octet.decode("cp1252", "replace")), _letter)
del _TCVN3[0xFFFD]
_VISCII = {int(code, 16): letter for code, letter in _DATA["viscii"]["codes"].items()}
_UNITS: dict[str, dict[str, str]] = {kind: _DATA[kind]["units"] for kind in ("vni", "viqr")}


def _longest_first(units: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True)))


_UNIT = {kind: _longest_first(units) for kind, units in _UNITS.items()}
_TCVN3_WORD = re.compile("[A-Za-z" + "".join(map(re.escape, map(chr, sorted(_TCVN3)))) + "]+")
_VNI_WORD = re.compile("[A-Za-z\xc0-\xff]+")
_VIQR_WORD = re.compile(r"[A-Za-z](?:[A-Za-z^(+'`?~\\]|\.(?=[A-Za-z^(+'`?~]|[ \t]+[a-z])|(?<=[\^(+])\.)*")

# Cheap first looks: without a hit no text of that kind is decoded.
_UNUSUAL = re.compile("[\xa1-\xbfÄÅËÏØÛÜÖÑäåëïøûüöñ]")
_TCVN3_CODE = re.compile("[\xa1-\xbf]")
_TCVN3_SIGN = re.compile("[A-Za-z][\xa1-\xbf]|[\xa7-\xae\xb5-\xbe][A-Za-z]|[A-Z]{2}[ß-þ]")
_VNI_SIGN = re.compile("[AEOUYaeouyÔÖôö][ÀÁÂÃÄÅÈÉÊËÏÕØÙÚÛÜàáâãäåèéêëïõøùúûü]")
_VIQR_SIGN = re.compile(r"[AEOaeo]\^[.'`?~]?|[OUou]\+[.'`?~]?|dd|DD|Dd")
_STRONG_TCVN3 = re.compile("[\xa1-\xbf]")
_PHRASES: dict[str, tuple[str, ...]] = {
    kind: tuple(
        {
            forms[kind].casefold() if kind == "viqr" else forms[kind]
            for name, forms in _DATA["signatures"].items()
            if name.count(" ") >= 2
        }
    )
    for kind in ("tcvn3", "vni", "viqr")
}
_SAMPLE = 50_000
_SHORT = 200
_UNICODE_LETTER = re.compile("[Ạ-ỹĂăĐđƠơƯư]")
# Only from the begin of a word: a long run of letters without eth is looked at once.
_ETH_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]*[Ðð][^\W\d_]*")


def decode_viscii(data: bytes) -> str:
    """VISCII (RFC 1456 §5): every octet has a letter."""
    return data.decode("latin-1").translate(_VISCII)


def to_unicode(text: str) -> tuple[str, Kind | None]:
    """``text`` in Unicode NFC, and the legacy encoding that it was in, if it was recognised."""
    if text.isascii():
        if "^" in text and _is_viqr(text):
            return _decode_viqr(text), "viqr"
        return text, None
    kind: Kind | None = None
    if _UNUSUAL.search(text) or len(text) <= _SHORT:
        text, kind = _mixed(text) if _UNICODE_LETTER.search(text) else _decoded(text)
    text = unicodedata.normalize("NFC", text)
    if ("Ð" in text or "ð" in text) and (_UNICODE_LETTER.search(text) or "QÐ" in text):
        text = _ETH_WORD.sub(_with_d, text)
    return text, kind


def _decoded(text: str) -> tuple[str, Kind | None]:
    if _TCVN3_SIGN.search(text) and _is_tcvn3(text):
        return decode_tcvn3(text), "tcvn3"
    if _VNI_SIGN.search(text) and _is_vni(text):
        return _VNI_WORD.sub(lambda word: _decode_units(word[0], "vni"), text), "vni"
    return text, None


def _mixed(text: str) -> tuple[str, Kind | None]:
    """Vietnamese letters of Unicode stand in the text: only stretches of lines that have none can be legacy."""
    kind: Kind | None = None
    pieces: list[str] = []
    for unicode, lines in groupby(text.splitlines(keepends=True), lambda line: bool(_UNICODE_LETTER.search(line))):
        piece = "".join(lines)
        if not unicode:
            piece, found = _decoded(piece)
            kind = kind or found
        pieces.append(piece)
    return "".join(pieces), kind


def _with_d(found: re.Match[str]) -> str:
    """Icelandic eth looks like Đ and stands in its place, where old keyboards made it; Icelandic words stay."""
    word = found[0].replace("Ð", "Đ").replace("ð", "đ")
    return word if is_syllable(word) or word.isupper() else found[0]


def _evidence(marked: set[str], decoded: dict[str, str]) -> bool:
    """Whether enough different words became Vietnamese, and next to none became something else."""
    good = sum(1 for word in marked if is_syllable(decoded[word]) and not decoded[word].isascii())
    return good >= 3 and good >= 0.85 * len(marked)


def _is_tcvn3(text: str) -> bool:
    sample = text[:_SAMPLE]
    if any(phrase in sample for phrase in _PHRASES["tcvn3"]):
        return True
    marked = {
        word for word in _TCVN3_WORD.findall(sample) if not word.isascii() and (len(word) > 1 or word >= "\xc0")
    }
    if sum(1 for word in marked if _STRONG_TCVN3.search(word)) < 2:
        return False
    return _evidence(marked, {word: word.translate(_TCVN3) for word in marked})


def decode_known(text: str, kind: Literal["tcvn3", "vni"]) -> str:
    """``text`` that is known to be in that encoding (a document names its font): every code is decoded."""
    return text.translate(_TCVN3) if kind == "tcvn3" else _decode_units(text, "vni")


def decode_tcvn3(text: str) -> str:
    """TCVN3 has no capitals with tone marks: in a word of capitals the decoded letters become capitals too."""
    return _TCVN3_WORD.sub(_tcvn3_word, text)


def _tcvn3_word(found: re.Match[str]) -> str:
    word = found[0]
    if word.isascii() or (len(word) == 1 and word < "\xc0"):
        return word
    decoded = word.translate(_TCVN3)
    ascii_letters = [char for char in word if char.isascii()]
    if not ascii_letters or any(char.islower() for char in ascii_letters):
        return decoded
    if len(ascii_letters) == 1 and word[0].isascii() and not _capitals_around(found):
        return decoded
    return decoded.upper()


def _capitals_around(found: re.Match[str]) -> bool:
    """Whether the word before or after, on the same line, is written in two or more capitals."""
    text = found.string
    before = text[max(0, found.start() - 12) : found.start()].rpartition("\n")[2].split()
    after = text[found.end() : found.end() + 12].partition("\n")[0].split()
    return any(map(_in_capitals, (*before[-1:], *after[:1])))


def _in_capitals(word: str) -> bool:
    letters = [char for char in word if char.isascii() and char.isalpha()]
    return len(letters) > 1 and all(map(str.isupper, letters))


def _is_vni(text: str) -> bool:
    sample = text[:_SAMPLE]
    if any(phrase in sample for phrase in _PHRASES["vni"]):
        return True
    marked = {word for word in _VNI_WORD.findall(sample) if not word.isascii()}
    if sum(1 for word in marked if _VNI_SIGN.search(word)) < 2:
        return False
    return _evidence(marked, {word: _decode_units(word, "vni") for word in marked})


def _is_viqr(text: str) -> bool:
    sample = text[:_SAMPLE]
    folded = sample.casefold()
    if any(phrase in folded for phrase in _PHRASES["viqr"]):
        return True
    marked = {word for word in _VIQR_WORD.findall(sample) if _VIQR_SIGN.search(word)}
    if len(marked) * 8 < len(set(sample.split())):
        return False
    return _evidence(marked, {word: _decode_units(word, "viqr") for word in marked})


def _decode_viqr(text: str) -> str:
    """Only words that become Vietnamese are touched: addresses, numbers and full stops stay."""

    def word(found: re.Match[str]) -> str:
        decoded = _decode_units(found[0], "viqr").replace("\\", "")
        return decoded if is_syllable(decoded) else found[0]

    return _VIQR_WORD.sub(word, text)


def _decode_units(text: str, kind: str) -> str:
    units = _UNITS[kind]
    return _UNIT[kind].sub(lambda found: units[found[0]], text)
