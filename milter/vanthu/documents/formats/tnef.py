"""tnef (``winmail.dat`` of Outlook and Exchange, MS-OXTNEF): read by our own reader.

Subject, addresses and the body (plain, HTML or compressed RTF) are texts; attached files, messages and OLE objects
are members. What is cut is read as far as it goes (``malformed``). Not read: appointments' own fields, recipients'
properties.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator

from ...mail.charsets import decode_bytes
from ..work import Found, Stop
from .mapi import Properties, properties
from .outlook_body import add_body

TYPES = ("application/ms-tnef",)
_SIGNATURE = b"\x78\x9f\x3e\x22"
_ON_ATTACHMENT = 2
# Attributes of TNEF, by tag and type (MS-OXTNEF §2.1.3).
_SUBJECT, _BODY, _CODE_PAGE, _MAPI = 0x00018004, 0x0002800C, 0x00069007, 0x00069003
_RENDERING, _DATA, _TITLE, _ATTACHMENT_MAPI = 0x00069002, 0x0006800F, 0x00018010, 0x00069005
# Properties of MAPI (MS-OXPROPS).
_P_SUBJECT, _P_BODY, _P_HTML, _P_RTF, _P_DATA = 0x0037, 0x1000, 0x1013, 0x1009, 0x3701
_P_NAMES = (0x3707, 0x3704, 0x3001)
_P_SHOWN = (("From", 0x0C1A), ("From", 0x0C1F), ("To", 0x0E04), ("Cc", 0x0E03))
_OBJECT_ID = 16  # octets that say what kind of object follows


def read(content: bytes, found: Found) -> None:
    """The message, then what hangs on it."""
    message, attachments = _Message(), list[_Attachment]()
    cut = False
    for level, tag, data in _attributes(content, found):
        if data is None:
            cut = True
        elif level != _ON_ATTACHMENT:
            message.take(tag, data)
        elif tag == _RENDERING or not attachments:
            attachments.append(_Attachment())
            attachments[-1].take(tag, data)
        else:
            attachments[-1].take(tag, data)
    message.give(found)
    for one in attachments:
        one.give(message.charset, found)
    if cut:
        found.flaw("malformed")


def _attributes(data: bytes, found: Found) -> Iterator[tuple[int, int, bytes | None]]:
    """Level, tag and value of each attribute; None for one that is cut, which is the last."""
    if not data.startswith(_SIGNATURE):
        raise Stop("malformed")
    at = 6
    while at < len(data):
        found.work.look_at_clock()
        if len(data) < at + 9 or data[at] not in (1, _ON_ATTACHMENT):
            if data[at:].strip():  # a line end behind it is from the mail
                yield 0, 0, None
            return
        level, tag, size = struct.unpack_from("<BII", data, at)
        at += 9
        yield level, tag, data[at : at + size]
        at += size + 2  # a checksum, which some writers leave at zero
    if at > len(data):
        yield 0, 0, None


class _Message:
    """What stands on the message itself. Attributes of TNEF count where MAPI's properties do not say the same."""

    def __init__(self) -> None:
        self.charset: str | None = None
        self._subject = self._body = b""
        self._mapi = Properties()

    def take(self, tag: int, data: bytes) -> None:
        if tag == _CODE_PAGE and len(data) >= 4:
            self.charset = f"cp{struct.unpack_from('<I', data)[0]}"
        elif tag == _SUBJECT:
            self._subject = data
        elif tag == _BODY:
            self._body = data
        elif tag == _MAPI:
            self._mapi = properties(data)

    def give(self, found: Found) -> None:
        mapi, charset = self._mapi, self.charset
        found.add(mapi.text(_P_SUBJECT, charset) or _decoded(self._subject, charset), "subject")
        shown = [f"{name}: {value}" for name, tag in _P_SHOWN if (value := mapi.text(tag, charset))]
        found.add("\n".join(dict.fromkeys(shown)), "header fields")
        plain = mapi.text(_P_BODY, charset) or _decoded(self._body, charset)
        add_body(plain, mapi.octets(_P_HTML), mapi.octets(_P_RTF), found)
        if mapi.cut:
            found.flaw("malformed")


class _Attachment:
    """A file, a message or an object: in an attribute of its own, or in MAPI's properties."""

    def __init__(self) -> None:
        self._title = self._data = b""
        self._mapi = Properties()

    def take(self, tag: int, data: bytes) -> None:
        if tag == _TITLE:
            self._title = data
        elif tag == _DATA:
            self._data = data
        elif tag == _ATTACHMENT_MAPI:
            self._mapi = properties(data)

    def give(self, charset: str | None, found: Found) -> None:
        names = (self._mapi.text(tag, charset) for tag in _P_NAMES)
        name = next((one for one in names if one), "") or _decoded(self._title, charset)
        inner = self._mapi.octets(_P_DATA)
        if self._mapi.is_object(_P_DATA):
            inner = inner[_OBJECT_ID:]
        content = self._data or inner
        # An embedded message stands in the properties, and the attribute beside it may hold a picture of its icon.
        if self._mapi.is_object(_P_DATA) and inner:
            content = inner
        if content:
            found.work.member(found, name or None, content, hashlib.sha256(content).hexdigest())
        if self._mapi.cut:
            found.flaw("malformed")


def _decoded(octets: bytes, charset: str | None) -> str:
    octets = octets.rstrip(b"\0")
    return decode_bytes(octets, charset)[0] if octets else ""
