"""Notes in the journal that somebody looked at what persons did (kind ``lookup``), before he is shown anything.

Who it was is what the kernel and sudo know. JournalError where the line cannot be written: then nothing is shown.
"""

from __future__ import annotations

import socket
from datetime import UTC, datetime

from ..journal.record import Record
from ..journal.writer import Writer
from ..postfix.ledger import as_owner
from ..postfix.persons import person
from ..settings.load import Loaded


def note(loaded: Loaded, what: str, why: str, **details: str) -> None:
    """One line: ``what`` is the command, ``why`` what the person said."""
    settings = loaded.settings
    with as_owner(settings.journal.path):
        writer = Writer(settings.journal.path, settings.node or socket.gethostname())
        told = {"what": what, "by": person(), "why": why, **details}
        try:
            writer.append(
                Record(kind="lookup", id=writer.ids.new(), time=datetime.now(UTC), node=writer.node, details=told)
            )
        finally:
            writer.close()
