"""A check, what it finds, and what it looks at.

A check is a function with a docstring of three paragraphs: what is wrong (one line), why it matters, and ``Mend:``
with the command. The same docstring makes the finding's text and the page, so they cannot differ. ``<name>`` in a
mend is filled in by the function; ``postconf`` in it gets ``-c FOLDER`` where the instance is not the installed one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from inspect import cleandoc
from typing import Any, Literal

from ...settings.model import Settings
from ..configuration import Configuration, Service
from ..libmilter import Version
from ..maps import Row, rows
from ..milters import Entry, entries, same, split

Level = Literal["error", "warning", "note"]

_COMMAND = re.compile(r"\b(postconf|postmap|postfix|postalias)(?= -| reload)")
_DELIVERED = ("mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains", "myhostname")
_SCRIPT = "submission.py apply"


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check saw, and the values for ``<name>`` in its mend."""

    what: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. ``instance`` is a Postfix configuration folder, or ``vanthu``."""

    check: str
    level: Level
    instance: str
    what: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class House:
    """vanthu itself, as the command found it.

    ``probe`` tells whether a filter answers at an address; ``problems`` are the errors of policy, register and
    lists; ``status`` is what the supervisor published (None: it never ran); ``min_free`` is in bytes.
    """

    settings: Settings
    probe: Callable[[str], bool]
    problems: tuple[str, ...]
    status: Mapping[str, Any] | None
    now: datetime
    libmilter: Version | None
    min_free: int = 1 << 30


@dataclass(frozen=True)
class Patient:
    """One Postfix instance beside vanthu; ``beside`` are the others, as seen from the first."""

    postfix: Configuration
    house: House
    primary: bool = True
    beside: tuple[Configuration, ...] = ()

    def milters(self, service: Service | None = None, parameter: str = "smtpd_milters") -> tuple[Entry, ...]:
        """The milters of a service (or of main.cf)."""
        values = self.postfix.values if service is None else service.values
        return entries(values.get(parameter, ""), self.postfix.queue)

    def is_ours(self, entry: Entry) -> bool:
        """By its address; by its name where it has another address than our settings."""
        return same(entry.address, self.house.settings.milter.socket) or "vanthu" in entry.address

    def ours(self, service: Service | None = None, parameter: str = "smtpd_milters") -> tuple[Entry, ...]:
        """Our own entries among them."""
        return tuple(entry for entry in self.milters(service, parameter) if self.is_ours(entry))

    def submissions(self) -> Iterator[Service]:
        """Services where users submit mail."""
        return (service for service in self.postfix.services if service.takes_submissions)

    def egress_services(self) -> Iterator[Service]:
        """Services of this instance where it takes what is to leave."""
        return _egress(self.postfix) if not self.primary else iter(())

    @property
    def is_egress(self) -> bool:
        """Whether this is the instance that filters what leaves."""
        return any(True for _ in self.egress_services())

    @property
    def egress_transport(self) -> str:
        """The transport by which this instance gives away mail for other hosts."""
        return self.postfix.values.get("default_transport", "").partition(":")[0]

    @property
    def has_egress(self) -> bool:
        """Whether mail for other hosts goes to a service that is called egress, of an instance beside this one."""
        hop = self.postfix.values.get("default_transport", "").partition(":")[2].replace("[", "").replace("]", "")
        doors = [service.name.removesuffix("/inet") for one in self.beside for service in _egress(one)]
        return bool(hop) and any(hop in (door, f"127.0.0.1:{door}") for door in doors)

    @cached_property
    def own_domains(self) -> frozenset[str]:
        """Domains of our settings, and those that Postfix delivers itself, listed in main.cf or in tables."""
        found = set(self.house.settings.own.domains)
        for name in _DELIVERED:
            for word in split(self.postfix.values.get(name, "")):
                if ":" in word:
                    found |= {row.key.lower() for row in rows(self.postfix.instance, word) if isinstance(row, Row)}
                else:
                    found.add(word.lower())
        return frozenset(found)

    def closed(self) -> Iterator[tuple[str, Entry, Mapping[str, str]]]:
        """Every entry of ours that must fail closed: where it stands, the entry, the values that it falls back to."""
        for service in (*self.submissions(), *self.egress_services()):
            for entry in self.ours(service):
                yield service.name, entry, service.values
        for entry in self.ours(parameter="non_smtpd_milters"):
            yield "non_smtpd_milters", entry, self.postfix.values


def _egress(postfix: Configuration) -> Iterator[Service]:
    return (
        service
        for service in postfix.services
        if service.program == "smtpd" and service.values.get("milter_macro_daemon_name") == "egress"
    )


Run = Callable[[Any], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``of`` says what it looks at: each Postfix instance, or vanthu itself."""

    name: str
    level: Level
    of: Literal["postfix", "vanthu"]
    what: str
    why: str
    mend: str
    run: Run

    def findings(self, patient: Patient | House) -> Iterator[Finding]:
        """What it finds now."""
        folder = str(patient.postfix.folder) if isinstance(patient, Patient) else "vanthu"
        installed = not isinstance(patient, Patient) or patient.postfix.instance.folder is None
        for hit in self.run(patient):
            mend = re.sub(r"<(\w+)>", lambda name: str(hit.values.get(name[1], name[0])), self.mend)  # noqa: B023
            if not installed:
                mend = _COMMAND.sub(rf"\1 -c {folder}", mend).replace(_SCRIPT, f"{_SCRIPT} --config-dir {folder}")
            yield Finding(self.name, self.level, folder, hit.what, self.why, mend)


CHECKS: list[Check] = []
"""All checks, in the order in which they are told."""


def check(name: str, level: Level, of: Literal["postfix", "vanthu"] = "postfix") -> Callable[[Run], Run]:
    """Registers a check; its docstring has to have the three paragraphs."""

    def register(run: Run) -> Run:
        what, why, mend = cleandoc(run.__doc__ or "").split("\n\n")
        CHECKS.append(Check(name, level, of, what, _line(why), _line(mend.removeprefix("Mend:")), run))
        return run

    return register


def _line(paragraph: str) -> str:
    return " ".join(paragraph.split())
