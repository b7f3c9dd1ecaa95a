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
from collections import Counter
from collections.abc import Iterator

from .ledger import Books, Finding, FindingKind, Promise

_REFERENCE = re.compile(r"\[ref (\w+)\]")
_STOPPED = ("reject", "hold", "challenge")
_Raw = tuple[FindingKind, str | None, str | None, str]


def findings(books: Books) -> list[Finding]:
    """Everything that is not right; empty when the books are clean."""
    found = [Finding(kind, key, text, books.story(key, queue)) for kind, key, queue, text in _judge(books)]
    return found + list(_sums(books))


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
