"""Files that are pieces of one: volumes of zip and rar, and files cut by 7-Zip, ``split`` and the like. Never raises.

``place`` tells by a name where a file belongs, ``unfinished`` by the content that it is no whole archive, ``joined``
puts together what is complete. What cannot be put together is left to the readers, which call a cut file
``malformed``: nobody can tell what stands in a volume that is not there.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...mail.sniff import sniff

# How a file was cut, by the end of its name. ``ar`` and ``ip`` stand where a number does in later volumes.
_KINDS = (
    ("rar", re.compile(r"(?P<end>\.part(?P<number>\d{1,4})\.rar)\Z", re.IGNORECASE)),
    ("old rar", re.compile(r"(?P<end>\.r(?P<number>\d\d|ar))\Z", re.IGNORECASE)),
    ("zip", re.compile(r"(?P<end>\.z(?P<number>\d\d|ip))\Z", re.IGNORECASE)),
    ("cut", re.compile(r"(?P<end>\.(?P<number>\d{3}))\Z")),
    (
        "letters",
        re.compile(
            r"\.(?:zip|7z|rar|tar|tgz|txz|gz|bz2|xz|pdf|docx?|xlsx?)(?P<end>\.?(?P<number>[a-z]{2}))\Z", re.IGNORECASE
        ),
    ),
)
_SUFFIX = {"rar": ".rar", "old rar": ".rar", "zip": ".zip"}
_FROM_ZERO = ("letters", "old rar")
_LAST = 10_000
_MOST_NAME = 300
_RAR4, _RAR5 = b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\x01\0"
_SPANNED, _NOT_SPANNED = b"PK\x07\x08PK\x03\x04", b"PK00"  # APPNOTE 8.5.3 and 8.5.4
_ZIP_END, _ZIP_ENTRY = b"PK\x05\x06", b"PK\x01\x02"
_SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
# What may hold text as it is: a later piece of it may look like a text of its own.
_TEXT_INSIDE = (
    "text/", "application/xml", "image/svg+xml", "application/rtf", "application/x-tar", "application/vnd.rar",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """``name`` is that of the whole file, ``kind`` how it was cut; ``number`` counts from ``first``."""

    name: str
    kind: str
    number: int
    first: int


@dataclass(frozen=True, slots=True)
class Whole:
    """A file put together: which of the files it was (in order), and which of them stands for it."""

    name: str
    content: bytes
    pieces: tuple[int, ...]
    head: int


def place(name: str | None) -> Place | None:
    """Where a file of that name belongs, if the name is that of a volume, or could be (``a.rar``, ``a.zip``)."""
    if not name or len(name) > _MOST_NAME:
        return None
    for kind, pattern in _KINDS:
        if found := pattern.search(name):
            whole = name[: found.start("end")] + _SUFFIX.get(kind, "")
            return Place(whole, kind, _number_of(kind, found["number"].lower()), 0 if kind in _FROM_ZERO else 1)
    return None


def _number_of(kind: str, written: str) -> int:
    if kind == "letters":
        return 26 * (ord(written[0]) - ord("a")) + ord(written[1]) - ord("a")
    if kind == "old rar":
        return 0 if written == "ar" else int(written) + 1
    return _LAST if written == "ip" else int(written)


def is_later(name: str | None) -> bool:
    """Whether the name is that of a volume behind the first: its content alone shows nothing, yet holds something."""
    where = place(name)
    if where is None or where.number == _LAST:
        return False
    return where.kind == "zip" or where.number > where.first


def is_piece(name: str | None, content: bytes) -> bool:
    """Whether a file is to be put together with others, rather than read by itself."""
    where = place(name)
    if where is None:
        return False
    return where.number not in (0, _LAST) or where.kind in ("cut", "letters") or unfinished(content)


def joined(files: Sequence[tuple[str | None, bytes]]) -> list[Whole]:
    """The files that can be put together from these; a volume that is missing in between leaves them apart. The same
    set may come twice, in a mail and in the mail that it forwards."""
    groups: dict[tuple[str, str, int], dict[int, int]] = {}
    copies: Counter[tuple[str, str, int]] = Counter()
    places = [place(name) for name, _ in files]
    for index, where in enumerate(places):
        if where is not None:
            whole = where.name.casefold()
            copy = copies[whole, where.kind, where.number]
            copies[whole, where.kind, where.number] += 1
            groups.setdefault((whole, where.kind, copy), {})[where.number] = index
    found = []
    for (_, kind, _), numbered in groups.items():
        order = sorted(numbered)
        behind = order[:-1] if order[-1] == _LAST else order
        first = 0 if kind in _FROM_ZERO else 1
        complete = len(order) > 1 and behind == list(range(first, first + len(behind)))
        if not complete or (kind == "zip" and order[-1] != _LAST):
            continue
        pieces = tuple(numbered[number] for number in order)
        contents = [files[index][1] for index in pieces]
        if kind in ("cut", "letters") and _stand_alone(contents[0], contents[1:]):
            continue
        content = _one_zip(contents) if kind == "zip" else b"".join(contents)
        head = pieces[-1 if kind == "zip" else 0]
        where = places[head]
        found.append(Whole(where.name if where else "", content, pieces, head))
    return found


def _stand_alone(first: bytes, later: Sequence[bytes]) -> bool:
    """Whether one of the files numbered behind another is none of its pieces (``VB.001`` and ``VB.002``, two scans):
    nobody would read it behind the first. The middle of a file shows no kind but that of text, which then may belong
    to what stood before, as long as that is not at its end."""
    kinds = {sniff(one) for one in later} - {None}
    if kinds != {"text/plain"}:
        return bool(kinds)
    begun = sniff(first)  # asked once: hundreds of texts may stand behind a large file
    return begun is not None and not begun.startswith(_TEXT_INSIDE) and _at_its_end(first)


def _at_its_end(content: bytes) -> bool:
    """Whether nothing is missing behind a zip, 7z or PDF file; other formats do not tell, and count as whole."""
    if content.startswith(b"PK"):
        end = content.rfind(_ZIP_END)
        return end >= 0 and end + 22 + int.from_bytes(content[end + 20 : end + 22], "little") == len(content)
    if content.startswith(_SEVEN_ZIP):  # where its header lies, by the header in front (7zFormat.txt)
        return 32 + sum(int.from_bytes(content[at : at + 8], "little") for at in (12, 20)) <= len(content)
    return b"%PDF-" not in content[:1024] or b"%%EOF" in content[-1024:]


def _one_zip(volumes: Sequence[bytes]) -> bytes:
    """The volumes of a zip as one: places in its directory count from the beginning of a volume (APPNOTE 4.4.16)."""
    starts = [0]
    for volume in volumes:
        starts.append(starts[-1] + len(volume))
    data = bytearray().join(volumes)
    end = data.rfind(_ZIP_END)
    if end < 0 or len(data) < end + 22:
        return bytes(data)
    if data.startswith(_SPANNED):
        data[:4] = _NOT_SPANNED
    disk, offset = struct.unpack_from("<H8xI", data, end + 6)
    if disk >= len(volumes):
        return bytes(data)
    at = starts[disk] + offset
    struct.pack_into("<HH", data, end + 4, 0, 0)
    struct.pack_into("<I", data, end + 16, min(at, 0xFFFFFFFF))
    while at + 46 <= end and data[at : at + 4] == _ZIP_ENTRY:
        name, extra, comment, disk = struct.unpack_from("<4H", data, at + 28)
        (offset,) = struct.unpack_from("<I", data, at + 42)
        if disk < len(volumes) and offset != 0xFFFFFFFF:
            struct.pack_into("<H", data, at + 34, 0)
            struct.pack_into("<I", data, at + 42, min(starts[disk] + offset, 0xFFFFFFFF))
        at += 46 + name + extra + comment
    return bytes(data)


def unfinished(content: bytes) -> bool:
    """Whether an archive itself says that there are volumes before or behind it (zip, rar)."""
    if content.startswith(_RAR5):
        return _rar5_number(content) > 0 or _rar5_goes_on(content)
    if content.startswith(_RAR4):
        flags = int.from_bytes(content[10:12], "little")
        return bool(flags & 1) and (not flags & 0x100 or _rar4_goes_on(content))
    if content.startswith(_SPANNED):
        return True
    end = content.rfind(_ZIP_END, max(0, len(content) - 65_557))
    return end >= 0 and content[end + 4 : end + 6] not in (b"\0\0", b"\xff\xff", b"")


def _rar5_number(content: bytes) -> int:
    """The number of a volume, from 0, by the main header (RAR 5.0 archive format, "Main archive header")."""
    at = len(_RAR5) + 4
    fields = []
    for _ in range(6):  # size, type, flags, perhaps the size of an extra area, archive flags, volume number
        value, at = _number(content, at)
        fields.append(value)
    flags, number = (fields[4], fields[5]) if fields[2] & 1 else (fields[3], fields[4])
    return number if fields[1] == 1 and flags & 3 == 3 else 0


def _number(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place_ in range(10):
        octet = content[at + place_] if at + place_ < len(content) else 0
        value |= (octet & 0x7F) << (7 * place_)
        if not octet & 0x80:
            return value, at + place_ + 1
    return 0, at + 10


def _rar5_goes_on(content: bytes) -> bool:
    """The end of archive header (type 5, three octets) says whether another volume follows; zeros may fill up."""
    tail = content[-64:]
    at = tail.rfind(b"\x03\x05")
    return 0 <= at < len(tail) - 3 and bool(tail[at + 3] & 1)


def _rar4_goes_on(content: bytes) -> bool:
    """The same of RAR 1.5 to 4: type 0x7B, flags, size."""
    tail = content[-20:]
    for at in range(len(tail) - 5):
        flags, size = struct.unpack_from("<HH", tail, at + 1)
        if tail[at] == 0x7B and at - 2 + size == len(tail):
            return bool(flags & 1)
    return False
