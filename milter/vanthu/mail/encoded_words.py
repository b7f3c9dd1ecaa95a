"""Header field values as text: unfolding, raw 8-bit, and encoded words (RFC 2047) in all their abuses.

Accepted beyond the RFC: words longer than 75 octets, blanks and raw 8-bit inside, ``q`` and ``b`` in lower case,
missing or surplus padding, a language (RFC 2231 §5), unknown or wrong charsets, characters split over adjacent words,
a base64 stream cut at any place, words inside quoted strings and without blanks around them. What cannot be decoded
stays as it is. Never raises, linear in the size.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from vanthu.vietnamese.legacy import to_unicode

from .charsets import decode_bytes, guess

_WORD = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?")
# Beyond so many characters of one field encoded words stay as they are.
_LONGEST = 1 << 16
_SHORT = 200  # up to so many characters a value is remembered
_UNWANTED = {0: None, 10: " ", 13: None}
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def decode_value(raw: bytes) -> str:
    """The text of a raw field value: unfolded, decoded, in NFC, without CR, LF and NUL."""
    raw = raw.strip()
    if raw.isascii():
        text = raw.decode("ascii")
        if "\n" in text or "\r" in text or "\0" in text:
            text = _unfolded(text)
        if "=?" not in text:
            return text
        return _known(text) if len(text) <= _SHORT else decode_words(text)
    text = _unfolded(guess(raw)[0])
    return decode_words(text) if "=?" in text else to_unicode(text)[0]


@lru_cache(4096)
def _known(text: str) -> str:
    """Names of people and fixed subjects come again and again."""
    return decode_words(text)


def _unfolded(text: str) -> str:
    """RFC 5322 §2.2.3: a fold is the line end before white space; the white space stays."""
    text = text.replace("\r", "").replace("\n\t", " ").replace("\n", "")
    return text.replace("\0", "") if "\0" in text else text


def decode_words(text: str) -> str:
    """``text`` with its encoded words decoded; blanks between two of them are dropped (RFC 2047 §6.2)."""
    text, beyond = text[:_LONGEST], text[_LONGEST:]
    pieces: list[str] = []
    run: list[tuple[str, str, bytes]] = []
    at = 0
    while found := _WORD.search(text, at):
        close = text.find("?=", found.end())
        if close < 0:
            break
        between = text[at : found.start()]
        if run and between.strip():
            pieces.append(_decode_run(run))
            run = []
        if not run:
            pieces.append(between)
        content = text[found.end() : close].encode("utf-8", "replace")
        run.append((found[1].split("*", 1)[0].lower(), found[2].lower(), content))
        at = close + 2
    if run:
        pieces.append(_decode_run(run))
    pieces += (text[at:], beyond)
    return to_unicode("".join(pieces).translate(_UNWANTED))[0]


def _decode_run(run: list[tuple[str, str, bytes]]) -> str:
    """Adjacent words; those of one charset are joined as bytes first, since characters may be split over them."""
    pieces: list[str] = []
    for charset, words in groupby(run, key=itemgetter(0)):
        octets: list[bytes] = []
        for encoding, same in groupby(words, key=itemgetter(1)):
            contents = [content for _, _, content in same]
            if encoding == "q":
                octets.extend(binascii.a2b_qp(content.replace(b"_", b" ")) for content in contents)
            else:
                octets.extend(_streams(contents))
        pieces.append(decode_bytes(b"".join(octets), charset)[0])
    return "".join(pieces)


def _streams(contents: list[bytes]) -> Iterator[bytes]:
    """The octets of adjacent base64 words; a word without padding may be cut inside a group of four characters."""
    carried = b""
    for content in contents:
        clean = carried + _NOT_BASE64.sub(b"", content)
        cut = 0 if content.rstrip().endswith(b"=") else len(clean) % 4
        carried = clean[len(clean) - cut :]
        yield lenient_base64(clean[: len(clean) - cut])
    yield lenient_base64(carried)


def lenient_base64(clean: bytes) -> bytes:
    """The octets of base64 characters without padding; a lone last character, which carries no octet, is dropped."""
    surplus = len(clean) % 4
    if surplus == 1:
        clean = clean[:-1]
    elif surplus:
        clean += b"=" * (4 - surplus)
    return binascii.a2b_base64(clean)
