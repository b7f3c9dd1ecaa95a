"""Octets to text, whatever the mail says about their charset. Never raises, linear in the size.

Order of trust: what is plainly visible (byte order marks, NULs of UTF-16, escapes of ISO-2022), UTF-8 that is
valid, what was declared, then the likeliest charset by the look of the text. UTF-8 stands above the declaration
since text in another charset is next to never valid UTF-8, while wrong declarations are everyday.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from vanthu.vietnamese.legacy import decode_viscii
from vanthu.vietnamese.syllables import vietnamese_share

from .mended import encodable, undoubled

_ALIASES = {
    "utf8": "utf-8", "utf-8-sig": "utf-8", "unicode-1-1-utf-8": "utf-8", "unicode-1-1-utf-7": "utf-7",
    "us-ascii": "ascii", "ansi_x3.4-1968": "ascii", "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "windows-1252": "cp1252", "ansi": "cp1252", "x-ansi": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "hz-gb-2312": "hz",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932", "x-sjis": "cp932", "sjis": "cp932",
    "windows-31j": "cp932", "big5": "cp950", "iso-2022-jp": "iso2022_jp_ext", "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254", "windows-874": "cp874", "tis-620": "cp874", "iso-8859-11": "cp874",
    "tcvn": "cp1252", "tcvn3": "cp1252", "x-viet-tcvn": "cp1252", "tcvn-5712": "cp1252", "x-viet-tcvn5712": "cp1252",
    "x-viet-vni": "cp1252", "vni": "cp1252", "csviscii": "viscii", "viscii1.1-1": "viscii", "x-viet-viscii": "viscii",
}  # fmt: skip
_UNKNOWN = frozenset(
    {"", "ascii", "unknown", "unknown-8bit", "x-unknown", "default", "x-user-defined", "default_charset"}
)
# Text encodings to Python, but none of mail; some are slow on hostile text.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
_SEVEN_BIT = frozenset({"utf-7", "hz", "iso2022_jp_ext", "iso2022_kr"})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TONES_1258 = re.compile(rb"[AEIOUYaeiouy\xc2\xc3\xca\xd4\xd5\xdd\xe2\xe3\xea\xf4\xf5\xfd][\xcc\xd2\xde\xec\xf2]")
_SAMPLE = 20_000


@lru_cache(maxsize=256)
def _codec(declared: str) -> str:
    """The name of a Python text codec for a declared charset; "" where there is none."""
    name = declared.strip(" \t\"'").lower()
    name = _ALIASES.get(name, name)
    if name in _UNKNOWN or name == "viscii":
        return "" if name in _UNKNOWN else name
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return ""
    # Codecs such as "zip" or "rot13" are no charsets.
    usable = getattr(info, "_is_text_encoding", True) and info.name.replace("_", "-") not in _NO_CHARSETS
    return info.name if usable else ""


def decode_bytes(data: bytes, declared: str | None) -> tuple[str, str | None]:
    """The text of ``data`` and a defect, or None.

    Defects: ``charset_mismatch``, ``encoded_twice``, ``unknown_charset``, ``undecodable``.
    """
    codec = _codec(declared) if declared else ""
    if data.isascii() and b"\0" not in data and codec not in _SEVEN_BIT and b"\x1b" not in data:
        return data.decode("ascii"), None
    visible = _visible(data)
    if visible:
        return visible[0], _mismatch(visible[1], codec)
    if codec not in _SEVEN_BIT and b"\x1b" not in data and (text := _utf8(data)) is not None:
        mended = undoubled(text)
        if mended is not text:
            return mended, "encoded_twice"
        return text, _mismatch("utf-8", codec) or _unknown(declared, codec)
    if not codec or codec in ("utf-8", "cp1252"):
        text, found = guess(data, said=codec == "utf-8")
        return text, _mismatch(found, codec) or _unknown(declared, codec)
    return _in_codec(data, codec)


def _in_codec(data: bytes, codec: str) -> tuple[str, str | None]:
    """As declared, where that is possible; with few wrong octets it still is."""
    if codec == "viscii":
        return decode_viscii(data), None
    try:
        return encodable(data.decode(codec)), None
    except (UnicodeError, LookupError):
        lenient = encodable(_lenient(data, codec))
    if lenient and lenient.count("\ufffd") * 50 <= len(lenient):
        return lenient, "undecodable"
    return guess(data)[0], "charset_mismatch"


def _lenient(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec, "replace")
    except (UnicodeError, LookupError):
        return ""


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _mismatch(found: str, codec: str) -> str | None:
    return None if not codec or found[:5] == codec[:5] else "charset_mismatch"


def _unknown(declared: str | None, codec: str) -> str | None:
    if codec or not declared or _ALIASES.get(declared.strip().lower(), declared.strip().lower()) in _UNKNOWN:
        return None
    return "unknown_charset"


def _visible(data: bytes) -> tuple[str, str] | None:
    """Text whose charset shows by itself: byte order mark or the NULs of UTF-16."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace"), name
    if b"\0" in data:
        sample = data[:2000]
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        if max(even, odd) * 5 > len(sample):
            name = "utf-16-be" if even > odd else "utf-16-le"
            return data.decode(name, "replace"), name
    return None


def guess(data: bytes, said: bool = False) -> tuple[str, str]:
    """The text of ``data`` in its likeliest charset, and the name of that charset. ``said``: the mail says UTF-8."""
    visible = _visible(data)
    if visible:
        return visible
    if b"\x1b$" in data or b"\x1b(" in data:
        try:
            return data.decode("iso2022_jp_ext"), "iso2022_jp_ext"
        except UnicodeDecodeError:
            pass
    try:
        return undoubled(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError as error:
        broken = error
    if broken.start > 0 and broken.end >= len(data) - 3 and not data[: broken.start].isascii():
        return data.decode("utf-8", "replace"), "utf-8"
    lenient = data.decode("utf-8", "replace")
    good = sum(1 for char in lenient[:_SAMPLE] if char > "\x7f" and char != "\ufffd")
    # Damage, or a note in the clear below base64: no other charset looks like so much UTF-8.
    if lenient[:_SAMPLE].count("\ufffd") * (1 if said else 3) < good:
        return lenient, "utf-8"
    return _single_or_double_byte(data)


def _single_or_double_byte(data: bytes) -> tuple[str, str]:
    sample = data[:_SAMPLE]
    if len(_TONES_1258.findall(sample)) >= 2 and vietnamese_share(_decode(sample, "cp1258")) >= 0.85:
        return _decode(data, "cp1258"), "cp1258"
    if vietnamese_share(decode_viscii(sample)) >= 0.9:
        return decode_viscii(data), "viscii"
    high = len(sample.translate(None, bytes(range(128))))
    letters = sum(map(sample.count, b"aeinorstAEINORST"))
    if high > letters:
        # Mostly high bytes: not a Latin script. The candidate whose characters are the commonest of its script wins.
        name = max(_SCRIPTS, key=lambda name: _fit(sample, name))
        if _fit(sample, name) > 0.5:
            return _decode(data, name), name
    return _decode(data, "cp1252"), "cp1252"


_SCRIPTS = {
    "gb18030": re.compile(
        "[的一是不了在人有我他这个上们来到时大地为子中你说生国年着就那和要出也得里后自以会、。，：（）]"
    ),
    "cp932": re.compile("[ぁ-んァ-ン、。]"),
    "cp949": re.compile("[가-힣]"),
    "cp950": re.compile(
        "[的一是不了在人有我他這個上們來到時大地為子中你說生國年著就那和要出也得裡後自以會、。，：（）]"
    ),
    "koi8-r": re.compile("[оеаинтсрвлкмдпу]"),
    "cp1251": re.compile("[оеаинтсрвлкмдпу]"),
    "cp874": re.compile("[านรอกเงมยลวดท่ส้]"),
}
_WEIGHTS = {"gb18030": 4.0, "cp950": 4.0, "cp932": 1.2, "cp949": 0.8, "koi8-r": 1.0, "cp1251": 1.0, "cp874": 1.0}


def _fit(sample: bytes, name: str) -> float:
    text = _decode(sample, name)
    foreign = sum(1 for char in text if char > "\x7f")
    if not foreign or text.count("\ufffd") * 20 > foreign:
        return 0.0
    return _WEIGHTS[name] * len(_SCRIPTS[name].findall(text)) / foreign


def _decode(data: bytes, name: str) -> str:
    if name == "cp1252":
        # As browsers have it: the five octets that windows-1252 leaves free are the C1 controls of ISO 8859-1.
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            return data.decode("cp1252", "vanthu_latin1")
    return data.decode(name, "replace")


def _latin1(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("vanthu_latin1", _latin1)
