"""Members that are listed but were not read."""

from __future__ import annotations

import mimetypes

from ..model import Extraction, Member, Reason
from ..work import Found

_LEAST_SURE = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_OURS = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".docm": "application/vnd.ms-word.document.macroEnabled.12",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    ".odt": f"{_OPEN}.text",
    ".ods": f"{_OPEN}.spreadsheet",
    ".odp": f"{_OPEN}.presentation",
    ".7z": "application/x-7z-compressed",
    ".rar": "application/vnd.rar",
    ".msg": "application/vnd.ms-outlook",
    ".p7m": "application/pkcs7-mime",
    ".p7s": "application/pkcs7-signature",
    ".ics": "text/calendar",
}


def _table() -> mimetypes.MimeTypes:
    """Python's own and ours, never /etc/mime.types: facts are the same on every machine, and a reader in its cage
    may not look there."""
    mimetypes.knownfiles.clear()
    table = mimetypes.MimeTypes()
    for suffix, kind in _OURS.items():
        table.add_type(kind, suffix)
    return table


_types = _table()


def unread(found: Found, name: str | None, size: int, reason: Reason) -> None:
    """List a member whose content could not be had: its type is only what the name says."""
    found.work.count_member()
    kind = _types.guess_type(name or "", strict=False)[0] or _LEAST_SURE
    found.members.append(Member(name, min(size, 1 << 53), "", Extraction(kind, reason)))
    if reason == "encrypted":
        found.flaw("encrypted")
