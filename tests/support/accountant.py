"""The accountant: what clients were told, what Postfix queued, what arrived, and what journal and store hold must be
one story. Pure: books go in, findings come out; each finding brings what every book says about its mail.

- *lost*: a client was told 250, and somebody whom the mail was for does not have it, or nobody ever got an answer;
- *unfiltered*: mail that was taken or arrived without a record that says so, or against what policy says of it;
- *doubled*: a second copy, a second record, a record of a mail that was neither answered nor asked for again;
- *untold*: Postfix has a mail of which no client knows;
- *books*: journal, store or the damage found in them do not agree.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
_REFERENCE = re.compile(r"\[ref (\w+)\]")
_STOPPED = ("reject", "hold", "challenge")


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


def findings(books: Books) -> list[Finding]:
    """Everything that is not right; empty when the books are clean."""
    found = [Finding(kind, key, text, books.story(key, queue)) for kind, key, queue, text in _judge(books)]
    return found + list(_sums(books))


_Raw = tuple[FindingKind, str | None, str | None, str]


def _judge(books: Books) -> Iterator[_Raw]:
    for key, promise in books.promises.items():
        yield from _promise(books, key, promise)
    yield from _copies(books)
    yield from _records(books)
    for queue_id, entry in books.postfix.items():
        if (
            entry.queued
            and entry.key in books.promises
            and queue_id not in books.accepted
            and not _cut(books, entry.key)
        ):
            yield "untold", entry.key, queue_id, f"Postfix took {queue_id}, and no client was told"


def _promise(books: Books, key: str, promise: Promise) -> Iterator[_Raw]:
    """What clients were told of one mail, and what became of it."""
    tries = books.told.get(key, [])
    taken = [one.reply.queue_id for one in tries if one.reply.code == 250]
    refused = [one for one in tries if 500 <= one.reply.code < 600]
    if not taken and not refused:
        yield "lost", key, None, f"no answer for good after {len(tries)} tries"
    if len(taken) + len(refused) > 1:
        yield "doubled", key, None, "two answers for good"
    if refused and promise.fate != "reject":
        yield "lost", key, None, "refused, though nothing speaks against it"
    for queue_id in taken:
        if queue_id is None:
            yield "lost", key, None, "taken without a queue id"
            continue
        yield from _taken(books, key, queue_id, promise)


def _taken(books: Books, key: str, queue_id: str, promise: Promise) -> Iterator[_Raw]:
    records = books.messages.get(queue_id, [])
    if len(records) > 1:
        yield "doubled", key, queue_id, f"{len(records)} records of one mail"
    if not records:
        if queue_id in books.unreadable and queue_id in books.held:
            return
        yield "unfiltered", key, queue_id, "taken without a record"
        return
    verdict = records[0].verdict
    if promise.fate == "reject" or verdict == "reject":
        yield "unfiltered", key, queue_id, f"taken, verdict {verdict}"
    elif verdict in _STOPPED or promise.fate == "hold":
        if verdict not in _STOPPED:
            yield "unfiltered", key, queue_id, f"has to be held, verdict {verdict}"
        if queue_id not in books.held:
            yield "lost", key, queue_id, "has to be held, and is not in the hold queue"
    else:
        arrived = {recipient for copy in books.arrived.get(queue_id, ()) for recipient in copy.recipients}
        if missing := promise.recipients - arrived:
            yield "lost", key, queue_id, f"told 250, and never reached {', '.join(sorted(missing))}"


def _copies(books: Books) -> Iterator[_Raw]:
    """What arrived: each copy was promised, told, recorded, and is the only one."""
    had: Counter[tuple[str | None, str]] = Counter()
    for queue_id, copies in books.arrived.items():
        for copy in copies:
            promise = books.promises.get(copy.key or "")
            records = books.messages.get(queue_id, [])
            had.update((copy.key, recipient) for recipient in copy.recipients)
            if promise is None:
                yield "untold", copy.key, queue_id, "nobody sent this mail"
                continue
            if not records:
                yield "unfiltered", copy.key, queue_id, "arrived without a record"
            elif records[0].verdict in _STOPPED or promise.fate != "pass" or copy.recipients & promise.never:
                got = ", ".join(sorted(copy.recipients))
                yield "unfiltered", copy.key, queue_id, f"reached {got} against verdict {records[0].verdict}"
            elif promise.marked and copy.mark != records[0].id:
                yield "unfiltered", copy.key, queue_id, f"bears the mark {copy.mark}, its record is {records[0].id}"
    for (key, recipient), count in had.items():
        if count > 1 and not _cut(books, key):
            yield "doubled", key, None, f"{recipient} has it {count} times"


def _records(books: Books) -> Iterator[_Raw]:
    """A record without a mail that was taken: the client was told no, or to come again, and the log says so."""
    refusals = {
        reference
        for tries in books.told.values()
        for one in tries
        if one.reply.code >= 500
        for reference in _REFERENCE.findall(one.reply.text)
    }
    stopped = {one.id for records in books.messages.values() for one in records if one.verdict in _STOPPED}
    for reference in refusals - stopped:
        yield "unfiltered", None, None, f"a client was told no by record {reference}, which says nothing of it"
    for queue_id, records in books.messages.items():
        entry = books.postfix.get(queue_id or "")
        if queue_id in books.accepted:
            continue
        for record in records:
            deferred = entry is not None and (entry.deferred or (entry.queued and _cut(books, entry.key)))
            if record.id not in refusals and not deferred:
                key = entry.key if entry is not None else None
                yield "doubled", key, queue_id, f"record {record.id} is of no mail, and no 451 is logged for it"


def _sums(books: Books) -> Iterator[Finding]:
    ids = Counter(one.id for one in books.journal)
    for name, count in ids.items():
        if count > 1:
            yield Finding("doubled", None, f"the journal has record {name} {count} times")
    if books.stored is None:
        return
    right = Counter(one.id for one in books.journal if one.kind == "message")
    for name in sorted(right.keys() | books.stored.keys()):
        if right[name] != books.stored[name]:
            yield Finding(
                "books", None, f"record {name}: journal {right[name]} times, store {books.stored[name]} times"
            )


def _cut(books: Books, key: str | None) -> bool:
    """Whether a connection of this mail broke, so that its client does not know what became of that try."""
    return any(one.reply.code == 0 for one in books.told.get(key or "", ()))


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H:%M:%S.%f")[:-3]
