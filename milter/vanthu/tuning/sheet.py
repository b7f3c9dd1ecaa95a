"""The sample of a review as a CSV sheet, out to be labelled in a spreadsheet and in again.

UTF-8 with the mark that Excel wants; text that a spreadsheet would take for a formula gets an apostrophe. Only the
columns ``record``, ``label``, ``by`` and ``note`` are read back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from ..errors import UsageError
from ..harmless import cell
from .drawing import Drawn
from .labels import Answer, Label, Labels

COLUMNS = ("record", "label", "by", "note", "why", "time", "sender", "recipients", "subject", "documents")
_WORDS: dict[str, Answer] = {
    "y": "yes", "yes": "yes", "đúng": "yes", "n": "no", "no": "no", "sai": "no", "?": "unsure", "unsure": "unsure",
}  # fmt: skip
_LONGEST = 300


def write(asked: Iterable[Drawn], labels: Labels) -> str:
    """The sheet; what is labelled already stands in it."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for one in asked:
        last, facts = labels.last(one.id), one.facts
        documents = ", ".join(
            f"{doc.kind or '?'} {doc.number or ''} {doc.score:.2f}" for doc in facts.official.documents
        )
        recipients = " ".join(recipient.address for recipient in facts.recipients)
        said = (last.label, last.by, last.note) if last else ("", "", "")
        about = (f"{facts.time:%Y-%m-%dT%H:%M:%SZ}", facts.sender.address, recipients, facts.subject or "", documents)
        rows.writerow([_cell(value) for value in (one.id, *said, one.stratum, *about)])
    return "\ufeff" + text.getvalue()


def read(text: str, asked: Iterable[Drawn], by: str, login: str, now: datetime) -> Iterator[Label]:
    """The labels of a sheet, without rows that say nothing; UsageError where a row cannot be meant."""
    known = {one.id for one in asked}
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_delimiter(text))
    if not {"record", "label"} <= set(rows.fieldnames or ()):
        raise UsageError("the sheet needs a first line with the columns record and label")
    for number, row in enumerate(rows, 2):
        said = (row["label"] or "").strip().lower()
        record = (row["record"] or "").strip().removeprefix("'")
        if not said:
            continue
        if said not in _WORDS:
            raise UsageError(f"line {number}: the label {said} is not known; write yes, no or ?")
        if record not in known:
            raise UsageError(f"line {number}: {record} is not in this sample; use the options of the export")
        yield Label(record, _WORDS[said], (row.get("by") or "").strip() or by, login, now, _note(row.get("note")))


def _note(text: str | None) -> str:
    return " ".join((text or "").split())[:_LONGEST]


def _delimiter(text: str) -> str:
    """Spreadsheets of some countries write semicolons."""
    head = text.splitlines()[0] if text else ""
    return ";" if head.count(";") > head.count(",") else ","


def _cell(value: str) -> str:
    return cell(" ".join(value.split())[:_LONGEST])
