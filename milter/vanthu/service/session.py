"""One connection of the MTA. Callbacks only append to a Transaction; the one decision falls at end of message.

Only the callbacks that are used are negotiated, and all but the last need no reply, so a mail costs one round trip.
Nothing returns ACCEPT before end of message, since that would end the filtering of content. Whatever fails before it
is answered there, with a temporary failure: where no reply is due libmilter sends none, and the MTA would wait on.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Protocol

import Milter

from ..inspection.answer import Answer
from ..mail.address import clean
from ..mail.envelope import Envelope, Hop, Origin
from ..mail.transaction import Transaction

_HOPS: dict[str, Hop] = {"submission": "submission", "egress": "egress", "inbound": "inbound"}


class Worker(Protocol):
    """What a session needs of the process that it lives in."""

    def opened(self) -> None: ...
    def closed(self) -> None: ...
    def begin(self, sender: str, parameters: tuple[str, ...]) -> Transaction: ...
    def finish(self, transaction: Transaction, envelope: Envelope, can_hold: bool) -> Answer: ...
    def trusts(self, address: str | None) -> bool: ...
    def answered(self, envelope: Envelope, answer: Answer) -> None: ...
    def broke(self, queue_id: str | None, error: BaseException, *, accepted: bool) -> None: ...
    def spoilt(self, error: BaseException) -> None: ...
    def lost(self) -> int: ...


def _careful(callback: Callable[..., int]) -> Callable[..., int]:
    """A callback that fails spoils its mail, not its session."""

    @wraps(callback)
    def careful(session: Session, *values: Any) -> int:
        try:
            return callback(session, *values)
        except BaseException as error:
            session.spoil(error)
            return int(Milter.CONTINUE)

    return careful


@Milter.header_leading_space
class Session(Milter.Base):
    """A session may carry several mails, and hops between threads: its state is here and nowhere else."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._client: tuple[str | None, str | None] = (None, None)  # address, name
        self._port: int | None = None  # until connect told it
        self._daemon: str | None = None
        self._instance: str | None = None
        self._transaction: Transaction | None = None
        self._login: str | None = None
        self._lost = 0  # calls that never reached any session, before this mail
        worker.opened()

    def setsymlist(self, stage: int, *macros: str) -> None:
        """Asks the MTA for macros. pymilter 1.0.5 hands bytes to its own C code, which wants text.

        The error that this makes ends ``negotiate`` without a word, and every callback then waits for a reply.
        """
        self._ctx.setsymlist(stage, " ".join(macros))

    @Milter.symlist("j", "{daemon_name}")
    @Milter.noreply
    @_careful
    def connect(self, hostname: str, family: int, address: Any) -> int:
        if family in (socket.AF_INET, socket.AF_INET6):
            self._client, self._port = (address[0], hostname), address[1]
        else:
            self._client, self._port = (None, hostname), 0
        self._daemon = self._macro("{daemon_name}")
        self._instance = self._macro("j")
        return Milter.CONTINUE

    @Milter.symlist("{auth_authen}")
    @Milter.noreply
    @_careful
    def envfrom(self, sender: str, *parameters: str) -> int:
        self._end()
        self._lost = self._worker.lost()
        self._login = self._macro("{auth_authen}") or None
        self._transaction = self._worker.begin(clean(_text(sender)), tuple(map(_text, parameters)))
        return Milter.CONTINUE

    @Milter.noreply
    @_careful
    def envrcpt(self, token: str, *parameters: str) -> int:
        if self._transaction is not None:
            orcpt = next((_text(one[6:]) for one in parameters if one[:6].upper() == "ORCPT="), None)
            self._transaction.add_recipient(token, clean(_text(token)), orcpt)
        return Milter.CONTINUE

    @Milter.decode("bytes")
    @Milter.noreply
    @_careful
    def header(self, name: str, value: bytes) -> int:
        if self._transaction is not None:
            self._transaction.add_field(name.encode("utf-8", "surrogateescape"), value)
        return Milter.CONTINUE

    @Milter.noreply
    @_careful
    def body(self, chunk: bytes) -> int:
        if self._transaction is not None:
            self._transaction.add_body(chunk)
        return Milter.CONTINUE

    @Milter.symlist("i")
    def eom(self) -> int:
        queue_id = None
        try:
            queue_id = self._macro("i")
            return self._finish(queue_id)
        except BaseException as error:
            inbound = self._daemon == "inbound"
            self._worker.broke(queue_id, error, accepted=inbound)
            return Milter.ACCEPT if inbound else Milter.TEMPFAIL
        finally:
            self._end()

    def abort(self) -> int:
        self._end()
        return Milter.CONTINUE

    def close(self) -> int:
        self._end()
        self._worker.closed()
        return Milter.CONTINUE

    def spoil(self, error: BaseException) -> None:
        """A part of this mail is not known: it gets a temporary failure at its end."""
        self._worker.spoilt(error)
        if self._transaction is not None:
            self._transaction.refused = "exception"

    def _macro(self, name: str) -> str | None:
        try:
            value: str | None = self.getsymval(name)
        except UnicodeDecodeError:
            return "\ufffd"  # a login in another charset is still a login
        return value

    def _finish(self, queue_id: str | None) -> int:
        transaction = self._transaction
        if transaction is None or self._port is None:
            raise RuntimeError("end of message without connect or MAIL FROM")
        if self._lost != self._worker.lost():
            transaction.refused = "exception"  # what was lost may have been of this mail
        envelope = Envelope(
            sender=transaction.sender,
            recipients=tuple(transaction.recipients),
            time=datetime.now(UTC),
            origin=self._origin(),
            hop=_HOPS.get(self._daemon or "", "submission"),
            login=self._login,
            client_address=self._client[0],
            client_name=self._client[1],
            queue_id=queue_id,
            instance=self._instance,
            parameters=transaction.parameters,
        )
        can_hold = bool(self._actions & Milter.QUARANTINE)
        answer = self._worker.finish(transaction, envelope, can_hold)
        result = self._apply(answer, transaction)
        self._worker.answered(envelope, answer)
        return result

    def _origin(self) -> Origin:
        if self._login is not None:
            return "submission"
        # Postfix's cleanup(8) speaks for mail from sendmail(1), qmqpd and the like: localhost, port 0.
        if self._port == 0:
            return "pickup"
        return "trusted" if self._worker.trusts(self._client[0]) else "outside"

    def _apply(self, answer: Answer, transaction: Transaction) -> int:
        if answer.reply is not None:
            self.setreply(answer.reply.code, answer.reply.enhanced, *answer.reply.lines)
            return Milter.TEMPFAIL if answer.kind == "tempfail" else Milter.REJECT
        for edit in answer.edits:
            # The MTA was asked to leave white space behind the colon to us (P_HDR_LEADSPC).
            value = None if edit.value is None else f" {edit.value}"
            if edit.index == 0:
                self.addheader(edit.name, value or "", 0)
            else:
                self.chgheader(edit.name, edit.index, value)
        for index in answer.strip:
            self.delrcpt(transaction.tokens[index])
        if answer.quarantine is not None:
            self.quarantine(answer.quarantine)
        return Milter.ACCEPT

    def _end(self) -> None:
        if self._transaction is not None:
            self._transaction.close()
            self._transaction = None


def _text(value: str) -> str:
    """What pymilter decoded with surrogates for bytes that are no UTF-8, as text that can be written down."""
    return value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
