"""Messages from files, folders, mboxes and standard input, in path order."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import UsageError

_FROM_LINE = re.compile(rb"^From [^\n]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """One message: where it came from, and its bytes."""

    path: str
    raw: bytes


def messages(paths: tuple[str, ...]) -> Iterator[Source]:
    """Every message below ``paths``; UsageError for a path that cannot be read, before anything is read."""
    for path in paths:
        if path != "-" and not Path(path).exists():
            raise UsageError(f"{path}: no such file or folder")
    for path in paths:
        yield from _below(path)


def _below(path: str) -> Iterator[Source]:
    if path == "-":
        yield from _members("-", sys.stdin.buffer.read())
        return
    root = Path(path)
    files = sorted(file for file in root.rglob("*") if file.is_file()) if root.is_dir() else [root]
    for file in files:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
        yield from _members(str(file), content)


def _members(path: str, content: bytes) -> Iterator[Source]:
    """A message, or the members of an mbox (RFC 4155), counted from 1."""
    if not content.startswith(b"From ") or path.endswith(".eml"):
        yield Source(path, content)
        return
    starts = [
        match for match in _FROM_LINE.finditer(content) if match.start() == 0 or _blank_before(content, match.start())
    ]
    for number, match in enumerate(starts, 1):
        end = starts[number].start() if number < len(starts) else len(content)
        raw = re.sub(rb"^>(>*From )", rb"\1", content[match.end() : end], flags=re.MULTILINE)
        yield Source(f"{path}#{number}", raw)


def _blank_before(content: bytes, position: int) -> bool:
    return content.endswith((b"\n\n", b"\r\n\r\n"), 0, position)
