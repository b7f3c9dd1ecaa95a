"""Raw lines of a journal file: whole ones only, each with its offset, in blocks of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from .record import Record

BLOCK = 1 << 20
LONGEST = 64 << 20  # no line is longer than a file may be

_decoder = msgspec.json.Decoder(Record)


def whole_lines(path: Path, offset: int) -> Iterator[tuple[int, bytes]]:
    """Every complete line from ``offset`` on, without its line end. A torn last line is left for another time."""
    with path.open("rb", buffering=0) as file:
        file.seek(offset)
        rest = b""
        while block := file.read(BLOCK):
            rest += block
            end = rest.rfind(b"\n")
            if end < 0 and len(rest) <= LONGEST:
                continue
            start = 0
            while (at := rest.find(b"\n", start)) >= 0:
                yield offset + start, rest[start:at]
                start = at + 1
            offset += start
            rest = rest[start:]
            if len(rest) > LONGEST:
                return


def decode(line: bytes) -> Record | None:
    """The record of a line; None for garbage."""
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
