"""What an opaque-signed S/MIME part carries (RFC 8551 §3.5.2): the signed content of a CMS message (RFC 5652 §5).
In mail it is a MIME entity; programs that sign files (p7m) put the file itself into it.

Only finds the octets; nothing is verified here. Encrypted or otherwise unreadable messages give None. Reads BER with
definite and indefinite lengths, bounded in depth, linear in the size; never raises.
"""

from __future__ import annotations

import re

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
"""The object identifier of signed data (RFC 5652 §5.1), at the beginning of a ContentInfo."""
_DATA = bytes.fromhex("06092a864886f70d010701")
_SEQUENCE, _SET, _OCTETS, _OCTETS_MADE_OF, _EXPLICIT = 0x30, 0x31, 0x04, 0x24, 0xA0
_MAX_PIECES = 1_000_000
# Some field of MIME among the first (RFC 2045 §3).
_ENTITY = re.compile(
    rb"\s{0,10}(?:[!-9;-~]{1,80}:[^\n]{0,1000}\n(?:[ \t][^\n]{0,1000}\n){0,20}){0,20}?"
    rb"(?:Content-(?:Type|Transfer-Encoding|Disposition)|MIME-Version)[ \t]*:", re.IGNORECASE,
)  # fmt: skip

# Tag, start and end of the content; the end is None where an end-of-contents mark closes it (X.690 §8.1.3.6).
_Element = tuple[int, int, int | None]


def signed_content(data: bytes) -> bytes | None:
    """The octets that were signed, or None where ``data`` is no opaque signature over plain data."""
    try:
        return _signed_content(data)
    except (IndexError, ValueError):
        return None


def signed_entity(data: bytes) -> bytes | None:
    """The octets that were signed where they are a MIME entity, which mail readers show; None for a signed file."""
    content = signed_content(data)
    return content if content is not None and _ENTITY.match(content) else None


def _signed_content(data: bytes) -> bytes | None:
    at = _enter(data, 0, _SEQUENCE)
    if not data.startswith(SIGNED_DATA, at):
        return None
    at = _enter(data, at + len(SIGNED_DATA), _EXPLICIT)
    at = _enter(data, at, _SEQUENCE)
    at = _after(data, at)  # version
    tag, _, end = _element(data, at)
    if tag != _SET or end is None:  # digestAlgorithms; definite in all mailers
        return None
    at = _enter(data, end, _SEQUENCE)
    if not data.startswith(_DATA, at):
        return None
    at = _enter(data, at + len(_DATA), _EXPLICIT)
    return b"".join(_pieces(data, at))


def _pieces(data: bytes, at: int) -> list[bytes]:
    """An octet string, whole or made of pieces (X.690 §8.7.3)."""
    tag, start, end = _element(data, at)
    if tag == _OCTETS and end is not None:
        return [data[start:end]]
    if tag != _OCTETS_MADE_OF:
        raise ValueError
    pieces: list[bytes] = []
    at = start
    while len(pieces) < _MAX_PIECES and (end is None or at < end) and data[at : at + 2] != b"\0\0":
        tag, start, stop = _element(data, at)
        if tag != _OCTETS or stop is None:
            raise ValueError
        pieces.append(data[start:stop])
        at = stop
    return pieces


def _element(data: bytes, at: int) -> _Element:
    tag, length = data[at], data[at + 1]
    at += 2
    if length == 0x80:
        return tag, at, None
    if length > 0x80:
        count = length - 0x80
        if count > 8:
            raise ValueError
        length = int.from_bytes(data[at : at + count], "big")
        at += count
    if at + length > len(data):
        raise ValueError
    return tag, at, at + length


def _enter(data: bytes, at: int, tag: int) -> int:
    found, start, _ = _element(data, at)
    if found != tag:
        raise ValueError
    return start


def _after(data: bytes, at: int) -> int:
    _, _, end = _element(data, at)
    if end is None:
        raise ValueError
    return end
