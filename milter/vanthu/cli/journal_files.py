"""Where commands find the journal, and how they read it to its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import UsageError
from ..journal.batch import Batch
from ..journal.cursor import Cursor
from ..journal.reader import Reader
from ..settings.load import Loaded


def folder_of(loaded: Loaded) -> Path:
    """The folder of the journal; UsageError where it is not there or may not be read."""
    folder = loaded.settings.journal.path
    if not folder.is_dir():
        raise UsageError(f"{folder}: no journal there; check journal.path in the settings")
    try:
        next(folder.iterdir(), None)
    except PermissionError:
        raise UsageError(f"{folder}: you may not read the journal; ask as root or as vanthu's own user") from None
    return folder


def rest(reader: Reader, cursor: Cursor) -> Iterator[Batch]:
    """Batches until there is nothing more to read."""
    complete = False
    while not complete:
        batch = reader.read(cursor)
        cursor, complete = batch.cursor, batch.complete
        yield batch
