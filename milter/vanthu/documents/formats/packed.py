"""7z, rar (also version 5), tar, cab, lha, cpio, and gz, bz2, xz, zst, Z streams: libarchive (BSD) by libarchive-c
(CC0).

Members are read by content, to any depth within the limits. Encrypted members, or an archive whose very names are
encrypted, have the reason ``encrypted``; a cut archive is read as far as it goes. Volumes of one archive
(``.part1.rar``, ``.r00``, ``.7z.001``) that come together are read as one, in a mail or in another archive; where one
is missing, the rest is ``malformed``, and so are solid RAR archives of version 3 behind their first file. Nothing is
unpacked to disk.
"""

from __future__ import annotations

import ctypes
import hashlib
import logging
import re

import libarchive
from libarchive import ffi
from libarchive.entry import ArchiveEntry
from libarchive.exception import ArchiveError

from ..archives.members import unread
from ..archives.volumes import unfinished
from ..model import Reason
from ..work import Found, Stop

_STREAMS = {
    "application/gzip": re.compile(r"\.gz$|(?<=\.t)gz$", re.IGNORECASE),
    "application/x-bzip2": re.compile(r"\.bz2?$|(?<=\.t)bz2?$", re.IGNORECASE),
    "application/x-xz": re.compile(r"\.xz$|(?<=\.t)xz$", re.IGNORECASE),
    "application/zstd": re.compile(r"\.zstd?$", re.IGNORECASE),
}
_RAR = "application/vnd.rar"
TYPES = (
    "application/x-7z-compressed", _RAR, "application/x-tar", "application/vnd.ms-cab-compressed",
    "application/x-lzh-compressed", *_STREAMS,
)  # fmt: skip
# What is wrong with a file is its reason, not a line in a log.
logging.getLogger("libarchive").disabled = True
# Not among the functions that libarchive-c names; the library itself has it since version 3.1.
_is_encrypted = ffi.libarchive["archive_entry_is_data_encrypted"]
_is_encrypted.argtypes = [ctypes.c_void_p]
_is_encrypted.restype = ctypes.c_int
_ENCRYPTED = re.compile(r"encrypt|passphrase|password", re.IGNORECASE)


def read(content: bytes, found: Found) -> None:
    """Member by member; one that cannot be read ends the archive only where libarchive cannot go on."""
    stream = _STREAMS.get(found.type)
    try:
        with libarchive.memory_reader(content, format_name="raw" if stream else "all") as archive:
            for entry in archive:
                found.work.look_at_clock()
                if stream:
                    name = stream.sub("", found.name) if found.name else None
                    _member(entry, name, len(content), found)
                    return
                if not entry.isdir:
                    _member(entry, _name(entry), len(content), found)
    except ArchiveError as error:
        raise Stop(_reason(error)) from None
    if found.type == _RAR and unfinished(content):
        raise Stop("malformed")


def _name(entry: ArchiveEntry) -> str | None:
    try:
        return entry.pathname or None
    except (UnicodeError, ValueError):
        return None


def _member(entry: ArchiveEntry, name: str | None, packed: int, found: Found) -> None:
    if _is_encrypted(entry._entry_p):
        unread(found, name, max(0, entry.size or 0), "encrypted")
        return
    room = found.work.room(packed)
    pieces: list[bytes] = []
    size = 0
    reason = None
    try:
        for piece in entry.get_blocks():
            size += len(piece)
            if size > room:
                found.work.unpacked(size)
                raise Stop("bomb")
            pieces.append(bytes(piece))
            found.work.look_at_clock()
    except ArchiveError as error:
        reason = _reason(error)
    found.work.unpacked(size)
    if reason is not None and (not pieces or reason == "encrypted"):
        unread(found, name, max(0, entry.size or 0), reason)
        return
    if reason is None and size < (entry.size or 0):
        reason = "malformed"  # it goes on in a volume that is not there
    member = b"".join(pieces)
    found.work.member(found, name, member, hashlib.sha256(member).hexdigest())
    if reason is not None:
        raise Stop(reason)


def _reason(error: ArchiveError) -> Reason:
    text = str(error)
    if _ENCRYPTED.search(text):
        return "encrypted"
    return "malformed"
