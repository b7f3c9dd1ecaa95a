"""A worker: a forked process in which libmilter serves connections and every mail is inspected.

It is told to drain over its control socket; end of file there means that the supervisor is gone, which is the same.
Python's signal handlers never run inside libmilter, and SIGTERM or SIGHUP would abort open sessions, so a worker
leads a session of its own and nobody signals it. It always leaves by ``os._exit``.
"""

from __future__ import annotations

import os
import resource
import socket
import threading
import time
from datetime import UTC, datetime

from ..inspection.answer import Answer
from ..inspection.attempts import Attempts
from ..inspection.correspondence import Correspondence
from ..inspection.dns import Dns
from ..inspection.documents import Documents
from ..inspection.inspect import Tools, inspect
from ..inspection.quota import HoldQuota
from ..inspection.relaxing import Relaxing
from ..inspection.snapshot import Snapshot
from ..inspection.suspects import InHand, Suspects
from ..journal.record import Record
from ..journal.redaction import load_key, redact
from ..journal.writer import Writer
from ..mail.envelope import Envelope
from ..mail.transaction import Transaction
from ..projections.correspondents import Keys
from . import libmilter, log
from .budget import Budget
from .session import Session
from .trust import Networks

_SLOTS = 256
_MARGIN = 1.0  # seconds of the deadline that judging and writing may take
_SETTLE = 0.05  # seconds between two looks at open connections while draining
_SILENCE = 7210  # seconds; Postfix keeps milter connections open as long as its client does


class Worker:
    """Everything one worker process has; sessions of all its threads share it."""

    def __init__(self, snapshot: Snapshot, listener: libmilter.Listener, control: socket.socket) -> None:
        settings = snapshot.settings
        self._snapshot = snapshot
        self._listener = listener
        self._control = control
        self._budget = Budget(settings.milter.max_bytes_in_flight, settings.milter.max_sessions)
        self._networks = Networks(settings.own.trusted_networks)
        self._messages = 0
        self._recycling = False
        state = settings.state.path
        in_hand = InHand(state / "mail", os.getpid(), _SLOTS)
        self._writer = Writer(
            settings.journal.path,
            snapshot.node,
            sync=settings.journal.sync,
            max_file_bytes=settings.journal.max_file_bytes,
            max_file_seconds=settings.journal.max_file_seconds,
            siblings=lambda: in_hand.busy,
        )
        self._key = load_key(state)
        self._tools = Tools(
            append=self._append,
            new_id=self._writer.ids.new,
            now=lambda: datetime.now(UTC),
            in_hand=in_hand,
            suspects=Suspects(state / "mail" / "suspects"),
            quota=HoldQuota(state / "mail" / "holds", settings.milter.max_holds_per_hour),
            attempts=Attempts(state / "mail" / "challenges"),
            relaxing=Relaxing(state),
            documents=Documents(state, settings.documents.max_text, bool(snapshot.reading.trust)),
            dns=Dns(**settings.dns.model_dump()),
            correspondence=Correspondence(state if settings.correspondence.enabled else None, Keys(self._key)),
            report=log.trouble,
        )

    def run(self) -> None:
        """Serves until told to drain; never returns."""
        threading.Thread(target=self._obey, name="control", daemon=True).start()
        self._tell("ready")
        try:
            libmilter.serve(lambda: Session(self), _SILENCE)
        finally:
            os._exit(1)  # libmilter gave up: the supervisor starts another worker

    # What sessions ask (service.session.Worker).

    def opened(self) -> None:
        self._budget.opened()

    def closed(self) -> None:
        self._budget.closed()

    def trusts(self, address: str | None) -> bool:
        return self._networks.hold(address)

    def begin(self, sender: str, parameters: tuple[str, ...]) -> Transaction:
        spill_above = self._snapshot.settings.milter.spill_above
        transaction = Transaction(sender, parameters, spill_above, self._budget.account)
        if self._budget.full:
            transaction.refused = "busy"
        return transaction

    def finish(self, transaction: Transaction, envelope: Envelope, can_hold: bool) -> Answer:
        deadline = time.monotonic() + self._snapshot.settings.milter.deadline
        # A body in a file comes back to memory for its inspection: one large mail waits for another.
        spilled = transaction.body_size if transaction.body_size > self._snapshot.settings.milter.spill_above else 0
        if spilled and not self._budget.wait_for(spilled, self._snapshot.settings.milter.deadline / 2):
            transaction.refused = "busy"
            spilled = 0
        try:
            return inspect(transaction, envelope, self._snapshot, self._tools, can_hold, deadline - _MARGIN)
        finally:
            if spilled:
                self._budget.account(-spilled)

    def answered(self, envelope: Envelope, answer: Answer) -> None:
        if answer.kind == "tempfail":
            log.tempfail(envelope.queue_id, answer.reason or "unknown", answer.record_id)
        elif answer.reason is not None:
            log.unjudged(envelope.queue_id, answer.reason, answer.record_id)
        self._messages += 1
        if not self._recycling and self._worn():
            self._recycling = True
            self._tell("recycle")

    def broke(self, queue_id: str | None, error: BaseException, *, accepted: bool) -> None:
        log.trouble("answer-failed", queue_id, error)
        (log.unjudged if accepted else log.tempfail)(queue_id, "answer_failed")

    def spoilt(self, error: BaseException) -> None:
        log.trouble("callback-failed", None, error)

    def lost(self) -> int:
        return libmilter.lost_calls()

    def _append(self, record: Record) -> None:
        self._writer.append(redact(record, self._key))

    def _worn(self) -> bool:
        milter = self._snapshot.settings.milter
        if self._messages >= milter.recycle_messages:
            return True
        return self._messages % 256 == 0 and _rss() > milter.recycle_rss

    # What the supervisor asks.

    def _tell(self, word: str) -> None:
        try:
            self._control.sendall(f"{word}\n".encode())
        except OSError:
            return  # the supervisor is gone; end of file will say so

    def _obey(self) -> None:
        while True:
            try:
                said = self._control.recv(64)
            except InterruptedError:
                continue
            if not said or b"drain" in said:
                self._drain()

    def _drain(self) -> None:
        """Takes no new connection, lets open ones finish, and leaves."""
        libmilter.stop_accepting(self._listener)
        deadline = time.monotonic() + self._snapshot.settings.milter.drain
        quiet = 0
        while quiet < 3 and time.monotonic() < deadline:
            time.sleep(_SETTLE)
            quiet = 0 if libmilter.open_connections(self._listener) else quiet + 1
        self._writer.close()
        self._tools.in_hand.path.unlink(missing_ok=True)
        os._exit(0)


def start(snapshot: Snapshot, listener: libmilter.Listener, control: socket.socket) -> None:
    """The life of a worker process, from just behind the fork; never returns."""
    try:
        Worker(snapshot, listener, control).run()
    except BaseException as error:
        log.trouble("worker-failed", None, error)
    finally:
        os._exit(1)


def _rss() -> int:
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * resource.getpagesize()
