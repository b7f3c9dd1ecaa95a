"""TNEF as Outlook and Exchange write it, for tests: ``message(...)``, and what hangs on it, ``attachment(...)``."""

from __future__ import annotations

import struct

SIGNATURE = b"\x78\x9f\x3e\x22\x01\0"
MESSAGE_ID = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage
_SUBJECT, _BODY, _CODE_PAGE, _MAPI = 0x00018004, 0x0002800C, 0x00069007, 0x00069003
_RENDERING, _DATA, _TITLE, _ATTACHMENT_MAPI = 0x00069002, 0x0006800F, 0x00018010, 0x00069005
WIDE, OCTETS, BINARY, OBJECT, LONG = 0x001F, 0x001E, 0x0102, 0x000D, 0x0003
Property = tuple[int, int, bytes]  # type, number, value


def attribute(level: int, tag: int, data: bytes) -> bytes:
    """One attribute with its checksum."""
    return struct.pack("<BII", level, tag, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def properties(*values: Property) -> bytes:
    """MAPI's properties; a number from 0x8000 on gets a name."""
    out = [struct.pack("<I", len(values))]
    for kind, number, value in values:
        out.append(struct.pack("<HH", kind, number))
        if number >= 0x8000:
            name = "tên\0".encode("utf-16-le")
            out.append(bytes(16) + struct.pack("<II", 1, len(name)) + name + bytes(-len(name) % 4))
        if kind in (WIDE, OCTETS, BINARY, OBJECT):
            out.append(struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4))
        else:
            out.append(value)
    return b"".join(out)


def wide(number: int, text: str) -> Property:
    """A Unicode string."""
    return WIDE, number, (text + "\0").encode("utf-16-le")


def message(*values: Property, subject: bytes = b"", body: bytes = b"", code_page: int = 1258) -> bytes:
    """The octets of a message; attachments are appended."""
    out = SIGNATURE + attribute(1, _CODE_PAGE, struct.pack("<II", code_page, 0))
    if subject:
        out += attribute(1, _SUBJECT, subject + b"\0")
    if body:
        out += attribute(1, _BODY, body + b"\0")
    return out + (attribute(1, _MAPI, properties(*values)) if values else b"")


def attachment(title: bytes, data: bytes = b"", *values: Property) -> bytes:
    """A file; or what ``values`` say, such as ``embedded``."""
    out = attribute(2, _RENDERING, bytes(14)) + attribute(2, _TITLE, title + b"\0")
    if data:
        out += attribute(2, _DATA, data)
    return out + (attribute(2, _ATTACHMENT_MAPI, properties(*values)) if values else b"")


def embedded(inner: bytes) -> Property:
    """A message in an attachment."""
    return OBJECT, 0x3701, MESSAGE_ID + inner
