"""Mailboxes to look into (4504/UBND-CBTH 2018 §2): issued but not used, only read, and used but not issued.

Use is what the filter saw: mail from a mailbox, or to it; and logins, where logs of them were read in. Without logs,
whoever only reads what came before looks unused here, so nobody's mailbox is to be taken away on this list alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..directory.model import Mailbox, Register
from ..mail.address import fold_domain, key, split
from ..projections.store_queries import Questions
from .months import between


@dataclass(frozen=True, slots=True)
class Stale:
    """``unused`` were valid all the time, ``reading`` too, but somebody logged in; ``unissued`` are senders in our
    domains that the register does not know. ``last_logins`` by key, as far as logs reach.

    ``complete``: the store reaches back far enough to say so."""

    unused: tuple[Mailbox, ...]
    reading: tuple[Mailbox, ...]
    unissued: tuple[str, ...]
    complete: bool
    last_logins: Mapping[str, datetime]


def find(store: Questions, register: Register, today: date, days: int, zone: ZoneInfo, own: frozenset[str]) -> Stale:
    """Of the last ``days`` days, today included; ``own`` are the domains of the installation."""
    begin = today - timedelta(days=days - 1)
    span = between(begin, today, zone)
    since = store.since()
    senders = store.senders(span)
    seen = {key(address) for address in senders} | {key(address) for address in store.addressees(span)}
    logged_in = {key(address) for day in store.logins(begin, today).values() for address in day}
    silent = tuple(
        one for one in register.mailboxes
        if one.role != "system"
        and register.status(one, today) == "active"
        and (one.valid_from is None or one.valid_from <= begin)
        and key(one.address) not in seen
    )  # fmt: skip
    unissued = {
        key(address)
        for address in senders
        if register.mailbox(address) is None
        and (fold_domain(split(address)[1]) in own or register.agency_of(address) is not None)
    }
    return Stale(
        tuple(one for one in silent if key(one.address) not in logged_in),
        tuple(one for one in silent if key(one.address) in logged_in),
        tuple(sorted(unissued)),
        since is not None and since <= span.begin,
        {key(address): last for address, last in store.last_logins().items()},
    )
