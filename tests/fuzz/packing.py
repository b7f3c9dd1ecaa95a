"""Containers around what is fuzzed: parts in a zip, streams in a compound file.

Changed octets of a container break its checksums and chains, and hardly ever reach the reader behind it. So an input
is a list of named pieces, and the container is made whole around them.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

import olefile

MARK = b"\n%%piece "
_BESIDE = re.compile("theme|slideLayout|slideMaster|fontTable|settings|viewProps|presProps")  # no reader looks there
_MOST = 60
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def joined(pieces: Iterable[tuple[str, bytes]]) -> bytes:
    """Named pieces as one input."""
    return b"".join(MARK + name.encode() + b"\n" + content for name, content in pieces)


def pieces(data: bytes) -> dict[str, bytes]:
    """The named pieces of an input; the first of a name counts."""
    found: dict[str, bytes] = {}
    for piece in data.split(MARK)[1 : _MOST + 1]:
        name, _, content = piece.partition(b"\n")
        found.setdefault(name[:120].decode("utf-8", "replace"), content)
    return found


def unzipped(path: Path, longest: int = 15_000) -> bytes:
    """The text parts of a zip file as an input."""
    with zipfile.ZipFile(path) as archive:
        names = [one.filename for one in archive.infolist() if 0 < one.file_size <= longest]
        wanted = [name for name in names if name.endswith((".xml", ".rels")) and not _BESIDE.search(name)]
        return joined((name, archive.read(name)) for name in wanted)


def zipped(data: bytes) -> bytes:
    """The pieces of an input as a zip file, stored."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in pieces(data).items():
            archive.writestr(zipfile.ZipInfo(name or "_"), content)
    return made.getvalue()


def streams(path: Path, longest: int = 15_000) -> bytes:
    """The streams of a compound file as an input."""
    with olefile.OleFileIO(path) as storage:
        names = [name for name in storage.listdir() if storage.get_size(name) <= longest]
        return joined(("/".join(name), storage.openstream(name).read()) for name in names)


def compound(data: bytes) -> bytes:
    """The pieces of an input as a compound file (MS-CFB); a name is a path of storages."""
    tree: dict[str, object] = {}
    for name, content in pieces(data).items():
        folder = tree
        *above, last = [step[:31] for step in name.split("/")[:8]]
        for step in above:
            below = folder.setdefault(step, {})
            folder = below if isinstance(below, dict) else folder
        folder.setdefault(last, content)
    return _Compound().made(tree)


class _Compound:
    def __init__(self) -> None:
        self._sectors: list[bytes] = []
        self._fat: list[int] = []
        self._mini = bytearray()
        self._minifat: list[int] = []
        self._entries: list[list[object]] = []

    def made(self, tree: dict[str, object]) -> bytes:
        self._entries.append(["Root Entry", 5, _FREE, _FREE, 0, 0])
        self._entries[0][3] = self._folder(tree)
        start = self._chain(bytes(self._mini))
        self._entries[0][4:] = [start, len(self._mini)]
        table = struct.pack(f"<{len(self._minifat)}I", *self._minifat)
        minifat = self._chain(table + b"\xff" * (-len(table) % _SECTOR))
        directory = self._chain(b"".join(map(_entry, self._entries)))
        count = 0
        while (len(self._fat) + count) > count * (_SECTOR // 4):
            count += 1
        places = list(range(len(self._fat), len(self._fat) + count))
        fat = self._fat + [_FAT] * count
        fat += [_FREE] * (count * (_SECTOR // 4) - len(fat))
        head = struct.pack(
            "<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory,
            0, _CUTOFF, minifat, -(-len(table) // _SECTOR), _END, 0,
        ) + struct.pack("<109I", *(places + [_FREE] * 109)[:109])  # fmt: skip
        return head + b"".join(self._sectors) + struct.pack(f"<{len(fat)}I", *fat)

    def _folder(self, tree: dict[str, object]) -> int:
        """Entries of one storage, each hanging on the one before; the first one's number."""
        first = before = _FREE
        for name, content in tree.items():
            number = len(self._entries)
            if isinstance(content, bytes):
                self._entries.append([name, 2, _FREE, _FREE, self._stream(content), len(content)])
            else:
                assert isinstance(content, dict)
                self._entries.append([name, 1, _FREE, _FREE, 0, 0])
                self._entries[number][3] = self._folder(content)
            if before == _FREE:
                first = number
            else:
                self._entries[before][2] = number
            before = number
        return first

    def _stream(self, content: bytes) -> int:
        if len(content) >= _CUTOFF:
            return self._chain(content)
        if not content:
            return _END
        start, count = len(self._minifat), -(-len(content) // _MINI)
        self._minifat += [*range(start + 1, start + count), _END]
        self._mini += content.ljust(count * _MINI, b"\0")
        return start

    def _chain(self, content: bytes) -> int:
        if not content:
            return _END
        start, count = len(self._fat), -(-len(content) // _SECTOR)
        self._fat += [*range(start + 1, start + count), _END]
        self._sectors.append(content.ljust(count * _SECTOR, b"\0"))
        return start


def _entry(entry: list[object]) -> bytes:
    name, kind, right, child, start, size = entry
    letters = str(name).encode("utf-16-le", "replace")[:62]
    return struct.pack(
        "<64sHBBIII36xIQ", letters, len(letters) + 2, kind, 1, _FREE, right, child, start, size
    )  # fmt: skip
