"""A milter client as an MTA speaks it: one session, mails in turn, and everything that the filter said about each.

with MilterSession("unix:/run/x.sock") as session:
    outcome = session.send(Mail(sender=b"a@x.example", recipients=[b"b@y.example"], raw=b"Subject: x\\n\\ntext"))
    assert outcome.verdict == "accept"
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from .milter_wire import (
    ABORT,
    OFFERED,
    QUIT,
    Agreement,
    Client,
    Mail,
    ProtocolError,
    Rcpt,
    Stage,
    Step,
    opening,
    split,
    transaction,
)

__all__ = [
    "Added",
    "Changed",
    "Client",
    "FilterGone",
    "Inserted",
    "Mail",
    "MilterSession",
    "Outcome",
    "ProtocolError",
    "Rcpt",
    "connect",
]

Verdict = Literal["accept", "reject", "tempfail", "discard"]


class FilterGone(Exception):
    """The filter closed the connection, or kept silent: the MTA takes its default action. The text says where."""


@dataclass(frozen=True, slots=True)
class Added:
    """A header field put at the end."""

    name: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Inserted:
    """A header field put before the one at ``index`` (from 0)."""

    index: int
    name: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Changed:
    """The ``index``-th field (from 1) of this name gets another value; an empty value deletes it."""

    index: int
    name: bytes
    value: bytes


@dataclass(slots=True)
class Outcome:
    """What the filter said about one mail.

    ``reply`` is the filter's own text (``550 5.7.1 …``), None where the MTA's default text is used. ``stage`` is
    where the verdict fell. ``refused`` holds recipients turned away at RCPT, each with its reply.
    """

    verdict: Verdict = "accept"
    reply: bytes | None = None
    stage: Stage = "eob"
    edits: list[Added | Inserted | Changed] = field(default_factory=list)
    deleted_recipients: list[bytes] = field(default_factory=list)
    added_recipients: list[bytes] = field(default_factory=list)
    refused: dict[bytes, bytes | None] = field(default_factory=dict)
    sender: bytes | None = None
    body: bytes | None = None
    quarantine: bytes | None = None
    skipped: bool = False
    progress: int = 0

    def applied(self, raw: bytes) -> list[tuple[bytes, bytes]]:
        """The header fields of ``raw`` after the edits, made one after the other as Postfix makes them."""
        headers = [(name, value.lstrip(b" \t")) for name, value in split(raw)[0]]
        for edit in self.edits:
            if isinstance(edit, Added):
                headers.append((edit.name, edit.value.lstrip(b" ")))
            elif isinstance(edit, Inserted):
                headers.insert(edit.index, (edit.name, edit.value.lstrip(b" ")))
            else:
                same = [at for at, (name, _) in enumerate(headers) if name.lower() == edit.name.lower()]
                if edit.index <= len(same):
                    at = same[max(edit.index, 1) - 1]
                    headers[at : at + 1] = [(edit.name, edit.value.lstrip(b" "))] if edit.value else []
                elif edit.value:
                    headers.append((edit.name, edit.value.lstrip(b" ")))
        return headers


def connect(address: str, timeout: float | None) -> socket.socket:
    """A socket to ``unix:/path``, ``inet:port@host`` or ``inet6:port@host``. Raises OSError, ValueError."""
    scheme, _, rest = address.partition(":")
    if scheme == "unix":
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(timeout)
        try:
            made.connect(rest)
        except BaseException:
            made.close()
            raise
        return made
    if scheme in ("inet", "inet6"):
        port, _, host = rest.partition("@")
        made = socket.create_connection((host, int(port)), timeout)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made
    raise ValueError(f"{address}: write unix:/path or inet:PORT@HOST")


class MilterSession:
    """One connection to a filter. Raises FilterGone when the filter leaves, ProtocolError when it talks nonsense."""

    def __init__(self, address: str, timeout: float = 30.0) -> None:
        self._socket = connect(address, timeout)
        self._file = self._socket.makefile("rb")
        self._client: tuple[Client, bytes] | None = None
        self._closed: Outcome | None = None
        self._write(OFFERED, "negotiation")
        command, data = self._read("negotiation")
        if command != b"O":
            raise ProtocolError(f"{command!r} instead of a negotiation")
        self.agreed = Agreement.read(data)

    def __enter__(self) -> MilterSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye as an MTA does, and hang up."""
        with suppress(OSError):  # already gone
            self._socket.sendall(ABORT + QUIT)
        self._file.close()
        self._socket.close()

    def abandon(self) -> None:
        """Hang up without a word, as an MTA that was killed."""
        self._file.close()
        self._socket.close()

    def send(self, mail: Mail, *, stop_before: Stage | None = None) -> Outcome | None:
        """Pass one mail and gather the answers; the verdict ends it early, as in an MTA.

        With ``stop_before`` the mail is aborted at that stage, as after the client's RSET, and there is no outcome.
        """
        outcome = Outcome()
        for step in self._steps(mail):
            if step.stage == stop_before:
                self.abort()
                return None
            if outcome.skipped and step.stage == "body":
                continue
            self._write(step.data, step.stage)
            if step.answered and self._answer(step, outcome):
                outcome.stage = step.stage
                break
        if outcome.stage in ("connect", "helo"):
            self._closed = outcome  # the verdict on a client is for its whole session
        else:
            with suppress(FilterGone):  # the outcome stands, and the next mail will notice
                self.abort()
        return outcome

    def abort(self) -> None:
        """What an MTA says after every mail, be it judged or given up."""
        self._write(ABORT, "abort")

    def _steps(self, mail: Mail) -> Iterator[Step]:
        if self._closed is not None:
            raise ProtocolError(f"the filter has already judged this client: {self._closed.verdict}")
        if self._client is None:
            self._client = (mail.client, mail.daemon_name)
            yield from opening(mail, self.agreed)
        elif self._client != (mail.client, mail.daemon_name):
            raise ValueError("another client needs another session")
        yield from transaction(mail, self.agreed)

    def _answer(self, step: Step, outcome: Outcome) -> bool:
        """Read until the event is answered. Whether that ends the mail."""
        while True:
            command, data = self._read(step.stage)
            match command:
                case b"c":
                    return False
                case b"s" if step.stage == "body":
                    outcome.skipped = True
                    return False
                case b"p":
                    outcome.progress += 1
                case b"a":
                    return True
                case b"r" | b"t" | b"y":
                    reply = data.rstrip(b"\0") if command == b"y" else None
                    if step.stage == "rcpt" and step.recipient is not None:
                        outcome.refused[step.recipient] = reply
                        return False
                    outcome.verdict = "tempfail" if command == b"t" or (reply or b"5")[:1] == b"4" else "reject"
                    outcome.reply = reply
                    return True
                case b"d":
                    outcome.verdict = "discard"
                    return True
                case _ if step.stage == "eob":
                    _edit(outcome, command, data)
                case _:
                    raise ProtocolError(f"{command!r} at {step.stage}")

    def _write(self, data: bytes, where: str) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise FilterGone(f"{where}: {error}") from error

    def _read(self, where: str) -> tuple[bytes, bytes]:
        try:
            head = self._file.read(5)
            if len(head) < 5:
                raise FilterGone(f"{where}: the filter hung up")
            (length,) = struct.unpack_from("!I", head)
            data = self._file.read(length - 1)
        except OSError as error:
            raise FilterGone(f"{where}: {error}") from error
        if len(data) < length - 1:
            raise FilterGone(f"{where}: the filter hung up within a reply")
        return head[4:], data


def _edit(outcome: Outcome, command: bytes, data: bytes) -> None:
    text = data.rstrip(b"\0")
    match command:
        case b"h":
            name, value = data.split(b"\0")[:2]
            outcome.edits.append(Added(name, value))
        case b"i" | b"m":
            (index,) = struct.unpack_from("!I", data)
            name, value = data[4:].split(b"\0")[:2]
            outcome.edits.append((Inserted if command == b"i" else Changed)(index, name, value))
        case b"-":
            outcome.deleted_recipients.append(text)
        case b"+" | b"2":
            outcome.added_recipients.append(data.split(b"\0")[0])
        case b"e":
            outcome.sender = data.split(b"\0")[0]
        case b"b":
            outcome.body = (outcome.body or b"") + data
        case b"q":
            outcome.quarantine = text
        case _:
            raise ProtocolError(f"{command!r} at the end of the mail")
