"""The milter protocol, version 6, as bytes: frames, negotiation, and what an MTA sends for one mail. No I/O here.

The source is libmilter's ``mfdef.h``; order, macros and line ends are those of Postfix 3.7 (``milter8.c``), which
``test_milter_wire.py`` compares with a real Postfix, frame by frame.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

VERSION = 6
ACTIONS = 0x1FF  # every edit that version 6 knows
CHUNK = 65_535  # most bytes of body in one frame

Stage = Literal["connect", "helo", "mail", "rcpt", "data", "header", "eoh", "body", "eob"]

SKIP = 0x400
LEADING_SPACE = 0x100000
# What Postfix 3.7 offers: every no-callback and no-reply flag, SKIP, rejected recipients and the leading space.
OFFER = 0x1FFFFF

# Stage: command, flag "do not send it", flag "I shall not answer it".
_EVENTS: Mapping[Stage, tuple[bytes, int, int]] = {
    "connect": (b"C", 0x1, 0x1000),
    "helo": (b"H", 0x2, 0x2000),
    "mail": (b"M", 0x4, 0x4000),
    "rcpt": (b"R", 0x8, 0x8000),
    "data": (b"T", 0x200, 0x10000),
    "header": (b"L", 0x20, 0x80),
    "eoh": (b"N", 0x40, 0x40000),
    "body": (b"B", 0x10, 0x80000),
    "eob": (b"E", 0, 0),
}
# A filter may name the macros it wants by stage (SMFIR_SETSYMLIST); these are the numbers of the stages.
_SYMBOL_STAGE: Mapping[int, Stage] = {0: "connect", 1: "helo", 2: "mail", 3: "rcpt", 4: "data", 5: "eob", 6: "eoh"}


class ProtocolError(Exception):
    """The filter said what the protocol does not know."""


def frame(command: bytes, data: bytes = b"") -> bytes:
    """One packet: length of what follows, command, data."""
    return struct.pack("!I", len(data) + 1) + command + data


ABORT = frame(b"A")
QUIT = frame(b"Q")
OFFERED = frame(b"O", struct.pack("!III", VERSION, ACTIONS, OFFER))


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both sides agreed on: protocol flags, edits, and the macros that the filter asked for by stage."""

    version: int
    actions: int
    flags: int
    symbols: Mapping[Stage, frozenset[bytes]] = field(default_factory=dict)

    @classmethod
    def read(cls, data: bytes) -> Agreement:
        """From the data of the filter's negotiation frame. Raises ProtocolError on what was not offered."""
        if len(data) < 12:
            raise ProtocolError("the negotiation is cut short")
        version, actions, flags = struct.unpack_from("!III", data)
        if not 2 <= version <= VERSION or actions & ~ACTIONS or flags & ~OFFER:
            raise ProtocolError(f"version {version}, actions {actions:#x}, flags {flags:#x} were not offered")
        symbols: dict[Stage, frozenset[bytes]] = {}
        rest = data[12:]
        while len(rest) > 4:
            (number,) = struct.unpack_from("!I", rest)
            names, _, rest = rest[4:].partition(b"\0")
            symbols[_SYMBOL_STAGE[number]] = frozenset(
                name.strip(b"{}") for name in re.split(rb"[\s,]+", names) if name
            )
        return cls(version, actions, flags, symbols)

    def sends(self, stage: Stage) -> bool:
        return not self.flags & _EVENTS[stage][1]

    def replies(self, stage: Stage) -> bool:
        return self.sends(stage) and not self.flags & _EVENTS[stage][2]


@dataclass(frozen=True, slots=True)
class Client:
    """Who is connected to the MTA: what stands in connect and HELO."""

    address: bytes = b"127.0.0.1"
    name: bytes = b"localhost"
    port: int = 40_000
    helo: bytes = b"client.example"


@dataclass(frozen=True, slots=True)
class Rcpt:
    """One RCPT TO with its parameters (``ORCPT=rfc822;a@b.example``)."""

    address: bytes
    parameters: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as the MTA has it.

    Addresses are bare; a null sender is ``b""``. ``raw`` has lines that end in LF or CRLF. ``login`` is the SASL
    user. ``pickup`` is mail from sendmail(1), as ``non_smtpd_milters`` see it: no angle brackets, the queue id from
    MAIL on. Client and daemon name belong to the session: mails of one session share them.
    """

    sender: bytes
    recipients: Sequence[bytes | Rcpt]
    raw: bytes
    login: bytes | None = None
    queue_id: bytes | None = b"4Zzw2g1x0Jz9q1"
    client: Client = Client()
    daemon_name: bytes = b"mail.lab.example"
    mta: bytes = b"mail.lab.example"
    next_hop: bytes = b"[127.0.0.1]:10025"
    sender_parameters: tuple[bytes, ...] = ()
    macros: Mapping[bytes, bytes] = field(default_factory=dict)
    pickup: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One event: its frames (macros first), and whether the filter answers it. ``recipient`` at stage rcpt."""

    stage: Stage
    data: bytes
    answered: bool
    recipient: bytes | None = None


def opening(mail: Mail, agreed: Agreement) -> Iterator[Step]:
    """Connect and HELO: once a session."""
    client = mail.client
    family = b"6" if b":" in client.address else b"4"
    place = family + struct.pack("!H", client.port) + client.address
    shown = b"unknown" if client.name.startswith(b"[") else client.name
    macros = {
        b"j": mail.mta,
        b"{daemon_name}": mail.daemon_name,
        b"{daemon_addr}": b"127.0.0.1",
        b"v": b"Postfix 3.7.11",
        b"_": b"%s [%s]" % (shown, client.address),
    }
    yield from _step(mail, agreed, "connect", _string(client.name, place, free=1), macros)
    yield from _step(mail, agreed, "helo", _string(client.helo), {})


def transaction(mail: Mail, agreed: Agreement) -> Iterator[Step]:
    """One mail, from MAIL FROM to its end. Raises ValueError where a string of the protocol holds a NUL."""
    queue_id = {} if mail.queue_id is None else {b"i": mail.queue_id}
    login = {} if mail.login is None else {b"{auth_type}": b"PLAIN", b"{auth_authen}": mail.login}
    # Postfix opens the queue file after the first RCPT; before, there is no queue id, but for pickup(8).
    early = queue_id if mail.pickup else {}

    macros = {**early, **login, **_mailer(mail, b"mail", mail.sender)}
    given = _string(_path(mail, mail.sender), *mail.sender_parameters)
    yield from _step(mail, agreed, "mail", given, macros)
    for number, one in enumerate(mail.recipients):
        rcpt = one if isinstance(one, Rcpt) else Rcpt(one)
        macros = {**(queue_id if number else early), **_mailer(mail, b"rcpt", rcpt.address)}
        given = _string(_path(mail, rcpt.address), *rcpt.parameters)
        yield from _step(mail, agreed, "rcpt", given, macros, rcpt.address)
    yield from _step(mail, agreed, "data", b"", queue_id)
    headers, body = split(mail.raw)
    for name, value in headers:
        shown = value if agreed.flags & LEADING_SPACE else value.removeprefix(b" ")
        yield from _step(mail, agreed, "header", _string(name, shown), queue_id)
    yield from _step(mail, agreed, "eoh", b"", queue_id)
    for start in range(0, len(body), CHUNK):
        yield from _step(mail, agreed, "body", body[start : start + CHUNK], queue_id)
    yield from _step(mail, agreed, "eob", b"", queue_id)


_HEADER = re.compile(rb"([^\x00-\x20:\x7f]+)[ \t]*:(.*)\Z", re.DOTALL)


def split(raw: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Header fields (name, value with its leading space, folds joined by LF) and body (lines ended by CRLF).

    As in Postfix, the first line that is no header field ends the header; unlike there, a name may hold 8-bit bytes.
    """
    lines = raw.replace(b"\r\n", b"\n").split(b"\n")
    headers: list[tuple[bytes, bytes]] = []
    end = 0
    for line in lines:
        if headers and line[:1] in (b" ", b"\t"):
            headers[-1] = (headers[-1][0], headers[-1][1] + b"\n" + line)
        elif match := _HEADER.match(line):
            headers.append((match[1], match[2]))
        else:
            break
        end += 1
    body = lines[end:] if lines[end:] and lines[end] else lines[end + 1 :]
    return headers, b"\r\n".join(body)


def _step(
    mail: Mail,
    agreed: Agreement,
    stage: Stage,
    data: bytes,
    macros: Mapping[bytes, bytes],
    recipient: bytes | None = None,
) -> Iterator[Step]:
    """The event's frames. Macros go before it even if there are none, even if the filter does not want the event."""
    command = _EVENTS[stage][0]
    wanted = agreed.symbols.get(stage)
    named = {**macros, **mail.macros}.items()
    sent = b"".join(_string(*pair) for pair in named if wanted is None or pair[0].strip(b"{}") in wanted)
    event = frame(command, data) if agreed.sends(stage) else b""
    yield Step(stage, frame(b"D", command + sent) + event, agreed.replies(stage), recipient)


def _string(*parts: bytes, free: int | None = None) -> bytes:
    """Strings, each ended by NUL. The part numbered ``free`` may hold one: a port is binary."""
    if any(b"\0" in part for number, part in enumerate(parts) if number != free):
        raise ValueError(f"a NUL in {parts!r}")
    return b"\0".join(parts) + b"\0"


def _path(mail: Mail, address: bytes) -> bytes:
    return address if mail.pickup else b"<" + address + b">"


def _mailer(mail: Mail, kind: bytes, address: bytes) -> dict[bytes, bytes]:
    """The macros that name address, next hop and transport."""
    macros = {b"{%s_addr}" % kind: address}
    if not mail.pickup:
        macros |= {b"{%s_host}" % kind: mail.next_hop, b"{%s_mailer}" % kind: b"smtp"}
    return macros
