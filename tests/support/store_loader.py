"""Loads a journal into a store until nothing is left, as a process that a test may kill: URL, journal, node."""

from __future__ import annotations

import sys
from pathlib import Path

from vanthu.journal.reader import Reader
from vanthu.projections.store import Store


def load(url: str, journal: Path, node: str, batch: int = 1000) -> None:
    """What the steward does, without its pauses."""
    store = Store(url, node, lambda text: sys.exit(f"unexpected: {text}"))
    reader = Reader(journal)
    complete = False
    while not complete:
        cursor = store.cursor()
        found = reader.read(cursor, batch)
        store.take(found, cursor)
        complete = found.complete
    store.close()


if __name__ == "__main__":
    load(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
