"""html, mht's inner page, and documents that are HTML under another name: read by the project's own HTML reader.

Text as a browser shows it, tables in the shape of a page; hidden text is a part of its own. Pictures inside ``data:``
URLs go to OCR when they could be a page. Not read: scripts, and whatever is fetched from elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import re

from ...mail.charsets import decode_bytes
from ...mail.html import html_charset, to_text
from ..pictures import inside
from ..work import Found

TYPES = ("text/html", "application/xhtml+xml")
_DATA_URL = re.compile(rb"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]{1000,})", re.IGNORECASE)
_MOST_PICTURES = 5
_MOST_OCTETS = 16


def read(content: bytes, found: Found) -> None:
    """At most sixteen octets a character of the limit are looked at: markup is longer than text."""
    most = found.work.limits.max_text * _MOST_OCTETS
    page = content[:most]
    urls = list(_DATA_URL.finditer(page))
    rendered = to_text(decode_bytes(_DATA_URL.sub(b"", page), html_charset(page))[0], found.work.limits.max_text)
    found.add(rendered.text)
    found.add(rendered.hidden, "hidden")
    if rendered.cut or len(content) > most:
        found.flaw("too_large")
    for number, url in enumerate(urls[:_MOST_PICTURES], 1):
        try:
            picture = base64.b64decode(url[1])
        except (binascii.Error, ValueError):
            continue
        inside(picture, f"picture {number}", found)
