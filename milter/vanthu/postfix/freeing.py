"""Frees one held mail: looks whether it may be, writes it down, has the helper do it, writes down that it was done.

Raises FreeingError where it may not be (not on hold; a return that would tell the wrong person), HelperError and
JournalError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ..errors import JournalError, VanthuError
from . import requests
from .helper import Verb
from .holdings import Holding
from .instances import Known
from .ledger import Doing, Ledger

Outcome = Literal["done", "asked"]
_OUTSIDE = ("inbound", "foreign")


class FreeingError(VanthuError):
    """This mail may not be freed in this way."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who frees (``by`` as told, ``login`` as known), and why."""

    by: str
    login: str
    why: str


@dataclass(frozen=True, slots=True)
class Office:
    """What freeing needs: the book, the state folder, whether two persons are needed, and the helper, which is asked
    first (``ask``) and does it then (``free``)."""

    ledger: Ledger
    state: Path
    two_persons: bool
    free: Callable[[Verb, str, Known], None]
    ask: Callable[[Verb, str, Known], None]


def free(holding: Holding, verb: Verb, person: Person, office: Office) -> Outcome:
    """``done``, or ``asked`` where a second person has to confirm."""
    if verb == "return" and (refusal := _not_returnable(holding)):
        raise FreeingError(f"{holding.held.queue_id}: {refusal}; release or delete it")
    record = holding.record.id if holding.record is not None else None
    at = holding.at
    doing = Doing(
        verb, holding.held.queue_id, record, person.by, person.login, person.why,
        instance=at.host or None, beside=at.name if at.beside else None,
    )  # fmt: skip
    if office.two_persons:
        before = requests.pending(office.state, doing.queue_id, doing.beside)
        if before is None or not requests.confirms(before, doing):
            if before is not None and before.verb == verb:
                raise FreeingError(
                    f"{doing.queue_id}: {before.by} asked for {verb} already; somebody else has to confirm"
                )
            office.ledger.note("request", doing)
            office.ask(verb, doing.queue_id, at)
            requests.ask(office.state, doing)
            return "asked"
        doing = replace(doing, confirmed=before.by)
    office.ledger.note("attempt", doing)
    office.free(verb, doing.queue_id, at)
    try:
        office.ledger.note(verb, doing)
    except JournalError as error:
        raise JournalError(f"{doing.queue_id}: {verb} was done, but the journal does not say so: {error}") from None
    requests.forget(office.state, doing.queue_id, doing.beside)
    return "done"


def _not_returnable(holding: Holding) -> str | None:
    """Whom a report of undeliverable mail would reach wrongly: an outside sender must not learn where officials
    forward their mail, and the null sender is nobody (RFC 5321 §4.5.5)."""
    if not holding.held.sender:
        return "it has the null sender, so there is nobody to return it to"
    facts = holding.record.facts if holding.record is not None else None
    if facts is not None and (facts.direction in _OUTSIDE or facts.forward.kind == "automatic"):
        return "its sender is not ours and would learn what happens to mail here"
    return None
