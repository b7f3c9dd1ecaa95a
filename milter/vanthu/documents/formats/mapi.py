"""Properties of MAPI as TNEF carries them (MS-OXTNEF §2.1.3.4). Never raises; what is cut is read as far as
it goes."""

from __future__ import annotations

import struct

from ...mail.charsets import decode_bytes

_NAMED, _BY_STRING, _MULTIPLE = 0x8000, 1, 0x1000
_OBJECT, _OCTET_STRING, _WIDE_STRING, _BINARY = 0x000D, 0x001E, 0x001F, 0x0102
_VARIABLE = frozenset({_OBJECT, _OCTET_STRING, _WIDE_STRING, _BINARY})
# Octets of a value, with what fills it up to four (MS-OXCDATA §2.11.1).
_FIXED = {
    0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8, 0x0040: 8,
    0x0048: 16,
}  # fmt: skip
_MOST = 10_000  # properties of one object
_MOST_VALUES = 10_000


class Properties:
    """Values by property number. ``cut``: the octets ended, or made no sense, before the last of them."""

    def __init__(self) -> None:
        self.values: dict[int, tuple[int, bytes]] = {}
        self.cut = False

    def octets(self, number: int) -> bytes:
        """A value as it stands; a string loses its end mark."""
        kind, value = self.values.get(number, (0, b""))
        return value.rstrip(b"\0") if kind == _OCTET_STRING else value

    def is_object(self, number: int) -> bool:
        """Whether the value is an object: a message or something of OLE."""
        return self.values.get(number, (0, b""))[0] == _OBJECT

    def text(self, number: int, charset: str | None) -> str:
        """A string, in Unicode or in the code page ``charset``; empty where there is none."""
        kind, value = self.values.get(number, (0, b""))
        if kind == _WIDE_STRING:
            return value.decode("utf-16-le", "replace").rstrip("\0")
        octets = value.rstrip(b"\0") if kind == _OCTET_STRING else b""
        return decode_bytes(octets, charset)[0] if octets else ""


def properties(data: bytes) -> Properties:
    """The properties in ``data``; the first value of each that has several."""
    found = Properties()
    try:
        _read(data, found)
    except (struct.error, ValueError):
        found.cut = True
    return found


def _read(data: bytes, found: Properties) -> None:
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _ in range(min(count, _MOST)):
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= _NAMED:
            at = _behind_name(data, at)
        several = 1
        base = kind & ~_MULTIPLE
        if kind & _MULTIPLE or base in _VARIABLE:
            (several,) = struct.unpack_from("<I", data, at)
            at += 4
        if several > _MOST_VALUES:
            raise ValueError("more values than a property has")
        for index in range(several):
            if base in _VARIABLE:
                (size,) = struct.unpack_from("<I", data, at)
                at += 4
            elif base in _FIXED:
                size = _FIXED[base]
            else:
                raise ValueError("a type of unknown size")
            if index == 0:
                found.values.setdefault(number, (base, data[at : at + size]))
            if at + size > len(data):
                raise ValueError("a value that is cut")
            at += size + -size % 4
    if count > _MOST:
        found.cut = True


def _behind_name(data: bytes, at: int) -> int:
    """A named property says its set, and its name as a number or as text."""
    (how, size) = struct.unpack_from("<II", data, at + 16)
    return at + 24 + (size + -size % 4 if how == _BY_STRING else 0)
