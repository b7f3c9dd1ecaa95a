"""What the MTA is told about one mail: a value, so that it can be tested without an MTA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class HeaderEdit:
    """``value`` None deletes; ``index`` counts fields of that name from 1; 0 adds one at the top."""

    name: str
    index: int
    value: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """An SMTP reply: code, enhanced code (RFC 3463), lines of ASCII."""

    code: str
    enhanced: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.code} {self.enhanced} {' '.join(self.lines)}"


@dataclass(frozen=True, slots=True)
class Answer:
    """``kind`` accept carries the edits; tempfail and reject carry the reply. ``strip`` holds recipient indexes."""

    kind: Literal["accept", "tempfail", "reject"]
    reply: Reply | None = None
    edits: tuple[HeaderEdit, ...] = ()
    strip: tuple[int, ...] = ()
    quarantine: str | None = None
    record_id: str | None = None
    reason: str | None = None


def temporary_failure(reason: str) -> Answer:
    """451: the client keeps the mail and tries again (RFC 5321 §4.2.1); nothing is lost."""
    text = "Cannot be checked now, try again later / Tam thoi chua kiem tra duoc, xin gui lai sau"
    return Answer("tempfail", Reply("451", "4.3.2" if reason == "busy" else "4.7.1", (text,)), reason=reason)
