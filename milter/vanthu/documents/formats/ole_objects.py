"""OLE objects (MS-OLEDS): what Office embeds as an icon or a picture of a file; over olefile (BSD).

Files that were inserted as an object are members, wherever they lie in an OLE file: packages (``Ole10Native``),
documents of Office (``Package``) and of Acrobat (``CONTENTS``). An OLE file without one, and of no known kind, is
``unsupported``.
"""

from __future__ import annotations

import hashlib
import struct

import olefile

from ...mail.sniff import sniff
from ..kinds import UNKNOWN, kind_of
from ..work import Found, Stop
from .ole import opened, stream

TYPES = ("application/x-ole-storage",)
_NATIVE = "\x01Ole10Native"
_ACROBAT = "CONTENTS"
_WHOLE = ("Package", _ACROBAT)
_MOST_NAME = 1000


def read(content: bytes, found: Found) -> None:
    """The object that the file is."""
    with opened(content, found) as storage:
        objects(storage, found)
    if not (found.members or found.pieces):  # a volume waits for the others, and is a member then
        # A document whose directory is broken still has the names of its streams somewhere.
        raise Stop("unsupported" if sniff(content) == found.type else "malformed")


def objects(storage: olefile.OleFileIO, found: Found) -> None:
    """Every embedded file in ``storage`` is listed in ``found`` and read."""
    for path in storage.listdir():
        if path[-1] == _NATIVE:
            name, data = _native(stream(storage, "/".join(path)))
        elif path[-1] in _WHOLE:
            name, data = None, stream(storage, "/".join(path))
        else:
            continue
        # Controls of forms keep their state under the same name: no file, and nothing that was not read.
        if data and (path[-1] != _ACROBAT or kind_of(data, None) != UNKNOWN):
            found.work.member(found, name, data, hashlib.sha256(data).hexdigest())


def _native(data: bytes) -> tuple[str | None, bytes]:
    """Name and content of a package; the whole value where it is none (MS-OLEDS §2.3.6, and what the packager makes
    of it: label, path, path of a temporary copy, content)."""
    value = data[4:]
    if value[:2] != b"\x02\0":
        return None, value
    label, path_at = _string(value, 2)
    _, at = _string(value, path_at)
    try:
        (size,) = struct.unpack_from("<I", value, at + 4)
        at += 8 + size
        (size,) = struct.unpack_from("<I", value, at)
    except struct.error:
        return None, value
    return label or None, value[at + 4 : at + 4 + size]


def _string(value: bytes, at: int) -> tuple[str, int]:
    end = value.find(b"\0", at, at + _MOST_NAME)
    if end < 0:
        return "", len(value)
    octets = value[at:end]
    try:
        return octets.decode("utf-8"), end + 1
    except UnicodeDecodeError:
        return octets.decode("cp1258", "replace"), end + 1
