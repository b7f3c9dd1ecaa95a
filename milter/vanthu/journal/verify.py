"""Checks a whole journal: edits, broken chains, cut tails, missing files, ids that came twice.

A writer's files name each other (``open`` tells the file before and its head), so a vanished file or a tail cut at a
line end is seen as long as a later file of the same process is there. Files that retention deleted are listed in
``retired`` beside the journal, with their heads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from .lines import decode, whole_lines
from .reader import SUFFIX, in_use
from .record import Record

RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: ``line`` counts from 1; 0 is the file as a whole."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(slots=True)
class _Seen:
    heads: dict[str, str | None] = field(default_factory=dict)
    named: list[tuple[str, str, str | None]] = field(default_factory=list)  # by whom, file before, its head
    ids: dict[str, str] = field(default_factory=dict)


def verify(folder: Path) -> Iterator[Finding]:
    """Every finding, file by file; OSError when the folder cannot be read."""
    seen = _Seen()
    for path in sorted(folder.iterdir()):
        if path.name.endswith(SUFFIX):
            yield from _file(path, seen)
    retired = read_retired(folder)
    for by, before, head in seen.named:
        if before not in seen.heads and before not in retired:
            yield Finding(by, 1, f"the file before it, {before}, is missing")
        elif head is not None and (seen.heads.get(before) or retired.get(before)) != head:
            yield Finding(before, 0, f"its last line is not the one that {by} names: the tail was cut or changed")


def _file(path: Path, seen: _Seen) -> Iterator[Finding]:
    head: str | None = None
    trusted = True
    number = end = 0
    closed = False
    for number, (offset, raw) in enumerate(whole_lines(path, 0), 1):
        end = offset + len(raw) + 1
        record = decode(raw)
        if record is None:
            yield Finding(path.name, number, "no record: the line is garbage")
            trusted = False
            continue
        if closed:
            yield Finding(path.name, number, "a line after the end of the file")
        if trusted and record.prev != head:
            yield Finding(path.name, number, "prev does not match the line before, which was changed or lost")
        yield from _record(path.name, number, record, seen)
        closed = record.kind == "close"
        head, trusted = sha256(raw).hexdigest(), True
    seen.heads[path.name] = head
    if (left := path.stat().st_size - end) > 0 and (closed or not in_use(path)):
        yield Finding(path.name, number + 1, f"the last {left} bytes are no whole line")


def _record(name: str, number: int, record: Record, seen: _Seen) -> Iterator[Finding]:
    if (number == 1) != (record.kind == "open"):
        yield Finding(name, number, "the first line is not of kind open" if number == 1 else "open inside a file")
    if record.kind == "open":
        if (own := record.details.get("file")) != name:
            yield Finding(name, number, f"this file was written as {own}")
        before = record.details.get("previous")
        if isinstance(before, dict) and isinstance(before.get("file"), str):
            seen.named.append((name, before["file"], before.get("head")))
    elif record.kind == "close" and record.details.get("lines") != number:
        yield Finding(name, number, f"closed after {record.details.get('lines')} lines, found {number}")
    if (other := seen.ids.get(record.id)) is not None:
        yield Finding(name, number, f"the id {record.id} stands in {other} already")
    seen.ids[record.id] = name


def read_retired(folder: Path) -> dict[str, str]:
    """Names and heads of files that retention deleted."""
    try:
        text = (folder / RETIRED).read_text("ascii", "replace")
    except FileNotFoundError:
        return {}
    words = (line.split() for line in text.splitlines())
    return {word[0]: word[1] for word in words if len(word) == 2}
