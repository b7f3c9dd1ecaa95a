"""Strings of xls records (MS-XLS §2.5.293 to §2.5.296), also those that go on in the next record."""

from __future__ import annotations

import struct

_WIDE, _EXTENDED, _RICH = 1, 4, 8


def counted(data: bytes, at: int, width: int, codec: str | None) -> str:
    """A string with its length in ``width`` octets before it; with a codec for Excel 95, else with its flags."""
    size = int.from_bytes(data[at : at + width], "little")
    at += width
    if codec is not None:
        return data[at : at + size].decode(codec, "replace")
    if at >= len(data):
        return ""
    flags = data[at]
    at += 1 + (2 if flags & _RICH else 0) + (4 if flags & _EXTENDED else 0)
    if flags & _WIDE:
        return data[at : at + 2 * size].decode("utf-16-le", "replace")
    return data[at : at + size].decode("latin-1")


def shared_strings(blocks: list[bytes], most: int) -> list[str]:
    """The shared string table over all its blocks; at most ``most`` characters."""
    reader = _Blocks(blocks)
    strings: list[str] = []
    total = 0
    try:
        _, count = struct.unpack("<II", reader.take(8))
        while len(strings) < count and total < most:
            strings.append(_shared(reader))
            total += len(strings[-1]) + 1
    except (EOFError, struct.error):
        pass
    return strings


def _shared(reader: _Blocks) -> str:
    size, flags = struct.unpack("<HB", reader.take(3))
    runs = struct.unpack("<H", reader.take(2))[0] if flags & _RICH else 0
    extra = struct.unpack("<I", reader.take(4))[0] if flags & _EXTENDED else 0
    text = reader.letters(size, bool(flags & _WIDE))
    reader.skip(4 * runs + extra)
    return text


class _Blocks:
    """Octets over block ends."""

    def __init__(self, blocks: list[bytes]) -> None:
        self._blocks = blocks
        self._block = 0
        self._at = 0

    def _left(self) -> int:
        while self._block < len(self._blocks) and self._at >= len(self._blocks[self._block]):
            self._block += 1
            self._at = 0
        if self._block >= len(self._blocks):
            raise EOFError
        return len(self._blocks[self._block]) - self._at

    def take(self, size: int) -> bytes:
        """So many octets, wherever they lie."""
        pieces: list[bytes] = []
        while size > 0:
            part = min(size, self._left())
            pieces.append(self._blocks[self._block][self._at : self._at + part])
            self._at += part
            size -= part
        return b"".join(pieces)

    def skip(self, size: int) -> None:
        """Pass over so many octets."""
        while size > 0:
            part = min(size, self._left())
            self._at += part
            size -= part

    def letters(self, size: int, wide: bool) -> str:
        """So many characters; where a block begins inside them, its first octet says anew how wide they are."""
        pieces: list[str] = []
        while size > 0:
            if self._at >= len(self._blocks[self._block]):
                self._left()
                wide = bool(self._blocks[self._block][self._at] & _WIDE)
                self._at += 1
            width = 2 if wide else 1
            part = min(size, self._left() // width)
            if part == 0:
                raise EOFError
            octets = self._blocks[self._block][self._at : self._at + part * width]
            pieces.append(octets.decode("utf-16-le" if wide else "latin-1", "replace"))
            self._at += part * width
            size -= part
        return "".join(pieces)
