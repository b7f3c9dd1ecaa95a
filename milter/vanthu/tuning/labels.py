"""What people said of mail that a rule hit or nearly hit: one JSON Lines file a rule, only ever added to.

A line is a label (``record``, ``label``, who and when) or the result of a review. It names records, no addresses, so
it may stand beside the policies in version control. The last label of a record counts; who disagreed can be seen.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from ..errors import VanthuError

Answer = Literal["yes", "no", "unsure"]


class Label(Struct, frozen=True, tag="label", tag_field="kind"):
    """``yes``: the rule should hit this mail. ``by`` as told, ``login`` as the kernel knows it."""

    record: str
    label: Answer
    by: str
    login: str
    time: datetime
    note: str = ""


class Outcome(Struct, frozen=True, tag="result", tag_field="kind"):
    """The figures of a review that came to its end, for the next reader."""

    time: datetime
    by: str
    policy: str
    figures: dict[str, Any]


class LabelError(VanthuError):
    """The file cannot be read or written."""


_lines = msgspec.json.Decoder(Label | Outcome)


class Labels:
    """The file of one rule."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.by_record: dict[str, list[Label]] = {}
        self.outcomes: list[Outcome] = []
        for number, line in enumerate(self._text().splitlines(), 1):
            try:
                one = _lines.decode(line)
            except msgspec.DecodeError as error:
                raise LabelError(f"{path}:{number}: not a label: {error}; mend or remove the line") from None
            self._take(one)

    @property
    def count(self) -> int:
        """How many labels were ever given."""
        return sum(map(len, self.by_record.values()))

    def last(self, record: str) -> Label | None:
        """What counts for this record."""
        found = self.by_record.get(record)
        return found[-1] if found else None

    def add(self, *new: Label | Outcome) -> None:
        """Written and on disk when this returns."""
        if not new:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                file.write(b"".join(msgspec.json.encode(one) + b"\n" for one in new))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise LabelError(f"{self.path}: cannot be written: {error.strerror}; give another --file") from None
        for one in new:
            self._take(one)

    def disputed(self, records: Iterable[str]) -> list[str]:
        """Records about which two persons said opposite things."""
        return [
            record
            for record in records
            if {"yes", "no"}
            <= {one.label for one in {old.by: old for old in self.by_record.get(record, ())}.values()}
        ]

    def _take(self, one: Label | Outcome) -> None:
        if isinstance(one, Label):
            self.by_record.setdefault(one.record, []).append(one)
        else:
            self.outcomes.append(one)

    def _text(self) -> str:
        try:
            return self.path.read_text("utf-8") if self.path.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise LabelError(f"{self.path}: cannot be read: {error}; give another --file") from None
