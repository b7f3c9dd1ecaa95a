"""Correspondence as a projection of the journal: who of the outside wrote to an official mailbox, and who began.

From each mail that was let through:

- inbound: everybody outside who wrote (From; the envelope sender where there is none) and each official recipient
  are a pair, and so are he and the recipient's agency; the Message-ID is kept for both. Bounces (null sender) and
  mail that claims to come from an office are no letters from outside.
- outbound: the sender's mailbox, and its agency, and each recipient who is no office are a pair.

Which mail was first is judged by its own time, so the order in which files are read does not matter. Everything is
keyed hashes (``correspondents``); a pair is forgotten ``days`` after its last mail, a Message-ID ``days`` after it
came. State lies in state.db with the cursor. Raises sqlite3.Error and OSError.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..facts.conversation import mailbox, message_id
from ..facts.model import Facts, Recipient
from ..journal.batch import Batch
from ..journal.cursor import Cursor
from ..journal.record import Record
from . import correspondents
from .correspondents import BASE, HOUR, NEW, RECENT, Keys, packed
from .state import State

_OFFICES = ("official", "government")
_LEFT_OUT = ("strip", "challenge", "reject")  # such a recipient never got the mail
_PAUSE = 5.0  # seconds between two renewals while there is more to read
_NEW = 20_000  # entries of the file NEW after which they move to RECENT …
_RECENT = 500_000  # … and of RECENT after which everything is written anew
_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Met:
    """One mail between somebody of ours (a mailbox or an agency) and somebody outside."""

    ours: str
    outside: str
    from_outside: bool
    message_id: str | None = None


def meetings(record: Record) -> Iterator[Met]:
    """What a record says of who wrote to whom."""
    facts, decision = record.facts, record.decision
    if record.kind != "message" or facts is None or decision is None:
        return
    got = [
        one for one, verdict in zip(facts.recipients, decision.recipients, strict=False) if verdict not in _LEFT_OUT
    ]
    if facts.direction == "inbound":
        yield from _inbound(facts, got, message_id(record.message_id))
    elif facts.direction == "outbound":
        yield from _outbound(facts, got)


def _inbound(facts: Facts, got: list[Recipient], identifier: str | None) -> Iterator[Met]:
    sender = facts.sender
    outside = sender.from_ or sender.address
    if not sender.address or "@" not in outside or sender.class_ in _OFFICES:
        return
    for one in got:
        if one.class_ == "official":
            for ours in filter(None, (one.address, one.agency)):
                yield Met(ours, outside, True, identifier)


def _outbound(facts: Facts, got: list[Recipient]) -> Iterator[Met]:
    wrote = mailbox(facts.sender.address, facts.login, facts.sender.from_)
    for one in got:
        if one.class_ not in _OFFICES and "@" in one.address:
            for ours in filter(None, (wrote, facts.sender.agency)):
                yield Met(ours, one.address, False)


@dataclass(slots=True)
class _Layer:
    """What one of the smaller files of the snapshot holds."""

    pairs: dict[int, int] = field(default_factory=dict)
    messages: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.pairs) + len(self.messages)

    def absorb(self, newer: _Layer) -> None:
        self.pairs.update(newer.pairs)
        self.messages |= newer.messages

    def write(self, path: Path) -> None:
        correspondents.write(path, sorted(self.pairs.items()), sorted(self.messages), sync=False)


class Correspondence:
    """The projection; it writes the snapshot into ``folder`` and has it ready from the start."""

    name = "correspondence"

    def __init__(
        self, state: State, folder: Path, keys: Keys, days: int, now: Callable[[], float] = time.time
    ) -> None:
        self._state = state
        self._folder = folder
        self._keys = keys
        self._keep = days * _A_DAY
        self._now = now
        self._new, self._recent = _Layer(), _Layer()  # what the files of that name hold
        self._owing = False  # the snapshot does not say yet what the tables say
        self._merged = self._written = now()
        self._merge()

    def cursor(self) -> Cursor:
        """Where it stands."""
        return self._state.cursor(self.name)

    def take(self, batch: Batch, before: Cursor) -> None:
        """Notes who met whom, commits that with the cursor, and renews the snapshot."""
        with self._state.transaction():
            noted = self._note(batch)
            self._state.advance(self.name, before, batch.cursor)
        self._new.absorb(noted)
        self._owing = self._owing or len(noted) > 0
        now = self._now()
        # While it catches up, what is written is out of date at once: every few seconds is often enough.
        if self._owing and (batch.complete or now >= self._written + _PAUSE):
            self._renew(now)

    def _renew(self, now: float) -> None:
        if now > self._merged + _A_DAY or len(self._new) + len(self._recent) > _RECENT:
            self._merge()
        elif len(self._new) > _NEW:
            self._recent.absorb(self._new)
            self._recent.write(self._folder / RECENT)
            self._new = _Layer()
        self._new.write(self._folder / NEW)
        self._owing = False
        self._written = self._now()

    def _note(self, batch: Batch) -> _Layer:
        """Writes the meetings of a batch to the tables; what the snapshot is to say of them now."""
        noted = _Layer()
        limit = self._now() - self._keep
        for record in batch.records:
            moment = record.time.timestamp()
            if moment < limit:
                continue
            for met in meetings(record):
                pair = self._keys.pair(met.ours, met.outside)
                noted.pairs[pair] = self._meet(pair, moment, met.from_outside)
                if met.message_id is not None:
                    number = self._keys.message(met.message_id, met.outside, met.ours)
                    self._state.connection.execute(_SENT, (number, moment))
                    noted.messages.add(number)
        return noted

    def _meet(self, pair: int, moment: float, from_outside: bool) -> int:
        row = (pair, moment, from_outside, moment)
        ((outside_first, last),) = self._state.connection.execute(_MET, row).fetchall()
        return packed(outside_first, last)

    def _merge(self) -> None:
        """Forgets what is too old and writes the whole snapshot."""
        limit = self._now() - self._keep
        with self._state.transaction() as connection:
            connection.execute("DELETE FROM correspondence_pairs WHERE last < ?", (limit,))
            connection.execute("DELETE FROM correspondence_messages WHERE seen < ?", (limit,))
        ask = self._state.connection.execute
        correspondents.write(
            self._folder / BASE,
            ask(_PACKED, (HOUR,)),
            (number for (number,) in ask("SELECT message FROM correspondence_messages ORDER BY message")),
            sync=True,
        )
        self._new, self._recent = _Layer(), _Layer()
        self._recent.write(self._folder / RECENT)
        self._new.write(self._folder / NEW)
        self._merged = self._now()


def forget(state: State, folder: Path) -> None:
    """Deletes all that is kept, snapshot and place in the journal included."""
    correspondents.withdraw(folder)
    with state.transaction() as connection:
        connection.execute("DELETE FROM correspondence_pairs")
        connection.execute("DELETE FROM correspondence_messages")
        state.advance(Correspondence.name, state.cursor(Correspondence.name), {})


_PACKED = """
    SELECT pair, CAST(last / ? AS INTEGER) << 1 | outside_first FROM correspondence_pairs ORDER BY pair
"""  # correspondents.packed, a hundred thousand times
_MET = """
    INSERT INTO correspondence_pairs (pair, first, outside_first, last) VALUES (?, ?, ?, ?)
    ON CONFLICT (pair) DO UPDATE SET
        outside_first = iif(excluded.first < first, excluded.outside_first, outside_first),
        first = min(first, excluded.first),
        last = max(last, excluded.last)
    RETURNING outside_first, last
"""
_SENT = """
    INSERT INTO correspondence_messages (message, seen) VALUES (?, ?)
    ON CONFLICT (message) DO UPDATE SET seen = max(seen, excluded.seen)
"""
