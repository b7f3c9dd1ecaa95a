"""Text mended after decoding: UTF-8 that was encoded twice, and what no UTF-8 can be written for. Pure, linear.

Some gateways and web forms take UTF-8 for windows-1252 and encode it again: ``Cộng hòa`` arrives as ``Cá»™ng hÃ²a``,
in valid UTF-8. ``undoubled`` turns it back where nearly all that is not ASCII is such, so that a text which only
quotes a garbled word, or is written in Portuguese, stays as it is.

| text | read as |
|---|---|
| ``Cá»™ng hÃ²a xÃ£ há»™i`` | Cộng hòa xã hội |
| ``Cộng hòa, không phải Cá»™ng hÃ²a`` | left alone: it quotes |
| ``Não há informações`` | left alone: Portuguese |

Not seen: text that went through three times, or by another charset than windows-1252 and Latin-1; letters that were
lost on the way (``C?ng h?a``).
"""

from __future__ import annotations

import re

# What the octets 0x80 to 0xBF look like when they are read as windows-1252 (the five free ones as C1 controls).
_TAIL = "".join(bytes([code]).decode("cp1252", "replace").replace("\ufffd", chr(code)) for code in range(0x80, 0xC0))
_OCTETS = {ord(char): code for code, char in enumerate(_TAIL, 0x80)} | {code: code for code in range(0x80, 0x100)}
_ONE = f"[{re.escape(_TAIL)}\x80-\xbf]"
_DOUBLED = re.compile(f"[\xc2-\xdf]{_ONE}|[\xe0-\xef]{_ONE}{{2}}|[\xf0-\xf4]{_ONE}{{3}}")
# A cheap first look: twice-encoded Vietnamese has á» or áº, other Latin and Cyrillic letters have one of the rest.
_SIGNS = ("á»", "áº", "Ã", "Ä", "Å", "Æ", "Ð", "Ñ")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SAMPLE = 20_000
# The second octet of "à" is a no-break space, which many a program makes a plain one.
_LOST_BLANK = re.compile(r"(?<=[a-z])Ã (?=[\s.,;:!?)]|$)|(?<=[a-z])Ã (?=[a-z])")


def undoubled(text: str) -> str:
    """``text`` with its doubly encoded UTF-8 decoded once more, where it is plainly that."""
    if text.isascii() or not _may_be_doubled(text):
        return text
    sample = text[:_SAMPLE]
    found = _DOUBLED.findall(sample)
    if not found:
        return text
    inside = sum(map(len, found))
    if inside < 3 or inside * 10 < 8 * len(_FOREIGN.findall(sample)):
        return text
    text = _DOUBLED.sub(_once, text)
    return _LOST_BLANK.sub("à", text) if "Ã " in text else text


def _may_be_doubled(text: str) -> bool:
    for sign in _SIGNS:  # noqa: SIM110  any() costs more than the whole look
        if sign in text:
            return True
    return False


def _once(found: re.Match[str]) -> str:
    octets = bytes(_OCTETS[ord(char)] for char in found[0])
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def encodable(text: str) -> str:
    """``text`` with U+FFFD for each lone surrogate (octets of another charset in an envelope, UTF-7 that lies)."""
    return text if text.isascii() or not _SURROGATE.search(text) else _SURROGATE.sub("\ufffd", text)
