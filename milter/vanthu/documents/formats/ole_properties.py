"""Property sets (MS-OLEPS): the texts of ``SummaryInformation`` and ``DocumentSummaryInformation``.

Why not olefile's: it believes the length of a vector, and one of four thousand million elements costs all time and
all memory that a document has. Here only texts are looked at, each once and bounded. What is broken is left out;
never raises.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

_SECTION_AT = 44  # behind the header and one format identifier (§2.21)
_MOST = 200
_LONGEST = 4000  # octets
_CODE_PAGE = 1
_I2, _STRING, _BSTR, _WIDE = 0x02, 0x1E, 0x08, 0x1F
_UTF_16, _UTF_8 = 1200, 65001


def texts_of(data: bytes, names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Name and text of the wanted properties of the first section, in the order of ``names``."""
    offsets = _offsets(data)
    codec = _codec(data, offsets.get(_CODE_PAGE))
    for number, name in names.items():
        text = _text(data, offsets.get(number), codec)
        if text:
            yield name, text


def _offsets(data: bytes) -> dict[int, int]:
    """Where each property stands in ``data``."""
    if len(data) < _SECTION_AT + 4:
        return {}
    (section,) = struct.unpack_from("<I", data, _SECTION_AT)
    if section + 8 > len(data):
        return {}
    (count,) = struct.unpack_from("<I", data, section + 4)
    found: dict[int, int] = {}
    for at in range(section + 8, min(section + 8 + 8 * min(count, _MOST), len(data) - 7), 8):
        number, offset = struct.unpack_from("<II", data, at)
        found.setdefault(number, section + offset)
    return found


def _codec(data: bytes, at: int | None) -> str:
    if at is None or at + 6 > len(data) or data[at] != _I2:
        return "cp1252"
    (page,) = struct.unpack_from("<H", data, at + 4)
    return {_UTF_16: "utf-16-le", _UTF_8: "utf-8"}.get(page, f"cp{page}")


def _text(data: bytes, at: int | None, codec: str) -> str:
    if at is None or at + 8 > len(data):
        return ""
    kind, size = struct.unpack_from("<II", data, at)
    if kind == _WIDE:
        octets, codec = data[at + 8 : at + 8 + min(2 * size, _LONGEST)], "utf-16-le"
    elif kind in (_STRING, _BSTR):
        octets = data[at + 8 : at + 8 + min(size, _LONGEST)]
    else:
        return ""
    try:
        text = octets.decode(codec, "replace")
    except (LookupError, ValueError):  # no such code page
        text = octets.decode("cp1252", "replace")
    return text.replace("\0", "")
