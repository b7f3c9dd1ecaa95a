"""What reading the journal finds: lines and damage, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .cursor import Cursor
from .record import Record

DamageKind = Literal["garbage", "chain", "torn", "cut", "missing"]


@dataclass(frozen=True, slots=True)
class Line:
    """One record and where it stands."""

    record: Record
    raw: bytes
    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in the journal is not as it was written."""

    kind: DamageKind
    file: str
    offset: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.offset}: {self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read, where the reader stands after it, and whether there was nothing more to read."""

    items: tuple[Line | Damage, ...]
    cursor: Cursor
    complete: bool

    @property
    def records(self) -> Iterator[Record]:
        """The records alone."""
        return (item.record for item in self.items if isinstance(item, Line))
