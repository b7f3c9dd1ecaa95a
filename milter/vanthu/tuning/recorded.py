"""Finds one record in the journal folder by its id, without decoding the others."""

from __future__ import annotations

from pathlib import Path

from ..journal.lines import decode, whole_lines
from ..journal.reader import SUFFIX
from ..journal.record import Record


def find(folder: Path, record_id: str) -> Record | None:
    """The record of that id, newest file first; None where no file has it. OSError where a file cannot be read."""
    wanted = record_id.encode("utf-8", "replace")
    for path in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
        for _, line in whole_lines(path, 0):
            if wanted in line and (record := decode(line)) is not None and record.id == record_id:
                return record
    return None
