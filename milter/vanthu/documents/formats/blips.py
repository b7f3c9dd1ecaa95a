"""Pictures inside the binary Office formats: PNG and JPEG lie there whole (MS-ODRAW §2.2.23)."""

from __future__ import annotations

import re

from ..pictures import inside
from ..work import Found

_START = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff[\xe0\xe1\xdb\xee]")
_MOST = 20


def pictures_in(data: bytes, found: Found) -> None:
    """Every picture of ``data`` that could be a page goes to OCR; thumbnails inside a picture are passed over."""
    starts = [match.start() for match in _START.finditer(data)][: 4 * _MOST]
    for number, start in enumerate(starts[:_MOST], 1):
        end = next((at for at in starts if at > start + (1 << 16)), len(data))
        inside(data[start:end], f"picture {number}", found)
