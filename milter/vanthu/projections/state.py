"""The steward's own memory on this node: ``state.db`` (SQLite, WAL) with cursors, metric values and the outbox.

Whatever a projection keeps here is committed in one transaction with its cursor, so that each record counts exactly
once however the steward ends. A connection belongs to the thread that opened it. Raises sqlite3.Error.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from ..journal.cursor import Cursor, from_text, to_text

FILE = "state.db"

T = TypeVar("T")

# One entry a version; the file's version is PRAGMA user_version. Never change an entry that was released.
_STEPS = (
    """
    CREATE TABLE cursors (
        projection TEXT, file TEXT, place TEXT NOT NULL, PRIMARY KEY (projection, file)
    ) WITHOUT ROWID;
    CREATE TABLE metrics (name TEXT, labels TEXT, value REAL NOT NULL, PRIMARY KEY (name, labels)) WITHOUT ROWID;
    CREATE TABLE notices (
        message_id TEXT PRIMARY KEY, kind TEXT NOT NULL, target TEXT NOT NULL, mail BLOB NOT NULL,
        due REAL NOT NULL, made REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE INDEX notices_due ON notices (due);
    CREATE TABLE windows (
        kind TEXT, target TEXT, rule TEXT, until REAL NOT NULL, PRIMARY KEY (kind, target, rule)
    ) WITHOUT ROWID;
    CREATE TABLE digests (
        kind TEXT, target TEXT, record TEXT, entry TEXT NOT NULL, due REAL NOT NULL,
        PRIMARY KEY (kind, target, record)
    ) WITHOUT ROWID;
    """,
    # Keyed hashes; times are seconds since 1970.
    """
    CREATE TABLE correspondence_pairs (
        pair INTEGER PRIMARY KEY, first REAL NOT NULL, outside_first INTEGER NOT NULL, last REAL NOT NULL
    );
    CREATE TABLE correspondence_messages (message INTEGER PRIMARY KEY, seen REAL NOT NULL);
    """,
    # What senders gave as a reason for mail that a challenge stopped, until its month is told to the agency.
    """
    CREATE TABLE justifications (
        month TEXT, agency TEXT, record TEXT, entry TEXT NOT NULL, PRIMARY KEY (month, agency, record)
    ) WITHOUT ROWID;
    """,
)


class State:
    """One connection to state.db; the file and its tables are made where they are missing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(folder / FILE, timeout=5.0, isolation_level=None)
        try:
            # NORMAL may lose the last commits in a power failure, but data and cursor together: they are read again.
            self.connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
            self._migrate()
        except BaseException:
            self.connection.close()
            raise

    @classmethod
    def asked(cls, folder: Path, question: Callable[[State], T]) -> T | None:
        """An answer over a connection of its own, for threads that ask now and then; None if it fails."""
        try:
            state = cls(folder)
            try:
                return question(state)
            finally:
                state.close()
        except (sqlite3.Error, OSError):
            return None

    def close(self) -> None:
        """Ends the connection."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what happens inside."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def cursor(self, projection: str) -> Cursor:
        """Where a projection stands."""
        rows = self.connection.execute("SELECT file, place FROM cursors WHERE projection = ?", (projection,))
        return {file: from_text(place) for file, place in rows}

    def advance(self, projection: str, before: Cursor, after: Cursor) -> None:
        """Moves a cursor; call it inside the transaction of the data."""
        gone = [(projection, file) for file in before if file not in after]
        moved = [(projection, file, to_text(place)) for file, place in after.items() if before.get(file) != place]
        self.connection.executemany("DELETE FROM cursors WHERE projection = ? AND file = ?", gone)
        self.connection.executemany("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)", moved)

    def values(self) -> Iterator[tuple[str, str, float]]:
        """Every metric value: name, labels as text, value."""
        yield from self.connection.execute("SELECT name, labels, value FROM metrics")

    def put_values(self, values: Mapping[tuple[str, str], float]) -> None:
        """Stores metric values; call it inside the transaction of the cursor."""
        self.connection.executemany(
            "INSERT OR REPLACE INTO metrics VALUES (?, ?, ?)", [(*key, value) for key, value in values.items()]
        )

    def _migrate(self) -> None:
        with self.transaction() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > len(_STEPS):
                raise sqlite3.DatabaseError(f"{FILE} was made by a newer vanthu (version {version})")
            for step in _STEPS[version:]:
                # Not executescript: it would commit the transaction first.
                for statement in filter(str.strip, step.split(";")):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(_STEPS)}")
