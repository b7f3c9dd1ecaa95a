"""From understood sheets to what would be written: agencies and mailboxes, and every question on the way.

``make`` asks the register for agencies that exist; others are proposed as new ones. Nothing is written here. A
mailbox stands in the plan only if its row is clear; ``Plan.sure`` says that nothing was asked and nothing left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..mail.address import key, split
from . import wording
from .build import ROLES, read_date
from .cells import Addresses
from .entries import Entry, Level, Remark, Understood
from .model import Agency, Mailbox, Register, Role
from .naming import Naming
from .persons import plain
from .understand import is_named

Standing = Literal["official", "public", "other"]


@dataclass(slots=True)
class Plan:
    """``agencies`` are new; ``mailboxes`` are new. ``known`` counts those that the register holds already."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    known: int = 0

    @property
    def sure(self) -> bool:
        """Nothing to ask, nothing left out."""
        return all(remark.level == "note" for remark in self.remarks)


def make(
    sheets: Iterable[Understood],
    register: Register,
    standing: Callable[[str], Standing],
    answers: Mapping[str, str],
) -> Plan:
    """``standing`` of a domain; ``answers`` are slugs by the text that names the agency, as told by the operator."""
    planner = _Planner(register, standing, Naming(register, answers))
    for sheet in sheets:
        planner.plan.remarks.extend(sheet.remarks)
        if sheet.unissued:
            rows = ", ".join(map(str, sheet.unissued[:20])) + (" …" if len(sheet.unissued) > 20 else "")
            planner.remark("note", sheet.label, f"{len(sheet.unissued)} persons without address, rows {rows}")
        for entry in sheet.entries:
            planner.take(entry)
    return planner.finish()


class _Planner:
    def __init__(self, register: Register, standing: Callable[[str], Standing], naming: Naming) -> None:
        self.register = register
        self.standing = standing
        self.naming = naming
        self.plan = Plan()
        self.places: dict[str, str] = {}
        self.resolved: dict[tuple[tuple[str, ...], tuple[str, ...]], str | None] = {}
        self.used: Counter[str] = Counter()
        self.foreign: Counter[str] = Counter()
        self.refused: dict[str, list[str]] = {}
        self.nameless: list[str] = []
        self.clashes: set[str] = set()

    def take(self, entry: Entry) -> None:
        own = self.addresses(entry)
        if own is None:
            return
        official, private = own
        role = self.role(entry)
        dates = [read_date(text) if text else None for text in (entry.valid_from, entry.valid_to)]
        if any(text and date is None for text, date in zip((entry.valid_from, entry.valid_to), dates, strict=True)):
            self.remark("unclear", entry.place, f"not a date: {entry.valid_from} {entry.valid_to}".strip())
            return
        agency = self.agency(entry)
        if agency == "":
            return
        if entry.person.comment:
            self.remark(
                "question", entry.place, f"({entry.person.comment}) behind the name {entry.person.name} is left out"
            )
        position = " ".join(entry.position.split()) or None
        for address in official:
            self.add(entry.place, Mailbox(address, entry.person.name, agency, position, role, private, *dates))

    def addresses(self, entry: Entry) -> tuple[list[str], tuple[str, ...]] | None:
        """Official addresses of an entry, and its owner's private ones; None where it is unclear."""
        cell = entry.address
        who = entry.person.name or "?"
        if cell.doubtful or entry.private.doubtful:
            wrong = " ".join((*cell.doubtful, *entry.private.doubtful))
            self.remark("unclear", entry.place, f"{who}: not a mail address: {wrong}")
            return None
        misplaced = [one for one in entry.private.found if self.standing(split(one)[1]) == "official"]
        if misplaced:
            self.remark(
                "unclear", entry.place, f"{who}: official, but in a column of private addresses: {misplaced[0]}"
            )
            return None
        standings = {address: self.standing(split(address)[1]) for address in cell.found}
        official = [address for address, found in standings.items() if found != "public"]
        public = [address for address, found in standings.items() if found == "public"]
        if not official:
            seen = ", ".join((*cell.found, *entry.private.found))
            self.remark("unclear", entry.place, f"{who}: no official address, only {seen}")
            return None
        if len(official) > 1:
            self.remark("question", entry.place, f"{who}: several mailboxes: {', '.join(official)}")
        if public:
            told = ", ".join(public)
            self.remark(
                "question", entry.place, f"{who}: {told} beside the official address: kept as declared private"
            )
        if cell.mended or entry.private.mended:
            self.remark("note", entry.place, f"address mended: {', '.join((*cell.found, *entry.private.found))}")
        if _letters(cell):
            self.remark("question", entry.place, f"{who}: beside the address stands: {cell.rest}; left out")
        self.foreign.update(split(address)[1] for address in official if standings[address] == "other")
        return official, tuple(dict.fromkeys((*public, *entry.private.found)))

    def role(self, entry: Entry) -> Role:
        """As told by its column; a mailbox without a person's name is asked about."""
        if entry.role:
            role = ROLES.get(" ".join(plain(entry.role).split()))
            if role is None:
                self.remark("question", entry.place, f"unknown role {entry.role}: taken as personal")
            return role or "personal"
        name = entry.person.name
        if is_named(name):
            return "personal"
        shared = not name or wording.is_shared(name)
        told = f"{name or 'no name'} ({', '.join(entry.address.found)})"
        if shared:
            self.remark("question", entry.place, f"{told}: a mailbox of an office or desk, role agency")
            return "agency"
        self.remark("question", entry.place, f"{told}: unusual name of a person")
        return "personal"

    def agency(self, entry: Entry) -> str | None:
        """The slug of an entry's agency, None where nobody names one, "" where it is unclear."""
        if not (entry.agency or entry.titles):
            if (told := self.naming.answers.get("")) is None:
                self.nameless.append(entry.place)
            return told
        texts = (entry.agency, entry.titles)
        if texts not in self.resolved:
            self.resolved[texts] = self.naming.look_up(*texts, entry.place)
        slug = self.resolved[texts]
        if slug is None:
            self.refused.setdefault((*entry.agency, *entry.titles)[0], []).append(entry.place)
            return ""
        self.used[slug] += 1
        return slug

    def add(self, place: str, mailbox: Mailbox) -> None:
        folded = key(mailbox.address)
        before = self.register.mailbox(mailbox.address)
        if before is not None:
            if _same(before, mailbox):
                self.plan.known += 1
            else:
                self.remark(
                    "unclear",
                    place,
                    f"{mailbox.address} is in the register already, differently: {_differ(before, mailbox)}",
                )
            return
        other = self.plan.mailboxes.get(folded)
        if other is None and folded not in self.clashes:
            self.plan.mailboxes[folded] = mailbox
            self.places[folded] = place
        elif other is not None and _same(other, mailbox):
            self.remark("note", place, f"{mailbox.address} stands twice, the same at {self.places[folded]}")
        else:
            self.clashes.add(folded)
            self.plan.mailboxes.pop(folded, None)
            told = f", {_differ(other, mailbox)}" if other is not None else ""
            self.remark(
                "unclear", place, f"{mailbox.address} stands also at {self.places[folded]}{told}; both left out"
            )

    def finish(self) -> Plan:
        """What only the whole can tell: which new agencies are needed, what was not understood how often."""
        plan = self.plan
        plan.agencies = self.naming.new_agencies
        plan.remarks.extend(self.naming.remarks)
        needed = {mailbox.agency for mailbox in plan.mailboxes.values()}
        for slug in list(needed):
            while slug in plan.agencies and (slug := plan.agencies[slug].parent) is not None:
                needed.add(slug)
        plan.agencies = {slug: agency for slug, agency in plan.agencies.items() if slug in needed}
        for slug, agency in plan.agencies.items():
            above = f", below {agency.parent}" if agency.parent else ""
            kind = f", kind {agency.kind}" if agency.kind else ""
            self.remark("question", "", f"new agency {slug}: {agency.name}{above}{kind}, {self.used[slug]} rows")
        for text, places in self.refused.items():
            self.remark(
                "unclear",
                places[0],
                f"which agency is {text}? {len(places)} rows left out; answer --agency '{text}=SLUG'",
            )
        if self.nameless:
            self.remark(
                "question",
                self.nameless[0],
                f"no agency is named for {len(self.nameless)} rows; or give --agency =SLUG",
            )
        for domain, count in self.foreign.items():
            self.remark(
                "question", "", f"{count} addresses in {domain}, which is no domain of the register or of offices"
            )
        return plan

    def remark(self, level: Level, place: str, text: str) -> None:
        self.plan.remarks.append(Remark(level, place, text))


def _letters(cell: Addresses) -> bool:
    return any(c.isalpha() for c in cell.rest)


def _same(one: Mailbox, other: Mailbox) -> bool:
    return not _differ(one, other)


def _differ(one: Mailbox, other: Mailbox) -> str:
    """What a second row says otherwise; what it does not say does not count."""
    different = []
    for what in ("name", "agency", "position", "private"):
        before, now = getattr(one, what), getattr(other, what)
        if now and before != now:
            different.append(f"{what} {before or 'none'} -> {now}")
    return "; ".join(different)
