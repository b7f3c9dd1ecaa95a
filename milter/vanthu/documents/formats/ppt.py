"""ppt, pps (PowerPoint 97 to 2003, MS-PPT): read by our own reader of its records, over olefile (BSD).

The text of all slides, notes and comments, each once; properties; large pictures go to OCR. Passwords are told apart
(``encrypted``). Not read: PowerPoint 95, charts, macros.
"""

from __future__ import annotations

import struct

from ..work import Found, Stop
from .blips import pictures_in
from .ole import opened, properties, stream

TYPES = ("application/vnd.ms-powerpoint",)
_CHARACTERS, _OCTETS, _STRING, _ENCRYPTION = 0x0FA0, 0x0FA8, 0x0FBA, 0x2F14
_MASTERS = frozenset({0x03F8})  # "Click to edit Master title style"
_COMMENT = frozenset({0x2EE0})
_CONTAINER = 0xF
_ENCRYPTED_TOKEN = b"\xdf\xc4\xd1\xf3"
_FIELD = "*"  # what stands for a page number or date
_BREAKS = {0x0B: "\n", 0x0D: "\n"}


def read(content: bytes, found: Found) -> None:
    """All texts in file order; the outline and the slide say the same, which counts once."""
    with opened(content) as storage:
        properties(storage, found)
        if stream(storage, "Current User")[12:16] == _ENCRYPTED_TOKEN:
            raise Stop("encrypted")
        texts: dict[str, None] = {}
        for text in _texts(stream(storage, "PowerPoint Document"), found):
            texts.setdefault(text.translate(_BREAKS))
        found.add("\n".join(text for text in texts if text != _FIELD))
        pictures_in(stream(storage, "Pictures"), found)


def _texts(data: bytes, found: Found) -> list[str]:
    """Records are walked flat: a container's content follows its header."""
    texts: list[str] = []
    at = total = seen = 0
    comment_until = 0
    while at + 8 <= len(data) and total < found.work.limits.max_text:
        version, kind, size = struct.unpack_from("<HHI", data, at)
        at += 8
        seen += 1
        if seen % 4096 == 0:
            found.work.look_at_clock()
        if kind == _ENCRYPTION:
            raise Stop("encrypted")
        if version & 0xF == _CONTAINER and kind not in _MASTERS:
            if kind in _COMMENT:
                comment_until = at + size
            continue
        body = data[at : at + size] if kind in (_CHARACTERS, _OCTETS, _STRING) else b""
        at += size
        if kind == _CHARACTERS or (kind == _STRING and at <= comment_until):
            texts.append(body.decode("utf-16-le", "replace"))
        elif kind == _OCTETS:
            texts.append(body.decode("latin-1"))
        total += len(texts[-1]) if body and texts else 0
    if at > len(data):
        found.flaw("malformed")
    return texts
