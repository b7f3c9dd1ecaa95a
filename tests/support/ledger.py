"""The books: what everybody wrote down about each mail, in one form that can be compared (accountant.py). Values.

``Promise`` says what must become of a mail, ``Try`` (load.py) what a client was told, ``Entry`` (postfix_log.py) what
Postfix did, ``Arrival`` what the far end got, ``Written`` what stands in our journal.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from .load import Try
from .postfix_log import Entry
from .sink import Delivery

Fate = Literal["pass", "hold", "reject"]
FindingKind = Literal["lost", "unfiltered", "doubled", "untold", "books"]

_KEY = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_MARK = re.compile(rb"^X-Vanthu: [a-z]+; id=(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Promise:
    """What must become of a mail: who has to get it, who must never, whether it bears our mark on arrival."""

    fate: Fate
    recipients: frozenset[str]
    never: frozenset[str] = frozenset()
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """One copy at the far end; ``mark`` is the record that its header names."""

    key: str | None
    queue_id: str | None
    recipients: frozenset[str]
    mark: str | None
    time: float

    @classmethod
    def of(cls, delivery: Delivery) -> Arrival:
        """What the books need to know of a delivery."""
        head = delivery.raw.partition(b"\r\n\r\n")[0]
        key, mark = _KEY.search(head), _MARK.search(head)
        return cls(
            key[1].decode() if key else None,
            delivery.queue_id,
            frozenset(one.decode().lower() for one in delivery.recipients),
            mark[1].decode() if mark else None,
            delivery.time,
        )


@dataclass(frozen=True, slots=True)
class Written:
    """One line of the journal, of kind ``message`` or ``failure``."""

    id: str
    kind: str
    queue_id: str | None
    verdict: str | None
    reason: str | None
    time: str

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> Written:
        """What the books need to know of a line."""
        decision = line.get("decision")
        return cls(
            line["id"], line["kind"], line["queue_id"], decision["verdict"] if decision else None,
            line["details"].get("reason"), line["time"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not right, and the whole story of its mail."""

    kind: FindingKind
    key: str | None
    text: str
    story: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.key or ''} {self.text}\n{self.story}".rstrip()


@dataclass(frozen=True)
class Books:
    """Everything that was written down by anybody. ``held``: queue ids in the hold queue; ``stored``: ids of message
    records in the store, each as often as it stands there."""

    promises: Mapping[str, Promise]
    tries: Iterable[Try]
    postfix: Mapping[str, Entry]
    held: frozenset[str]
    arrivals: Iterable[Arrival]
    journal: Iterable[Written]
    stored: Counter[str] | None = None

    @cached_property
    def told(self) -> dict[str, list[Try]]:
        """Tries by mail, in order."""
        found: dict[str, list[Try]] = defaultdict(list)
        for one in sorted(self.tries, key=lambda one: one.ended):
            found[one.key].append(one)
        return found

    @cached_property
    def accepted(self) -> dict[str, str]:
        """Queue id to mail, of what clients were told is taken."""
        return {
            one.reply.queue_id: one.key
            for one in self.tries
            if one.reply.code == 250 and one.reply.queue_id is not None
        }

    @cached_property
    def messages(self) -> dict[str | None, list[Written]]:
        """Message records by queue id."""
        found: dict[str | None, list[Written]] = defaultdict(list)
        for one in self.journal:
            if one.kind == "message":
                found[one.queue_id].append(one)
        return found

    @cached_property
    def unreadable(self) -> set[str | None]:
        """Queue ids that were held because they broke us three times."""
        return {one.queue_id for one in self.journal if one.kind == "failure" and one.reason == "unreadable"}

    @cached_property
    def arrived(self) -> dict[str | None, list[Arrival]]:
        """Arrivals by queue id."""
        found: dict[str | None, list[Arrival]] = defaultdict(list)
        for one in self.arrivals:
            found[one.queue_id].append(one)
        return found

    def story(self, key: str | None, queue_id: str | None = None) -> str:
        """What each book says about one mail."""
        tries = self.told.get(key or "", ())
        ids = {name for name, entry in self.postfix.items() if key is not None and entry.key == key}
        ids |= {one.reply.queue_id for one in tries if one.reply.queue_id is not None}
        ids |= {queue_id} if queue_id is not None else set()
        lines = [f"  client  {_clock(one.ended)} {one.reply.code} {one.reply.text}" for one in tries]
        for name in sorted(ids):
            lines += [f"  postfix {line}" for line in (self.postfix[name].lines if name in self.postfix else ())]
            lines += [f"  held    {name}"] * (name in self.held)
            lines += [f"  journal {one}" for one in self.journal if one.queue_id == name]
            lines += [f"  sink    {_clock(one.time)} {one}" for one in self.arrived.get(name, ())]
        return "\n".join(lines)


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H:%M:%S.%f")[:-3]
