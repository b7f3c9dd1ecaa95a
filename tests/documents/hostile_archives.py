"""Hostile archives and streams, made on the spot: name of the file, and what makes it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator

from . import bombs

_MIB = bytes(1 << 20)


def gigabyte(pack: Callable[[bytes], bytes]) -> bytes:
    """Zeros, in streams one behind another."""
    return pack(_MIB * 64) * 16


def zip_in_itself() -> bytes:
    """An archive whose only member, stored, is what follows its own local header: directory and all."""
    name = b"a.zip"
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0) + name
    central = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 0, 0xFFFFFFFF, 10_000, 10_000, len(name), 0, 0, 0, 0, 0, 0
    )  # fmt: skip
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central) + len(name), len(local), 0)
    return local + central + name + end


def zip_that_lies(size: int, packed: int, offset: int) -> bytes:
    """A directory entry for data that are not there."""
    entry = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, 0, packed, size, 1, 0, 0, 0, 0, 0, offset
    )  # fmt: skip
    return b"PK\x03\x04" + bytes(26) + entry + b"a" + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, 47, 30, 0)


def tar_header(name: bytes, size: bytes, kind: bytes = b"0") -> bytes:
    """A header block of ustar with this size field."""
    block = bytearray(512)
    block[: len(name)] = name
    block[100:108], block[124 : 124 + len(size)], block[156:157] = b"0000644\0", size, kind
    block[257:265], block[148:156] = b"ustar\x0000", b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def tar_of_empty(count: int) -> bytes:
    """So many members without content."""
    return b"".join(tar_header(b"%d.txt" % number, b"00000000000\0") for number in range(count)) + bytes(1024)


def sparse_tar() -> bytes:
    """A member of 8 EiB with one octet of data (GNU's old sparse form)."""
    block = bytearray(tar_header(b"a.txt", b"00000000001\0", b"S"))
    block[386:398], block[398:410] = b"77777777776\0", b"00000000001\0"
    block[483:495] = b"\x80" + bytes(3) + struct.pack(">Q", 1 << 62)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + b"x".ljust(512, b"\0") + bytes(1024)


def seven_zip(dictionary: int, size: int = 400) -> bytes:
    """7z of one member by LZMA2, which asks for a dictionary (40: 4 GiB) and promises so many octets."""
    packed = bytes.fromhex("e0018f00105d00319a0b0c24b585ac330e3f8aa2a3480000")
    number = b"\xff" + struct.pack("<Q", size)
    header = bytes.fromhex("0104060001091800070b010001212101") + bytes((dictionary,)) + b"\x0c" + number
    header += bytes.fromhex("0000050111090061002e00740000000000")
    start = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + packed + header


def xz_with_dictionary(bits: int) -> bytes:
    """An xz stream whose block asks for a dictionary of that size (40: 4 GiB)."""
    plain = lzma.compress(b"chu " * 100, lzma.FORMAT_XZ, lzma.CHECK_NONE)
    head = bytearray(plain[12:20])
    head[4] = bits
    return plain[:12] + bytes(head) + struct.pack("<I", zlib.crc32(head)) + plain[24:]


def _laughing_tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:bz2") as archive:
        inner = bz2.compress(_MIB * 30)
        for number in range(20):
            member = tarfile.TarInfo(f"{number}.bz2")
            member.size = len(inner)
            archive.addfile(member, io.BytesIO(inner))
    return buffer.getvalue()


def _many_members() -> Iterator[tuple[str, bytes]]:
    return ((f"{number}.txt", b"x") for number in range(10_000))


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "flat.zip": lambda: bombs.flat_zip(300),
    "nested.zip": lambda: bombs.nested_zip(5, 10, bombs.flat_zip(20)),
    "deep.zip": lambda: bombs.nested_zip(60, 1, b"text"),
    "overlapping.zip": lambda: bombs.overlapping_zip(60_000),
    "in-itself.zip": zip_in_itself,
    "ten-thousand.zip": lambda: bombs.zipped(dict(_many_members())),
    "huge-size.zip": lambda: zip_that_lies(0xFFFFFFFE, 0xFFFFFFFE, 0),
    "far-offset.zip": lambda: zip_that_lies(100, 100, 0xFFFFFFFE),
    "gigabyte.gz": lambda: gigabyte(gzip.compress),
    "gigabyte.bz2": lambda: gigabyte(bz2.compress),
    "gigabyte.xz": lambda: gigabyte(lambda data: lzma.compress(data, preset=0)),
    "sixty-deep.gz": lambda: bombs.gzip_quine_like(60),
    "many-streams.gz": lambda: gzip.compress(b"x") * 100_000,
    "dictionary.xz": lambda: xz_with_dictionary(40),
    "dictionary.7z": lambda: seven_zip(40),
    "promise.7z": lambda: seven_zip(16, 1 << 60),
    "sparse.tar": sparse_tar,
    "eight-exbibytes.tar": lambda: (
        tar_header(b"a.txt", b"\x80" + bytes(3) + struct.pack(">Q", 1 << 62)) + bytes(1024)
    ),
    "octal-lies.tar": lambda: tar_header(b"a.txt", b"77777777777\0") + b"chu" + bytes(509),
    "hundred-thousand.tar": lambda: tar_of_empty(100_000),
    "long-name.tar": lambda: tar_header(b"././@LongLink", b"07777777777\0", b"L") + b"a" * (1 << 20),
    "bz2-in-bz2.tar.bz2": _laughing_tar,
}
