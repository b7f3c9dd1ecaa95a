"""ZIP by its own directory (APPNOTE 6.3): bounded entries, bounded unpacking, no file system.

Why not ``zipfile``: it believes the directory (two million entries, overlapping data, a size that is a lie), refuses
what is merely cut, and knows no limit for what comes out. Here a file without one is read by its local headers.

``directory`` never raises; ``unpack`` and ``pieces`` raise Stop with bomb, encrypted, or malformed: a wrong checksum,
cut data, or a method without reader, for what is packed in it is a document all the same.
"""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ..work import Stop

_END = b"PK\x05\x06"
_CENTRAL = b"PK\x01\x02"
_LOCAL = b"PK\x03\x04"
_STORED, _DEFLATED, _BZIP2, _LZMA, _XZ, _AES = 0, 8, 12, 14, 95, 99
_UNKNOWN = 0xFFFFFFFF
_PIECE, _CHUNK = 32 << 10, 1 << 20
_LZMA_MEMORY = 256 << 20
# A header may claim 64 kB of each, over the headers behind it: thousands would read the file over and over.
_MOST_NAME = 4096  # octets; no file system takes a longer path
_MOST_FIELDS = 50  # of extra data; what programs write is two or three


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive. ``offset`` is that of its local header."""

    name: str
    method: int
    encrypted: bool
    crc: int
    packed: int
    size: int
    offset: int

    @property
    def folder(self) -> bool:
        """Whether it stands for a folder."""
        return self.name.endswith("/") and self.size == 0


@dataclass(frozen=True, slots=True)
class Directory:
    """``whole`` is False where the directory is missing or cut; ``overlapping`` where entries share their data."""

    entries: tuple[Entry, ...]
    whole: bool
    overlapping: bool
    too_many: bool


def directory(data: bytes, most: int) -> Directory:
    """The first ``most`` entries of the archive."""
    end = data.rfind(_END, max(0, len(data) - 65_557))
    entries: list[Entry] = []
    whole = False
    if end >= 0 and len(data) >= end + 22:
        size, start = struct.unpack_from("<II", data, end + 12)
        real = end - size if size <= end else 0
        if data[real : real + 4] != _CENTRAL:
            real = start if data[start : start + 4] == _CENTRAL else data.find(_CENTRAL)
        shift = real - start if 0 <= start <= real and start != _UNKNOWN else 0
        if real >= 0:
            entries = _central(data, real, shift, most + 1)
        # An archive in volumes says here which one this is (APPNOTE 4.4.19): the data lie elsewhere.
        whole = (bool(entries) or size == 0) and data[end + 4 : end + 6] in (b"\0\0", b"\xff\xff")
    if not whole:
        entries = _by_local_headers(data, most + 1)
    return Directory(tuple(entries[:most]), whole, _overlap(entries), len(entries) > most)


def _central(data: bytes, at: int, shift: int, most: int) -> list[Entry]:
    found: list[Entry] = []
    while len(found) < most and data[at : at + 4] == _CENTRAL and len(data) >= at + 46:
        flags, method = struct.unpack_from("<HH", data, at + 8)
        crc, packed, size, name_size, extra_size, comment = struct.unpack_from("<IIIHHH", data, at + 16)
        (offset,) = struct.unpack_from("<I", data, at + 42)
        name = data[at + 46 : at + 46 + min(name_size, _MOST_NAME)]
        extra = data[at + 46 + name_size : at + 46 + name_size + extra_size]
        size, packed, offset = _zip64(extra, size, packed, offset)
        encrypted = _is_encrypted(method, flags)
        found.append(
            Entry(_decoded(name, flags, extra), method, encrypted, crc, packed, size, offset + max(0, shift))
        )
        at += 46 + name_size + extra_size + comment
    return found


def _is_encrypted(method: int, flags: int) -> bool:
    return bool(flags & 0x41) or method == _AES


def _zip64(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    field = _extra(extra, 1)
    values = [int.from_bytes(field[i : i + 8], "little") for i in range(0, len(field) - 7, 8)]
    if size == _UNKNOWN and values:
        size = values.pop(0)
    if packed == _UNKNOWN and values:
        packed = values.pop(0)
    if offset == _UNKNOWN and values:
        offset = values.pop(0)
    return size, packed, offset


def _extra(extra: bytes, wanted: int) -> bytes:
    at = 0
    for _ in range(_MOST_FIELDS):
        if at + 4 > len(extra):
            break
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == wanted:
            return extra[at + 4 : at + 4 + size]
        at += 4 + size
    return b""


def _decoded(name: bytes, flags: int, extra: bytes) -> str:
    """UTF-8 where it says or looks so; the Unicode extra field of Info-ZIP; else the code page of old PKZIP."""
    unicode_name = _extra(extra, 0x7075)[5:]
    for octets in (name, unicode_name) if flags & 0x800 else (unicode_name, name):
        if octets:
            try:
                return octets.decode("utf-8")
            except UnicodeDecodeError:
                continue
    return name.decode("cp437", "replace")


def _by_local_headers(data: bytes, most: int) -> list[Entry]:
    """What can be found without a directory; sizes that stand behind the data are guessed from the next header."""
    starts: list[int] = []
    at = data.find(_LOCAL)
    while at >= 0 and len(starts) < most:
        starts.append(at)
        at = data.find(_LOCAL, at + 4)
    found = []
    for number, at in enumerate(starts):
        if len(data) < at + 30:
            break
        flags, method = struct.unpack_from("<HH", data, at + 6)
        crc, packed, size, name_size, extra_size = struct.unpack_from("<IIIHH", data, at + 14)
        body = at + 30 + name_size + extra_size
        name = data[at + 30 : at + 30 + min(name_size, _MOST_NAME)]
        extra = data[body - extra_size : body]
        if flags & 8 and not packed:
            packed = (starts[number + 1] if number + 1 < len(starts) else len(data)) - body
            crc = size = _UNKNOWN
        if packed < 0:
            continue
        entry = Entry(_decoded(name, flags, extra), method, _is_encrypted(method, flags), crc, packed, size, at)
        found.append(replace(entry, packed=min(packed, len(data) - body)))
    return found


def _overlap(entries: list[Entry]) -> bool:
    spans = sorted((one.offset, one.offset + 30 + one.packed) for one in entries if not one.folder)
    return any(one[1] > two[0] for one, two in pairwise(spans))


def unpack(data: bytes, entry: Entry, most: int) -> bytes:
    """The file itself; Stop(bomb) when it would be larger than ``most``."""
    return b"".join(pieces(data, entry, most))


def pieces(data: bytes, entry: Entry, most: int) -> Iterator[bytes]:
    """The file, piece by piece. Stop comes where it breaks off, of a wrong checksum behind the last piece."""
    if entry.encrypted:
        raise Stop("encrypted")
    at = entry.offset
    if data[at : at + 4] != _LOCAL or len(data) < at + 30:
        raise Stop("malformed")
    name_size, extra_size = struct.unpack_from("<HH", data, at + 26)
    start = at + 30 + name_size + extra_size
    size = crc = 0
    for piece in _expanded(memoryview(data)[start : start + entry.packed], entry.method):
        size += len(piece)
        if size > most:
            raise Stop("bomb")
        crc = zlib.crc32(piece, crc)
        yield piece
    if entry.crc not in (crc, _UNKNOWN):
        raise Stop("malformed")


def _expanded(raw: memoryview, method: int) -> Iterator[bytes]:
    if method == _STORED:
        return iter((bytes(raw),))
    if method == _DEFLATED:
        return _inflated(raw)
    if method == _BZIP2:
        return _pumped(bz2.BZ2Decompressor(), bytes(raw))
    if method == _XZ:
        return _pumped(lzma.LZMADecompressor(memlimit=_LZMA_MEMORY), bytes(raw))
    if method == _LZMA and len(raw) > 9:
        header = bytes(raw[4:9]) + b"\xff" * 8  # the end is marked or the data ends
        machine = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_LZMA_MEMORY)
        return _pumped(machine, header + bytes(raw[9:]), cut=True)
    raise Stop("malformed")


def _inflated(raw: memoryview) -> Iterator[bytes]:
    """A piece as large as zlib's first buffer comes without a copy, and the next one takes its place in memory."""
    machine = zlib.decompressobj(-15)
    at = 0
    rest: memoryview | bytes = b""
    try:
        while not machine.eof:
            if not rest:
                rest = raw[at : at + _PIECE]
                at += _PIECE
            piece = machine.decompress(rest, _PIECE)
            if not piece and at >= len(raw):
                break
            yield piece
            rest = machine.unconsumed_tail
    except zlib.error:
        raise Stop("malformed") from None
    if not machine.eof:
        raise Stop("malformed")


def _pumped(machine: bz2.BZ2Decompressor | lzma.LZMADecompressor, raw: bytes, cut: bool = False) -> Iterator[bytes]:
    """One stream of bzip2 or xz. ``cut``: data without an end mark are whole."""
    try:
        while not machine.eof:
            piece = machine.decompress(raw, _CHUNK)
            raw = b""
            yield piece
            if not piece and machine.needs_input:
                break
    except (lzma.LZMAError, OSError, EOFError, ValueError, MemoryError):
        raise Stop("malformed") from None
    if not machine.eof and not cut:
        raise Stop("malformed")
