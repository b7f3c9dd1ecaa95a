"""How found forwards are shown: as a table, as csv, as json; safe for terminals and spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

from ..harmless import printable
from ..postfix.forwards.model import Way
from .output import csv_cell

_PRIVATE = ("public", "disposable", "relay")
_COLUMNS = ("mailbox", "target", "class", "family", "kind", "via", "where", "keeps", "active")


@dataclass(frozen=True, slots=True)
class Found:
    """A way, and what the provider lists say of its end."""

    way: Way
    class_: str
    family: str | None

    @property
    def active(self) -> bool:
        """Whether no step of it is switched off."""
        return all(step.active for step in self.way.steps)

    @property
    def alarming(self) -> bool:
        """Whether it ends in a mailbox that M3 forbids."""
        return self.class_ in _PRIVATE and self.active

    def row(self) -> dict[str, object]:
        """Everything, by column."""
        first, last = self.way.steps[0], self.way.steps[-1]
        return {
            "mailbox": self.way.mailbox,
            "target": self.way.target,
            "class": self.class_,
            "family": self.family,
            "kind": last.kind,
            "via": list(self.way.via),
            "where": last.where,
            "keeps": first.keeps,
            "active": self.active,
        }


def as_table(found: list[Found]) -> str:
    """One line each: class, chain, where its last step stands."""
    lines = []
    for one in found:
        row = one.row()
        chain = " -> ".join((one.way.mailbox, *one.way.via, one.way.target))
        class_ = f"{one.class_}{'/' + one.family if one.family else ''}"
        off = "" if row["active"] else "  (switched off)"
        lines.append(printable(f"{class_:<20} {chain}  [{row['kind']} {row['where']}]{off}") + "\n")
    return "".join(lines)


def as_csv(found: list[Found]) -> str:
    """For spreadsheets."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for one in found:
        row = one.row()
        writer.writerow({name: csv_cell(value) for name, value in row.items()})
    return text.getvalue()


def as_json(found: list[Found]) -> str:
    """For programs."""
    return json.dumps([one.row() for one in found], ensure_ascii=False) + "\n"
