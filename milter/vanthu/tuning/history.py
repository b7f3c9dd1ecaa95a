"""Which policy was in force when, as the journal tells it: starts, reloads, refused reloads, relaxations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

from ..journal.lines import decode, whole_lines
from ..journal.reader import SUFFIX
from ..journal.record import Record

What = Literal["started", "reloaded", "refused", "relaxed"]
_KINDS = (b'"kind":"reload"', b'"kind":"relax"')


class Event(Struct, frozen=True):
    """``policy`` is the digest in force from then on; of a relaxation, who, why and until when."""

    time: datetime
    node: str
    what: What
    policy: str | None = None
    until: str | None = None
    by: str | None = None
    reason: str | None = None
    problems: int = 0


def events(folder: Path) -> list[Event]:
    """All of them in order of time; OSError where a file cannot be read."""
    return sorted(_all(folder), key=lambda event: (event.time, event.node))


def _all(folder: Path) -> Iterator[Event]:
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        for _, line in whole_lines(path, 0):
            if any(kind in line[:64] for kind in _KINDS) and (record := decode(line)) is not None:
                yield _event(record)


def _event(record: Record) -> Event:
    said = {key: str(value) for key, value in record.details.items() if key in ("policy", "until", "by", "reason")}
    what: What = "relaxed"
    if record.kind == "reload":
        what = "refused" if not record.details.get("ok") else "started" if record.details.get("start") else "reloaded"
    problems = record.details.get("problems")
    return Event(record.time, record.node, what, **said, problems=problems if isinstance(problems, int) else 0)
