"""msg, oft (Outlook, MS-OXMSG): read by our own reader over olefile (BSD).

Subject, addresses and the body (plain, HTML or compressed RTF) are texts; attachments are members, embedded messages
too. Not read: voting buttons, custom forms.
"""

from __future__ import annotations

import hashlib
import re
import struct
from functools import cached_property

import olefile

from ...mail.charsets import decode_bytes
from ..model import Member
from ..work import Found, Stop
from .ole import opened
from .outlook_body import add_body

TYPES = ("application/vnd.ms-outlook",)
_SUBJECT, _BODY, _HTML, _RTF = "0037", "1000", "1013", "1009"
_SHOWN = (("From", "0C1A"), ("From", "5D01"), ("To", "0E04"), ("Cc", "0E03"))
_NAMES = ("3707", "3704", "3001")
_DATA = "3701"
_ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9A-F]{8}", re.IGNORECASE)
_MOST_STREAM = 100 << 20
_PROPERTIES = "__properties_version1.0"
_FIXED = struct.Struct("<I4xI4x")  # tag, flags, value
_MESSAGE_CODE_PAGE, _INTERNET_CODE_PAGE = 0x3FFD0003, 0x3FDE0003


def read(content: bytes, found: Found) -> None:
    """The outermost message; those inside it by the same way."""
    with opened(content, found) as storage:
        _message(_Folder(storage, ()), found, 0)


class _Folder:
    """A storage inside the file: a message or an attachment. ``outer`` is the charset of what it lies in."""

    def __init__(self, storage: olefile.OleFileIO, path: tuple[str, ...], outer: str | None = None) -> None:
        self._storage = storage
        self.path = path
        self._outer = outer
        depth = len(path)
        inside = [entry for entry in storage.listdir(streams=True, storages=True) if tuple(entry[:depth]) == path]
        self.names = {entry[depth] for entry in inside if len(entry) == depth + 1}

    def below(self, name: str) -> _Folder:
        return _Folder(self._storage, (*self.path, name), self.charset)

    def octets(self, name: str) -> bytes:
        if name not in self.names:
            return b""
        try:
            with self._storage.openstream([*self.path, name]) as opened_stream:
                return bytes(opened_stream.read(_MOST_STREAM))
        except (OSError, ValueError):
            return b""

    def binary(self, tag: str) -> bytes:
        return self.octets(f"__substg1.0_{tag}0102")

    @cached_property
    def charset(self) -> str | None:
        """The code page of octet strings, by the fixed properties of the message (MS-OXMSG §2.4); those of an
        attachment name none, and go by the message."""
        numbers = dict(_FIXED.iter_unpack(_whole_records(self.octets(_PROPERTIES))))
        code = numbers.get(_MESSAGE_CODE_PAGE) or numbers.get(_INTERNET_CODE_PAGE)
        return f"cp{code}" if code else self._outer

    def text(self, tag: str) -> str:
        """Unicode (001F), or octets in the code page of the system that wrote them (001E)."""
        wide = self.octets(f"__substg1.0_{tag}001F")
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        octets = self.octets(f"__substg1.0_{tag}001E").rstrip(b"\0")
        return decode_bytes(octets, self.charset)[0] if octets else ""


def _whole_records(data: bytes) -> bytes:
    """The records behind the header, which is 32 octets long in the outermost message, and 24 or 8 inside."""
    start = len(data) % _FIXED.size or 2 * _FIXED.size
    return data[start : start + (len(data) - start) // _FIXED.size * _FIXED.size]


def _message(folder: _Folder, found: Found, depth: int) -> None:
    if depth > found.work.limits.max_depth:
        raise Stop("too_deep")
    found.work.look_at_clock()
    found.add(folder.text(_SUBJECT), "subject")
    shown = [f"{name}: {value}" for name, tag in _SHOWN if (value := folder.text(tag))]
    found.add("\n".join(dict.fromkeys(shown)), "header fields")
    page = folder.binary(_HTML) or folder.text(_HTML).encode()
    add_body(folder.text(_BODY), page, folder.binary(_RTF), found)
    for name in sorted(folder.names):
        if _ATTACHMENT.fullmatch(name):
            _attachment(folder.below(name), found, depth)


def _attachment(folder: _Folder, found: Found, depth: int) -> None:
    name = next((value for tag in _NAMES if (value := folder.text(tag))), None)
    embedded = f"__substg1.0_{_DATA}000D"
    if embedded in folder.names:
        found.work.count_member()
        below = Found("application/vnd.ms-outlook", name, found.work)
        try:
            _message(folder.below(embedded), below, depth + 1)
        except Stop as stop:
            below.flaw(stop.reason)
        found.members.append(Member(name, 0, "", below.extraction()))
        return
    content = folder.binary(_DATA)
    if content:
        found.work.member(found, name, content, hashlib.sha256(content).hexdigest())
