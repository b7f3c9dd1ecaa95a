"""The body of an Outlook item, which ``msg`` and TNEF keep in the same three forms."""

from __future__ import annotations

from ...mail.charsets import decode_bytes
from ...mail.html import html_charset, to_text
from ..work import Found
from . import rtf
from .lzfu import expanded

_RTF_FOR_TEXT = 4  # octets of RTF a character


def add_body(plain: str, page: bytes, packed: bytes, found: Found) -> None:
    """The plain text, or the HTML ``page``, or the compressed RTF: they say the same."""
    most = found.work.limits.max_text
    page = page.rstrip(b"\0")
    if plain.strip():
        found.add(plain)
    elif page:
        shown = to_text(decode_bytes(page, html_charset(page))[0], most)
        found.add(shown.text)
        found.add(shown.hidden, "hidden")
    elif packed:
        rtf.read(expanded(packed, most * _RTF_FOR_TEXT), found)
