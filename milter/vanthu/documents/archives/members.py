"""Members that are listed but were not read."""

from __future__ import annotations

from ..model import Extraction, Member, Reason
from ..work import Found
from .suffixes import type_by_name

_LEAST_SURE = "application/octet-stream"


def unread(found: Found, name: str | None, size: int, reason: Reason) -> None:
    """List a member whose content could not be had: its type is only what the name says."""
    found.work.count_member()
    kind = type_by_name(name or "") or _LEAST_SURE
    found.members.append(Member(name, min(size, 1 << 53), "", Extraction(kind, reason)))
    if reason == "encrypted":
        found.flaw("encrypted")
