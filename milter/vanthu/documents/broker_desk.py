"""Who asked for what, what is known, and who is told: the broker without its processes.

Times are monotonic seconds.
"""

from __future__ import annotations

import itertools
import socket
from collections import Counter
from dataclasses import dataclass, field

from . import cache, wire
from .broker_job import Outcome
from .broker_plan import Plan
from .broker_queue import Queue, Work
from .cache import Cache, Entry
from .wire import Answer

MOST_WORKS = 2000
MOST_ANSWERED = 16 << 20


@dataclass(slots=True, eq=False)
class Enquirer:
    """One connection, and what is still open of its enquiry."""

    connection: socket.socket
    until: float = float("inf")
    items: tuple[wire.Item, ...] = ()
    answers: dict[int, Answer] = field(default_factory=dict)
    wanted: set[int] = field(default_factory=set)
    waits_for: dict[int, Work[Enquirer]] = field(default_factory=dict)
    bytes: int = 0

    def resolve(self, index: int, answer: Answer) -> None:
        """One answer more; past ``MOST_ANSWERED`` bytes for one mail, it is that there is too much."""
        size = len(answer.payload) if answer.payload is not None else 0
        if self.bytes + size > MOST_ANSWERED:
            answer = Answer("failed", "too_large")
        else:
            self.bytes += size
        self.answers[index] = answer


class Desk:
    """``counts`` is shared with the broker: enquiries, documents, cached, joined, refused, read, ocr, failed."""

    def __init__(self, plan: Plan, made_by: bytes, counts: Counter[str]) -> None:
        self._limits = plan.limits
        self._made_by = made_by
        self._cache = Cache(plan.cache_bytes)
        self._counts = counts
        self._numbers = itertools.count(1)
        self.queue: Queue[Enquirer] = Queue(plan.children, plan.queue_bytes, MOST_WORKS)
        self.enquiries: dict[socket.socket, Enquirer] = {}

    def number(self) -> int:
        """A number for a job."""
        return next(self._numbers)

    def gauges(self) -> dict[str, int]:
        """How much there is of everything."""
        return {
            "cache_entries": len(self._cache),
            "cache_bytes": self._cache.bytes,
            "in_hand": len(self.queue),
            "in_hand_bytes": self.queue.bytes,
            "waiting": self.queue.waiting(),
            "running": self.queue.running,
            "connections": len(self.enquiries),
        }

    # What workers say.

    def open(self, connection: socket.socket) -> None:
        self.enquiries[connection] = Enquirer(connection)

    def close(self, connection: socket.socket) -> None:
        """Nobody waits for his documents any more; those in hand are read all the same."""
        one = self.enquiries.pop(connection)
        for index, work in one.waits_for.items():
            work.waiters.discard((one, index))

    def enquire(self, connection: socket.socket, asked: wire.Enquiry, now: float) -> None:
        """Answers what is known, and says what has to be handed over. Raises WireError, OSError."""
        one = self.enquiries[connection]
        if one.items or len(asked.items) > wire.MOST_ITEMS:
            raise wire.WireError("one enquiry a connection, and a bounded one")
        self._counts["enquiries"] += 1
        self._counts["documents"] += len(asked.items)
        one.items, one.until = asked.items, asked.until
        for index, item in enumerate(asked.items):
            if item.size > self._limits.max_size:
                one.resolve(index, Answer("failed", "too_large"))
            elif not self._known(one, index, self._key(item), now):
                one.wanted.add(index)
        if not self._complete(one):
            wire.send(connection, wire.Wanted(tuple(sorted(one.wanted))))

    def deliver(self, connection: socket.socket, said: wire.Content, descriptor: int | None, now: float) -> None:
        """Takes a document in hand. Raises WireError."""
        one = self.enquiries[connection]
        if descriptor is None:
            raise wire.WireError("a content without its file")
        try:
            size = wire.sealed_size(descriptor)
            if said.index not in one.wanted or size != one.items[said.index].size:
                raise wire.WireError("a content that nobody wanted")
        except wire.WireError:
            wire.close(descriptor)
            raise
        one.wanted.remove(said.index)
        item = one.items[said.index]
        key = self._key(item)
        if self._known(one, said.index, key, now):  # somebody else has been faster
            wire.close(descriptor)
        else:
            self._admit(one, said.index, Work(key, item.name, size, descriptor, said.index, signature=item.signature))
        self._complete(one)

    def _key(self, item: wire.Item) -> bytes:
        return cache.key(item.sha256, item.name, self._made_by, item.signature)

    def _known(self, one: Enquirer, index: int, key: bytes, now: float) -> bool:
        """Answers from the cache, or joins those who wait."""
        entry = self._cache.get(key, now)
        if entry is not None:
            self._counts["cached"] += 1
            one.resolve(index, Answer("cached", entry.reason, entry.payload))
            return True
        work = self.queue.find(key)
        if work is None:
            return False
        self._counts["joined"] += 1
        self._join(one, index, work)
        return True

    def _join(self, one: Enquirer, index: int, work: Work[Enquirer]) -> None:
        work.waiters.add((one, index))
        one.waits_for[index] = work

    def _admit(self, one: Enquirer, index: int, work: Work[Enquirer]) -> None:
        dropped = self.queue.admit(work)
        if dropped is None:
            self._counts["refused"] += 1
            wire.close(work.content)
            one.resolve(index, Answer("failed", "unavailable"))
            return
        for other in dropped:
            self._counts["dropped"] += 1
            wire.close(other.content)
        self._join(one, index, work)

    # What children say.

    def finish(self, work: Work[Enquirer], outcome: Outcome, now: float) -> None:
        """A child has ended: its document is known, or goes on to OCR, or cannot be read."""
        self.queue.stopped(work)
        if outcome.failure is None and outcome.pictures and work.stage == "text":
            self.queue.set_back(work, outcome.payload)
            return
        self.queue.done(work)
        wire.close(work.content)
        if outcome.failure is None:
            until = now + cache.FAILURE_SECONDS if outcome.passing else None
            answer, entry = Answer("read", None, outcome.payload), Entry(outcome.payload, None, until)
        else:
            self._counts[f"failed_{outcome.failure}"] += 1
            answer = Answer("failed", outcome.failure, work.partial)
            entry = Entry(work.partial, outcome.failure, now + cache.FAILURE_SECONDS)
        self._cache.put(work.key, entry)
        for one, index in work.waiters:
            del one.waits_for[index]
            one.resolve(index, answer)
            self._complete(one)

    # Answers.

    def next_deadline(self) -> float:
        """When somebody has to be told, whatever is known by then."""
        return min((one.until for one in self.enquiries.values()), default=float("inf"))

    def expire(self, now: float) -> None:
        """Tells those whose time is up what there is."""
        for one in [one for one in self.enquiries.values() if one.until <= now]:
            for index, work in one.waits_for.items():
                work.waiters.discard((one, index))
                one.resolve(index, work.now())
            for index in one.wanted:
                one.resolve(index, Answer("failed", "unavailable"))
            one.waits_for.clear()
            one.wanted.clear()
            self._complete(one)

    def _complete(self, one: Enquirer) -> bool:
        """Sends the answers when there are all of them. Somebody who has hung up is noticed elsewhere."""
        if len(one.answers) < len(one.items):
            return False
        one.until = float("inf")
        try:
            wire.send_answers(one.connection, [one.answers[index] for index in range(len(one.items))])
        except OSError:
            self._counts["unheard"] += 1
        return True
