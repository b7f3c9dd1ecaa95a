"""The envelope of one mail: what SMTP said, apart from what the message says (RFC 5321)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from .mended import encodable

Origin = Literal["submission", "pickup", "trusted", "outside"]
Hop = Literal["submission", "egress", "inbound"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One RCPT TO: the address without angle brackets, and its ORCPT parameter (RFC 3461), if any."""

    address: str
    orcpt: str | None = None

    def __post_init__(self) -> None:
        _mend(self, ("address", "orcpt"))


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything the MTA said about one mail. Addresses are without angle brackets; the null sender is ``""``. No
    text holds a lone surrogate, whatever octets a client sent (``encodable``).

    ``origin`` is None where nobody knows (a file read by ``vanthu facts``). ``time`` is aware, in UTC. ``instance``
    is what the MTA that asks calls itself (macro ``j``, Postfix's $myhostname).
    """

    sender: str
    recipients: tuple[Recipient, ...]
    time: datetime
    origin: Origin | None = None
    hop: Hop = "submission"
    login: str | None = None
    client_address: str | None = None
    client_name: str | None = None
    queue_id: str | None = None
    instance: str | None = None
    parameters: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        _mend(self, ("sender", "login", "client_address", "client_name", "queue_id", "instance"))


def _mend(value: Recipient | Envelope, names: tuple[str, ...]) -> None:
    """Octets that are no UTF-8 reach us as lone surrogates, which neither JSON nor a database can hold."""
    for name in names:
        text = getattr(value, name)
        if text is not None and not text.isascii():
            object.__setattr__(value, name, encodable(text))
