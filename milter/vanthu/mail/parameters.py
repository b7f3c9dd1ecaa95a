"""``Content-Type`` and ``Content-Disposition`` values with their parameters (RFC 2045 §5.1, RFC 2183, RFC 2231).

Accepted beyond the RFCs: continuations out of order or cut inside of an escape, missing quotes, encoded words and raw
8-bit inside values, blanks anywhere. Never raises, linear in the size.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from urllib.parse import unquote_to_bytes

from .charsets import decode_bytes, guess
from .encoded_words import decode_value

_PARAMETER = re.compile(rb'\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*+"?[^;]*|[^;]*)', re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_COMMENT = re.compile(rb"\([^()]*\)\s*\Z")
_MAX_PARAMETERS = 100


@lru_cache(maxsize=256)
def _cached(raw: bytes) -> tuple[str, Mapping[str, str]]:
    return _parsed(raw)


def parse_value(raw: bytes) -> tuple[str, Mapping[str, str]]:
    """The value before the first ``;`` and the parameters by name, both lower-cased; the first of a name wins."""
    return _cached(raw) if len(raw) < 120 else _parsed(raw)


def _parsed(raw: bytes) -> tuple[str, Mapping[str, str]]:
    head, _, rest = raw.partition(b";")
    head = _COMMENT.sub(b"", head.strip())
    value = head.decode("latin-1").replace(" ", "").replace("\t", "").lower()
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, bytes]]] = {}
    at = 0
    for _ in range(_MAX_PARAMETERS):
        found = _PARAMETER.match(rest, at)
        if found:
            name = found[1].decode("latin-1").lower()
            if "*" in name:
                _collect(pieces, name, _bare(found[2]))
            else:
                plain.setdefault(name, decode_value(_bare(found[2])))
            at = found.end()
        semicolon = rest.find(b";", at)
        if semicolon < 0:
            break
        at = semicolon + 1
    for name, sections in pieces.items():
        plain[name] = _joined(sections)
    return value, plain


def _bare(raw: bytes) -> bytes:
    """Without quotes and, inside quotes, without backslashes that escape (RFC 5322 §3.2.4)."""
    raw = raw.strip()
    if not raw.startswith(b'"'):
        return raw
    raw = raw[1:]
    close = raw.rfind(b'"')
    if close >= 0:
        raw = raw[:close]
    # Old mailers write Windows paths unescaped; only quotes and backslashes themselves are escaped in practice.
    return _ESCAPED.sub(lambda m: m[1] if m[1] in b'"\\' else m[0], raw) if b"\\" in raw else raw


def _collect(pieces: dict[str, dict[int, tuple[bool, bytes]]], name: str, value: bytes) -> None:
    base, _, section = name.partition("*")
    extended = section == "" or section.endswith("*")
    digits = section.rstrip("*") or "0"
    if digits.isascii() and digits.isdigit() and len(digits) < 5:
        pieces.setdefault(base, {}).setdefault(int(digits), (extended, value))


def _joined(sections: dict[int, tuple[bool, bytes]]) -> str:
    """Continuations joined in numerical order, percent-decoded where marked so (RFC 2231 §3 and §4)."""
    charset: str | None = None
    numbers = sorted(sections)
    extended, value = sections[numbers[0]]
    if extended and value.count(b"'") >= 2:
        name, _, value = value.split(b"'", 2)
        charset = name.decode("latin-1") or None
        sections[numbers[0]] = True, value
    octets: list[bytes] = []
    for extended, run in groupby((sections[number] for number in numbers), key=itemgetter(0)):
        whole = b"".join(value for _, value in run)  # mailers that cut by length also cut inside of "%BA"
        octets.append(unquote_to_bytes(whole) if extended else whole)
    joined = b"".join(octets)
    if charset is None:
        return decode_value(joined) if b"=?" in joined else guess(joined)[0]
    return decode_bytes(joined, charset)[0].replace("\0", "")
