"""Notes that commands leave in the journal: that somebody looked at what persons did (kind ``lookup``), before he is
shown anything, and what he found of a reported false alarm (kind ``review``).

Who it was is what the kernel and sudo know. JournalError where the line cannot be written: then nothing is shown.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import click

from ..errors import JournalError
from ..journal.record import Kind, Record
from ..journal.writer import Writer
from ..postfix.ledger import as_owner
from ..postfix.persons import person
from ..settings.load import Loaded
from ..tuning.labels import Answer, Label

_UPHELD: dict[Answer, bool | None] = {"yes": False, "no": True, "unsure": None}


def note(loaded: Loaded, what: str, why: str, **details: str) -> None:
    """One line: ``what`` is the command, ``why`` what the person said."""
    _write(loaded, "lookup", [{"what": what, "by": person(), "why": why, **details}])


def note_if_possible(loaded: Loaded, what: str, **details: str) -> None:
    """The same for what a postmaster needs when the disk is full too: he is told that it could not be noted."""
    try:
        note(loaded, what, "", **details)
    except JournalError as error:
        click.echo(f"this look-up is not in the journal: {error}", err=True)


def note_reviews(loaded: Loaded, rule: str, labels: Iterable[Label]) -> None:
    """One line for each label of a mail that its sender had called a false alarm of a rule; ``upheld`` says whether
    it was one (None: unsure)."""
    told: list[dict[str, object]] = [
        {"rule": rule, "record": one.record, "upheld": _UPHELD[one.label], "by": one.by, "login": one.login}
        for one in labels
    ]
    if told:
        _write(loaded, "review", told)


def _write(loaded: Loaded, kind: Kind, told: Iterable[Mapping[str, object]]) -> None:
    settings = loaded.settings
    with as_owner(settings.journal.path):
        writer = Writer(settings.journal.path, settings.node or socket.gethostname())
        try:
            for details in told:
                now = datetime.now(UTC)
                writer.append(
                    Record(kind=kind, id=writer.ids.new(), time=now, node=writer.node, details=dict(details))
                )
        finally:
            writer.close()
