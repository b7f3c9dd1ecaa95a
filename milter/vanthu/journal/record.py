"""What stands in one line of the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from ..facts.model import Facts
from ..policy.decision import Decision

Kind = Literal["message", "failure", "hold", "reload", "relax", "worker", "hop", "lookup", "review", "open", "close"]


class Digests(Struct, frozen=True, kw_only=True):
    """What the decision rested on: short hexadecimal SHA-256 digests."""

    policy: str
    register: str
    lists: str
    recognisers: str


class Record(Struct, frozen=True, kw_only=True):
    """One line. ``prev`` is the SHA-256 of the previous raw line of the same file (None on the first). ``instance``
    is what the Postfix that asked calls itself ($myhostname): ``queue_id`` is of its queue.

    ``details`` holds what the other kinds say: a failure's reason, a reload's outcome, a worker's end, who looked at
    what persons did (``lookup``), what was found of a reported false alarm (``review``); of a ``hop``, a mail all of
    whose recipients had passed the hop before, the record there (``parent``).
    """

    version: int = 1
    kind: Kind
    id: str
    time: datetime
    node: str
    queue_id: str | None = None
    instance: str | None = None
    message_id: str | None = None
    facts: Facts | None = None
    decision: Decision | None = None
    digests: Digests | None = None
    timings: dict[str, float] = {}
    details: dict[str, Any] = {}
    prev: str | None = None
