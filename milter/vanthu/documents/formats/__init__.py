"""One module a format. Each has ``TYPES`` and ``read(content, found)``; its docstring is its page in docs/documents.md."""

from __future__ import annotations

from collections.abc import Callable

from ..work import Found
from . import docx, html, mails, packed, pdf, picture, plain, zipped

READERS = (pdf, docx, html, plain, mails, zipped, packed, picture)
TABLE: dict[str, Callable[[bytes, Found], None]] = {kind: one.read for one in READERS for kind in one.TYPES}
