"""What was understood of a list of mailboxes, before the register is asked: values that pass between its steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .cells import Addresses, Person
from .columns import Header

Level = Literal["note", "question", "unclear"]


@dataclass(frozen=True, slots=True)
class Remark:
    """``note``: done and told. ``question``: done so if the operator says yes. ``unclear``: left out."""

    level: Level
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One person or desk with an address.

    ``agency`` are the texts of columns and headings that may name the agency, innermost first; ``titles`` are those
    above the table and the name of the sheet, which speak of the whole list, and often of who drew it up."""

    place: str
    person: Person
    position: str
    address: Addresses
    private: Addresses
    agency: tuple[str, ...]
    titles: tuple[str, ...] = ()
    role: str = ""
    valid_from: str = ""
    valid_to: str = ""


@dataclass(slots=True)
class Understood:
    """One sheet. ``unissued`` are the rows of persons without any address."""

    label: str
    header: Header | None = None
    names: str = ""
    entries: list[Entry] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unissued: list[int] = field(default_factory=list)
