"""The envelope of one mail: what SMTP said, apart from what the message says (RFC 5321)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Origin = Literal["submission", "pickup", "trusted", "outside"]
Hop = Literal["submission", "egress", "inbound"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One RCPT TO: the address without angle brackets, and its ORCPT parameter (RFC 3461), if any."""

    address: str
    orcpt: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything the MTA said about one mail. Addresses are without angle brackets; the null sender is ``""``.

    ``origin`` is None where nobody knows (a file read by ``vanthu facts``). ``time`` is aware, in UTC.
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
    parameters: tuple[str, ...] = field(default=())
