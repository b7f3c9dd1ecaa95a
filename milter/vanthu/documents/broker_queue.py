"""The table of work in flight, and who is next: values and no sockets.

Text comes before OCR, what a mail waits for before what nobody waits for any more, and the first attachment of each
mail before the second of any: a mail with two hundred attachments delays nobody else's first. OCR takes at most
half of the children. What nobody waits for is read all the same, if there is time: its next copy finds it in the
cache.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from .wire import Answer

W = TypeVar("W")


@dataclass(slots=True, eq=False)
class Work(Generic[W]):
    """One document in hand. ``content`` is the descriptor of its sealed memory file, ``partial`` what was read
    without OCR, ``waiters`` who wants to know, each with the number that he knows it by."""

    key: bytes
    name: str | None
    size: int
    content: int
    position: int
    stage: Literal["text", "ocr"] = "text"
    partial: bytes | None = None
    signature: int = 0
    waiters: set[tuple[W, int]] = field(default_factory=set)

    def now(self) -> Answer:
        """What can be said of it before it is done: late, with what there is."""
        return Answer("late", "timeout", self.partial)


class Queue(Generic[W]):
    """Everything in hand: waiting or running. ``children`` is how many may run at once."""

    def __init__(self, children: int, most_bytes: int, most_works: int) -> None:
        self._children = children
        self._most_ocr = max(1, children // 2)
        self._most_bytes = most_bytes
        self._most_works = most_works
        self._works: dict[bytes, Work[W]] = {}
        self._waiting: dict[str, list[tuple[int, int, Work[W]]]] = {"text": [], "ocr": []}
        self._running: dict[str, int] = {"text": 0, "ocr": 0}
        self._order = itertools.count()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._works)

    @property
    def running(self) -> int:
        """How many children are at work."""
        return self._running["text"] + self._running["ocr"]

    def waiting(self) -> int:
        """How many documents wait for a child."""
        return len(self._waiting["text"]) + len(self._waiting["ocr"])

    def find(self, key: bytes) -> Work[W] | None:
        """The work on a document, if it is in hand."""
        return self._works.get(key)

    def admit(self, work: Work[W]) -> list[Work[W]] | None:
        """Takes a document in hand. Returns whom it had to drop to make room (works that nobody waits for; their
        descriptors are the caller's again), or None when there is no room."""
        dropped: list[Work[W]] = []
        while len(self._works) >= self._most_works or (self.bytes and self.bytes + work.size > self._most_bytes):
            forgotten = self._forgotten()
            if forgotten is None:
                if not dropped:
                    return None
                break
            self.done(forgotten)
            dropped.append(forgotten)
        self._works[work.key] = work
        self.bytes += work.size
        self.wait(work)
        return dropped

    def wait(self, work: Work[W]) -> None:
        """Puts a document into the line of its stage."""
        heapq.heappush(self._waiting[work.stage], (work.position, next(self._order), work))

    def set_back(self, work: Work[W], partial: bytes) -> None:
        """Puts a document that was read without OCR into the line for it; what was read counts as in hand."""
        work.stage, work.partial = "ocr", partial
        work.size += len(partial)
        self.bytes += len(partial)
        self.wait(work)

    def take(self) -> Work[W] | None:
        """The document that a child may begin with now; None when all children are busy or nothing waits."""
        if self.running >= self._children:
            return None
        stages = ["text", "ocr"] if self._running["ocr"] < self._most_ocr else ["text"]
        for wanted in (True, False):
            for stage in stages:
                found = self._pop(stage, wanted)
                if found is not None:
                    self._running[stage] += 1
                    return found
        return None

    def stopped(self, work: Work[W]) -> None:
        """Its child has ended."""
        self._running[work.stage] -= 1

    def done(self, work: Work[W]) -> None:
        """It leaves the table."""
        del self._works[work.key]
        self.bytes -= work.size

    def _pop(self, stage: str, wanted: bool) -> Work[W] | None:
        """The first in line that somebody waits for, or the first at all."""
        line = self._waiting[stage]
        if not line:
            return None
        if not wanted or line[0][2].waiters:
            return heapq.heappop(line)[2]
        best = min((entry for entry in line if entry[2].waiters), default=None, key=lambda entry: entry[:2])
        if best is None:
            return None
        line.remove(best)
        heapq.heapify(line)
        return best[2]

    def _forgotten(self) -> Work[W] | None:
        """The oldest in line that nobody waits for, taken out of it."""
        for line in self._waiting.values():
            for entry in sorted(line, key=lambda entry: entry[1]):
                if not entry[2].waiters:
                    line.remove(entry)
                    heapq.heapify(line)
                    return entry[2]
        return None
