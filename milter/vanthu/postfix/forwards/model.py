"""One step of a forward, and one way through several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["virtual", "alias", "include", "forward", "sieve", "zimbra", "fetch"]


@dataclass(frozen=True, slots=True)
class Step:
    """``source`` forwards to ``target``; ``where`` is the table, or the file and its line.

    A target is an address, a bare local name, or a command (``|…``) or file (``/…``). ``keeps``: a copy stays.
    ``active`` is false for a Sieve script that its owner has switched off.
    """

    kind: Kind
    where: str
    source: str
    target: str
    keeps: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something that could not be looked into, and why: what it forwards is not known."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Way:
    """From a mailbox to where its mail ends, over every step between (``via`` is empty for a direct forward)."""

    mailbox: str
    target: str
    via: tuple[str, ...]
    steps: tuple[Step, ...]
