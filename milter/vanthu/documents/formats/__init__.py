"""A module a format, with ``TYPES`` and ``read(content, found)``; docs/documents.md comes from their docstrings."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from ..work import Found
from . import (
    doc,
    docx,
    entries,
    html,
    mails,
    msg,
    odf,
    ole,
    ole_objects,
    packed,
    pdf,
    picture,
    plain,
    ppt,
    pptx,
    rtf,
    signed,
    tnef,
    word2003,
    xls,
    xlsx,
    zipped,
)  # fmt: skip

READERS: tuple[ModuleType, ...] = (
    pdf, docx, doc, word2003, xlsx, xls, pptx, ppt, odf, rtf, html, plain, entries, mails, msg, tnef, signed, ole,
    ole_objects, zipped, packed, picture,
)  # fmt: skip
TABLE: dict[str, Callable[[bytes, Found], None]] = {kind: one.read for one in READERS for kind in one.TYPES}
