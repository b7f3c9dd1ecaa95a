"""OLE compound files (MS-CFB): the storage of doc, xls, ppt and msg, by olefile (BSD).

A docx, xlsx or pptx under a password is an OLE file with ``EncryptedPackage``: ``encrypted``. Document properties are
labels.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import olefile

from ..work import Found, Stop
from .ole_properties import texts_of

TYPES = ("application/x-ole-encrypted-package",)
_PROPERTIES = {
    "\x05SummaryInformation": {2: "title", 3: "subject", 5: "keywords", 6: "comments"},
    "\x05DocumentSummaryInformation": {2: "category", 15: "company"},
}
_MOST_STREAM = 64 << 20
# Octets as in windows-1252; those that it leaves free stay, since TCVN3 has letters there.
_WINDOWS = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


def read(_content: bytes, _found: Found) -> None:
    """Nothing of it can be read."""
    raise Stop("encrypted")


@contextmanager
def opened(content: bytes, found: Found) -> Iterator[olefile.OleFileIO]:
    """The storage; Stop(malformed) where olefile cannot make sense of it. One whose sectors are not all there is
    read as far as it goes."""
    try:
        storage = olefile.OleFileIO(io.BytesIO(content))
    except Exception:
        raise Stop("malformed") from None
    if any("out of range" in said for _, said in storage.parsing_issues):
        found.flaw("malformed")
    try:
        yield storage
    finally:
        storage.close()


def stream(storage: olefile.OleFileIO, *names: str) -> bytes:
    """The first of these streams that is there, bounded; empty where none is."""
    for name in names:
        if storage.exists(name):
            try:
                with storage.openstream(name) as opened_stream:
                    return bytes(opened_stream.read(_MOST_STREAM))
            except (OSError, ValueError):
                raise Stop("malformed") from None
    return b""


def windows(octets: bytes) -> str:
    """Text of one octet a letter, which names no code page."""
    return octets.decode("latin-1").translate(_WINDOWS)


def properties(storage: olefile.OleFileIO, found: Found) -> None:
    """Title, subject and the like as labels; broken ones are left out."""
    for name, wanted in _PROPERTIES.items():
        try:
            data = stream(storage, name)
        except Stop:
            continue
        for label, text in texts_of(data, wanted):
            found.label(label, text)
