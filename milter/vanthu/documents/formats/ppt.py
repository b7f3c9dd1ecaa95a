"""ppt, pps (PowerPoint 97 to 2003, MS-PPT): read by our own reader of its records, over olefile (BSD).

The text of all slides, notes, headers, footers and comments, each once; properties; large pictures go to OCR.
Passwords are told apart (``encrypted``). PowerPoint 95: the text that it keeps for searching. Not read: charts,
macros.
"""

from __future__ import annotations

import struct

from ..work import Found, Stop
from .blips import pictures_in
from .ole import opened, properties, stream, windows

TYPES = ("application/vnd.ms-powerpoint",)
_CHARACTERS, _OCTETS, _STRING, _ENCRYPTION = 0x0FA0, 0x0FA8, 0x0FBA, 0x2F14
_MASTERS = frozenset({0x03F8})  # "Click to edit Master title style"
_WITH_STRINGS = frozenset({0x2EE0, 0x0FD9})  # comments; headers and footers
_BINARY_TAG = 0x138B  # an atom by its header; comments are records in it
_ROUND_TRIP = range(0x040E, 0x0430)  # parts of a pptx that PowerPoint 2007 hides in a ppt: packages, not records
_CONTAINER = 0xF
_DOCUMENT = b"\x0f\x00\xe8\x03"
_BESIDE_95 = "PP97_DUALSTORAGE/"  # a file for PowerPoint 95 and 97 at once
_TEXT_95 = "Text_Content"
_ENCRYPTED_TOKEN = b"\xdf\xc4\xd1\xf3"
_FIELD = "*"  # what stands for a page number or date
_BREAKS = {0x0B: "\n", 0x0D: "\n"}


def read(content: bytes, found: Found) -> None:
    """All texts in file order; the outline and the slide say the same, which counts once."""
    with opened(content, found) as storage:
        properties(storage, found)
        root = _BESIDE_95 if storage.exists(f"{_BESIDE_95}PowerPoint Document") else ""
        if stream(storage, f"{root}Current User")[12:16] == _ENCRYPTED_TOKEN:
            raise Stop("encrypted")
        data = stream(storage, f"{root}PowerPoint Document")
        if not data.startswith(_DOCUMENT) and storage.exists(_TEXT_95):
            found.add(windows(stream(storage, _TEXT_95)).translate(_BREAKS))
            return
        texts: dict[str, None] = {}
        for text in _texts(data, found):
            texts.setdefault(text.translate(_BREAKS))
        found.add("\n".join(text for text in texts if text not in ("", _FIELD)))
        pictures_in(stream(storage, f"{root}Pictures"), found)


def _texts(data: bytes, found: Found) -> list[str]:
    """Record by record in file order, into containers; what a broken record says of its size ends with the container
    that holds it."""
    texts: list[str] = []
    ends = [len(data)]
    at = total = seen = strings_until = 0
    while at + 8 <= len(data) and total < found.work.limits.max_text:
        version, kind, size = struct.unpack_from("<HHI", data, at)
        at += 8
        end = min(at + size, ends[-1])
        seen += 1
        if seen % 4096 == 0:
            found.work.look_at_clock()
        if kind == _ENCRYPTION:
            raise Stop("encrypted")
        if at + size > len(data) and kind and len(ends) == 1:  # PowerPoint 97 leaves zeros behind the last record
            found.flaw("malformed")
        if (version & 0xF == _CONTAINER or kind == _BINARY_TAG) and not _closed(kind):
            ends.append(end)
            if kind in _WITH_STRINGS:
                strings_until = end
        else:
            text = _text(kind, data[at:end], at < strings_until)
            texts.append(text)
            total += len(text)
            at = end
        while len(ends) > 1 and at + 8 > ends[-1]:
            at = ends.pop()
    return texts


def _closed(kind: int) -> bool:
    """Whether nothing of a container is the author's text, or records at all."""
    return kind in _MASTERS or kind in _ROUND_TRIP


def _text(kind: int, body: bytes, is_said: bool) -> str:
    """What an atom says; nothing where it is no text."""
    if kind == _CHARACTERS or (kind == _STRING and is_said):
        return body.decode("utf-16-le", "replace")
    return body.decode("latin-1") if kind == _OCTETS else ""
