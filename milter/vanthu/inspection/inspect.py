"""The one imperative function of the mail path: from a sealed transaction to the answer that Postfix gets.

    seal -> hop before -> parse -> ask (documents, DNS, correspondence) -> gather -> decide -> append -> answer

Everything that can fail here ends in a value: a temporary failure when the journal cannot be written or when
something happens that nobody foresaw, a hold when the same mail did that three times.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..errors import JournalError
from ..facts.asked import Asked
from ..facts.exchangers import to_ask
from ..facts.gather import gather
from ..facts.model import Facts
from ..journal.record import Record
from ..mail.envelope import Envelope
from ..mail.message import Message
from ..mail.parse import parse
from ..mail.transaction import Transaction
from ..policy.decide import decide
from ..policy.decision import Decision
from . import dns, documents, hops
from .answer import Answer, temporary_failure
from .attempts import Attempts
from .correspondence import Correspondence
from .documents import Busy, Documents
from .effects import HEADER, carry_out, forged
from .hops import Arrival
from .quota import HoldQuota
from .relaxing import Relaxing
from .snapshot import Snapshot
from .suspects import STRIKES, InHand, Suspects


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker has at hand, beside the snapshot. ``append`` returns when the record is durable."""

    append: Callable[[Record], None]
    new_id: Callable[[], str]
    now: Callable[[], datetime]
    in_hand: InHand
    suspects: Suspects
    quota: HoldQuota
    attempts: Attempts
    relaxing: Relaxing
    documents: Documents
    dns: dns.Dns
    correspondence: Correspondence
    report: Callable[[str, str | None, BaseException], None]  # what, queue id, exception


def inspect(
    transaction: Transaction, envelope: Envelope, snapshot: Snapshot, tools: Tools, can_hold: bool, until: float
) -> Answer:
    """The answer for one mail. Never raises; never lets a mail through unjudged, unless settings say so.

    Mail from outside (hop ``inbound``) is the exception: it is counted, not stopped, so what cannot be judged comes
    in all the same; ``reason`` says why. ``until`` (monotonic seconds) is when all that is asked has to be known.
    """
    answer = _inspect(transaction, envelope, snapshot, tools, can_hold, until)
    if answer.kind == "tempfail" and envelope.hop == "inbound":
        edits = forged([name.decode("ascii", "replace") for name, _ in transaction.fields])
        return Answer("accept", edits=edits, record_id=answer.record_id, reason=answer.reason)
    return answer


def _inspect(
    transaction: Transaction, envelope: Envelope, snapshot: Snapshot, tools: Tools, can_hold: bool, until: float
) -> Answer:
    snapshot = tools.relaxing.snapshot(snapshot, envelope.time)
    if transaction.refused is not None:
        return _failed(transaction.refused, envelope, snapshot, tools)
    fingerprint = transaction.fingerprint()
    strikes = tools.suspects.strikes(fingerprint)
    if strikes >= STRIKES:
        return _unreadable(fingerprint, transaction, envelope, snapshot, tools, can_hold)
    slot = tools.in_hand.take(fingerprint)
    try:
        answer = _judge(transaction, envelope, snapshot, tools, can_hold, until)
        if strikes and answer.kind != "tempfail":
            tools.suspects.clear(fingerprint)  # it was not the mail that broke us
        return answer
    except Busy:
        return _failed("busy", envelope, snapshot, tools)
    except Exception as error:
        tools.suspects.mark(fingerprint)
        tools.report("exception", envelope.queue_id, error)
        return _failed("exception", envelope, snapshot, tools)
    finally:
        tools.in_hand.drop(slot)


def _judge(
    transaction: Transaction, envelope: Envelope, snapshot: Snapshot, tools: Tools, can_hold: bool, until: float
) -> Answer:
    watch = _Watch()
    raw = transaction.raw()
    arrival = hops.arrive(transaction, envelope, raw, snapshot.hop_keys, snapshot.settings.egress.days)
    if arrival.seen and len(arrival.seen) == len(envelope.recipients):
        return _passed(arrival, transaction, envelope, snapshot, tools)
    received, envelope = envelope, arrival.left(envelope)
    watch.lap("seal")
    message = parse(raw, snapshot.limits)
    watch.lap("parse")
    asking = tools.dns.ask(to_ask(envelope, snapshot.house.providers), until, outside=envelope.origin == "outside")
    found = documents.NOTHING
    if message.attachments:
        found = tools.documents.ask(message, until)
        watch.lap("documents")
    said = dns.NOTHING
    if asking is not None:
        said = asking.found()
        watch.lap("dns")
    asked = Asked(said.answers, tools.correspondence.current())
    facts = gather(message, envelope, snapshot.house, found.extracted, asked=asked)
    facts, guessing = tools.attempts.judge(arrival.completed(facts))
    watch.lap("gather")
    decision = decide(snapshot.policy, facts)
    if envelope.hop == "egress":
        decision = hops.settled(decision, snapshot.policy, arrival)
    watch.lap("decide")
    record_id = tools.new_id()
    keys = () if guessing else snapshot.challenge_keys
    answer = carry_out(decision, facts, message, snapshot.policy, record_id, keys)
    answer = arrival.indexes(answer, len(received.recipients))
    if snapshot.hop_keys and envelope.hop != "egress" and answer.kind == "accept":
        told = hops.issued(
            answer, record_id, envelope, facts, transaction, raw, snapshot.hop_keys[0], arrival.is_notice
        )
        answer = replace(answer, edits=(*answer.edits, told))
    if answer.quarantine is not None and (refusal := _cannot_hold(envelope, tools, can_hold)) is not None:
        return _failed(refusal, envelope, snapshot, tools)
    before = {arrival.result: 1} if arrival.result is not None else {}
    made = (("documents", found.results), ("dns", said.results), ("hop", before))
    enquiries = {kind: results for kind, results in made if results}
    details = {"enquiries": enquiries} if enquiries else {}
    record = _record(record_id, envelope, message, facts, decision, answer, snapshot, watch, details)
    return answer if _written(record, snapshot, tools) else temporary_failure("journal")


def _passed(
    arrival: Arrival, transaction: Transaction, envelope: Envelope, snapshot: Snapshot, tools: Tools
) -> Answer:
    """Every recipient passed the hop before: its record has facts and decision, this one says that the mail left."""
    ticket = arrival.ticket
    assert ticket is not None, "only a ticket tells who was seen"
    record_id = tools.new_id()
    details = {
        "hop": envelope.hop, "parent": ticket.record, "recipients": len(envelope.recipients),
        "enquiries": {"hop": {arrival.result: 1}},
    }  # fmt: skip
    record = Record(
        kind="hop", id=record_id, time=envelope.time, node=snapshot.node, queue_id=envelope.queue_id,
        instance=envelope.instance, message_id=ticket.message_id, details=details,
    )  # fmt: skip
    # The hop before put our own mark there only where all these recipients are official.
    edits = forged([name.decode("ascii", "replace") for name, _ in transaction.fields], keep=HEADER.lower())
    answer = Answer("accept", None, edits, (), None, record_id)
    return answer if _written(record, snapshot, tools) else temporary_failure("journal")


def _cannot_hold(envelope: Envelope, tools: Tools, can_hold: bool) -> str | None:
    """Why a hold is impossible now; the sender then keeps the mail (451)."""
    if not can_hold:
        return "no_quarantine"
    try:
        return None if tools.quota.take(envelope.time) else "hold_limit"
    except OSError as error:  # what cannot be counted must not go beyond the limit
        tools.report("hold-not-counted", envelope.queue_id, error)
        return "state"


def _record(
    record_id: str, envelope: Envelope, message: Message, facts: Facts, decision: Decision, answer: Answer,
    snapshot: Snapshot, watch: _Watch, details: dict[str, Any],
) -> Record:  # fmt: skip
    reply = str(answer.reply) if answer.reply is not None else None
    return Record(
        kind="message",
        id=record_id,
        time=envelope.time,
        node=snapshot.node,
        queue_id=envelope.queue_id,
        instance=envelope.instance,
        message_id=message.first("Message-ID"),
        facts=facts,
        decision=decision.with_reply(reply),
        digests=snapshot.digests,
        timings=watch.laps,
        details=details,
    )


def _failed(reason: str, envelope: Envelope, snapshot: Snapshot, tools: Tools) -> Answer:
    """451, and a record that explains it as far as the journal can still be written."""
    _written(_failure(tools.new_id(), {"reason": reason}, envelope, snapshot), snapshot, tools)
    return temporary_failure(reason)


def _unreadable(
    fingerprint: str, transaction: Transaction, envelope: Envelope, snapshot: Snapshot, tools: Tools, can_hold: bool
) -> Answer:
    """A mail that broke us three times is held with reason ``unreadable``: not lost, not tried for ever."""
    if (refusal := _cannot_hold(envelope, tools, can_hold)) is not None:
        return _failed(refusal, envelope, snapshot, tools)
    record_id = tools.new_id()
    details = {"reason": "unreadable", "sender": envelope.sender, "recipients": len(envelope.recipients)}
    record = _failure(record_id, details, envelope, snapshot)
    if not _written(record, snapshot, tools):
        return temporary_failure("journal")
    tools.suspects.clear(fingerprint)
    edits = forged([name.decode("ascii", "replace") for name, _ in transaction.fields])
    return Answer("accept", None, edits, (), f"vanthu {record_id} unreadable", record_id)


def _failure(record_id: str, details: dict[str, object], envelope: Envelope, snapshot: Snapshot) -> Record:
    return Record(
        kind="failure", id=record_id, time=envelope.time, node=snapshot.node, queue_id=envelope.queue_id,
        instance=envelope.instance, details=details,
    )  # fmt: skip


def _written(record: Record, snapshot: Snapshot, tools: Tools) -> bool:
    """Whether the answer may be given: the record is durable, or settings let mail go on without one."""
    try:
        tools.append(record)
    except JournalError as error:
        tools.report("journal", record.queue_id, error)
        return snapshot.settings.journal.on_failure == "accept"
    return True


class _Watch:
    """Milliseconds of each step, for ``timings``."""

    __slots__ = ("_last", "laps")

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.laps[step] = round((now - self._last) * 1000, 3)
        self._last = now
