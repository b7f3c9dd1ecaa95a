"""Header sections (RFC 5322 §2.2): bytes in, header fields out; never raises, linear in the size.

Kept: the name as it was written, the order, repeated fields. Accepted beyond the RFC: LF line ends, 8-bit names,
blanks before the colon, an mbox ``From `` line at the top. The section ends at an empty line or at the first line
that can be no field; the latter is the defect ``missing_header_end``, and the line belongs to the body (as Postfix
has it).
"""

from __future__ import annotations

import re

from .encoded_words import decode_value
from .message import HeaderField

_FIELD = re.compile(rb"([^\x00-\x20:\x7f]+)[ \t]*:((?:[^\n]*(?:\n|\Z))(?:[ \t][^\n]*(?:\n|\Z))*)")
_END = re.compile(rb"\r?\n|\r?\Z")
_FROM = re.compile(rb">?From [^\n]*(?:\n|\Z)")
_BLANK_LINE = re.compile(rb"\n\r?\n")

Raw = tuple[bytes, bytes]


def split(data: bytes, start: int, end: int, max_bytes: int, max_fields: int) -> tuple[list[Raw], int, list[str]]:
    """The fields of ``data[start:end]`` as (name, raw value), where the body begins, and defects."""
    defects: list[str] = []
    stop = min(end, start + max_bytes)
    at = start
    if data.startswith((b"From ", b">From "), at) and (line := _FROM.match(data, at, stop)):
        at = line.end()
    fields: list[Raw] = []
    field = _FIELD.match
    while found := field(data, at, stop):
        if len(fields) >= max_fields:
            stop = at
            break
        fields.append((found[1], found[2]))
        at = found.end()
    if at >= stop and stop < end:
        defects.append("header_too_large")
        blank = _BLANK_LINE.search(data, at - 1, end)
        return fields, (blank.end() if blank else end), defects
    if blank := _END.match(data, at, end):
        return fields, blank.end(), defects
    defects.append("missing_header_end")
    return fields, at, defects


def decoded(fields: list[Raw]) -> tuple[HeaderField, ...]:
    """The fields as the recognisers see them. ``raw`` is what stood between the colon and the last line end."""
    return tuple(
        [
            HeaderField(
                name.decode("ascii") if name.isascii() else name.decode("utf-8", "replace"), decode_value(raw), raw
            )
            for name, raw in fields
        ]
    )
