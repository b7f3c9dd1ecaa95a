"""From rows to a register: every value is checked, and every problem is kept with its place."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import date
from typing import Any, cast, get_args

from ..errors import Problem, Problems
from ..mail.address import fold_domain, key, split
from ..validation import did_you_mean
from . import issuers
from .model import Agency, Mailbox, Register, Role
from .persons import plain
from .tables import Row

_SLUG = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*").fullmatch
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\\\[\]]{1,64}@[^\s@<>(),;:\"\\\[\]]{1,255}").fullmatch
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]").fullmatch
_SEVERAL = re.compile(r"[;,\s]+")
_VIETNAMESE_DATE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})").fullmatch
ROLES: dict[str, Role] = {
    "": "personal", "personal": "personal", "ca nhan": "personal",
    "agency": "agency", "co quan": "agency", "don vi": "agency", "van thu": "agency", "hop thu don vi": "agency",
    "public_service": "public_service", "public service": "public_service", "mot cua": "public_service",
    "dich vu cong": "public_service", "tiep dan": "public_service",
    "system": "system", "he thong": "system",
}  # fmt: skip


class Builder:
    """Collects rows of any number of files; ``register`` checks what only the whole can tell."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.agencies: dict[str, Agency] = {}
        self.former: list[Agency] = []
        self.agency_rows: dict[str, Row] = {}
        self.mailbox_rows: list[Row] = []
        self.domains: dict[str, str] = {}
        self.dates: dict[str, date | None] = {}
        self.named: dict[str, str | None] = {}

    def add(self, row: Row) -> None:
        """One row; mailboxes are looked at when all agencies are known."""
        if row.kind == "mailbox":
            self.mailbox_rows.append(row)
            return
        slug = str(row.values.get("slug") or "")
        if not _SLUG(slug):
            self.complain(
                row, "slug", f"slug: write small letters, digits and hyphens, such as so-y-te, not {slug!r}"
            )
        else:
            agency = Agency(
                slug, self.text(row, "name", required=True) or slug, self.text(row, "kind"), self.text(row, "parent"),
                tuple(self.agency_domains(row, slug)), tuple(self.addresses(row, "contacts")),
                *self.validity(row),
            )  # fmt: skip
            self.keep(row, agency)

    def keep(self, row: Row, agency: Agency) -> None:
        """The last version of an agency counts; earlier ones must have ended before the next began."""
        slug = agency.slug
        versions = [one for one in (*self.former, self.agencies.get(slug)) if one is not None and one.slug == slug]
        if any(not _apart(agency, one) for one in versions):
            self.complain(
                row,
                "slug",
                f"the agency {slug} stands twice; keep one, or give dates of validity that do not overlap",
            )
            return
        last = self.agencies.get(slug)
        if last is not None and _begin(agency) < _begin(last):
            self.former.append(agency)
            return
        if last is not None:
            self.former.append(last)
        self.agencies[slug] = agency
        self.agency_rows[slug] = row

    def register(self) -> Register:
        """The whole; Problems, in the order of the files, when anything is wrong."""
        self.check_tree()
        names = issuers.index((a.slug, a.name, a.parent) for a in self.agencies.values())
        mailboxes: dict[str, Mailbox] = {}
        for row in self.mailbox_rows:
            mailbox = self.mailbox(row, names)
            if mailbox is None:
                continue
            folded = key(mailbox.address)
            if folded in mailboxes:
                self.complain(row, "address", f"the mailbox {mailbox.address} stands twice; keep one")
            mailboxes[sys.intern(folded)] = mailbox
        if self.problems:
            raise Problems(sorted(self.problems))
        return Register(self.agencies, mailboxes, former=sorted(self.former, key=_begin))

    def mailbox(self, row: Row, names: issuers.Index) -> Mailbox | None:
        address = str(row.values.get("address") or "").strip()
        if not is_address(address):
            self.complain(row, "address", f"address: not a mail address: {address!r}")
            return None
        return Mailbox(
            address, self.text(row, "name") or "", self.agency(row, names), self.shared(row, "position"),
            self.role(row), tuple(self.addresses(row, "private")), *self.validity(row),
        )  # fmt: skip

    def agency(self, row: Row, names: issuers.Index) -> str | None:
        given = self.text(row, "agency")
        if given is None:
            return None
        if given not in self.named:
            self.named[given] = given if given in self.agencies else issuers.find(names, given)
        found = self.named[given]
        if found is None:
            known = [*self.agencies, *(a.name for a in self.agencies.values())]
            self.complain(row, "agency", f"unknown agency {given}{did_you_mean(given, known[:5000])}")
        return sys.intern(found) if found else None

    def role(self, row: Row) -> Role:
        given = self.text(row, "role") or ""
        role = ROLES.get(given) or ROLES.get(" ".join(plain(given).split()))
        if role is None:
            self.complain(row, "role", f"unknown role {given}{did_you_mean(given, get_args(Role))}")
        return role or "personal"

    def agency_domains(self, row: Row, slug: str) -> Iterable[str]:
        for index, given in enumerate(self.several(row, "domains")):
            domain = fold_domain(given.removeprefix("@"))
            if not _DOMAIN(domain):
                self.complain(row, "domains", f"domains: not a domain: {given!r}", index=index)
            elif (other := self.domains.setdefault(domain, slug)) != slug:
                self.complain(
                    row, "domains", f"the domain {domain} belongs to the agency {other} already", index=index
                )
            else:
                yield domain

    def addresses(self, row: Row, name: str) -> Iterable[str]:
        for index, given in enumerate(self.several(row, name)):
            if is_address(given):
                yield given
            else:
                self.complain(row, name, f"{name}: not a mail address: {given!r}", index=index)

    def check_tree(self) -> None:
        """Parents exist, and nobody stands below himself."""
        for agency in self.former:
            if agency.parent is not None and agency.parent not in self.agencies:
                hint = did_you_mean(agency.parent, self.agencies)
                row = self.agency_rows[agency.slug]
                self.complain(row, "parent", f"unknown agency {agency.parent}, until {agency.valid_to}{hint}")
        for slug, agency in self.agencies.items():
            if agency.parent is not None and agency.parent not in self.agencies:
                hint = did_you_mean(agency.parent, self.agencies)
                self.complain(self.agency_rows[slug], "parent", f"unknown agency {agency.parent}{hint}")
        clear: set[str] = set()
        for slug in self.agencies:
            way: list[str] = []
            step: str | None = slug
            while step is not None and step in self.agencies and step not in clear:
                if step in way:
                    circle = " > ".join([*way[way.index(step) :], step])
                    self.complain(self.agency_rows[step], "parent", f"an agency stands below itself: {circle}")
                    break
                way.append(step)
                step = self.agencies[step].parent
            clear.update(way)

    def validity(self, row: Row) -> tuple[date | None, date | None]:
        begin, end = self.date(row, "valid_from"), self.date(row, "valid_to")
        if begin and end and end < begin:
            self.complain(row, "valid_to", f"valid_to: {end} lies before valid_from, {begin}")
        return begin, end

    def date(self, row: Row, name: str) -> date | None:
        given = row.values.get(name)
        if given is None or given == "" or isinstance(given, date):
            return given or None
        text = str(given)
        if text not in self.dates:
            self.dates[text] = read_date(text)
        if self.dates[text] is None:
            self.complain(row, name, f"{name}: write a date as 2026-01-31 or 31/01/2026, not {text!r}")
        return self.dates[text]

    def text(self, row: Row, name: str, *, required: bool = False) -> str | None:
        given = row.values.get(name)
        if isinstance(given, (dict, list, bool)):
            self.complain(row, name, f"{name}: write plain text")
            return None
        if required and not given:
            self.complain(row, name, f"the key {name} is missing")
        return str(given).strip() or None if given is not None else None

    def shared(self, row: Row, name: str) -> str | None:
        """A text that many rows have in common is kept once."""
        given = self.text(row, name)
        return sys.intern(given) if given else None

    def several(self, row: Row, name: str) -> list[str]:
        given = row.values.get(name)
        if not given:
            return []
        if isinstance(given, str):
            return [part for part in _SEVERAL.split(given) if part]
        if isinstance(given, list) and all(isinstance(part, str) for part in given):
            return cast("list[str]", given)
        self.complain(row, name, f"{name}: write a list of texts")
        return []

    def complain(self, row: Row, name: str, message: str, *, index: int | None = None) -> None:
        self.problems.append(row.problem((name,) if index is None else (name, index), message))


def _begin(agency: Agency) -> date:
    return agency.valid_from or date.min


def _apart(one: Agency, other: Agency) -> bool:
    """Whether no day lies within the dates of validity of both."""
    return (one.valid_to or date.max) < _begin(other) or (other.valid_to or date.max) < _begin(one)


def is_address(text: str) -> bool:
    """Whether a text is an address that a register may hold: dot-atom local part, full domain."""
    if not _ADDRESS(text):
        return False
    local, domain = split(text)
    return ".." not in local and local[0] != "." and local[-1] != "." and bool(_DOMAIN(fold_domain(domain)))


def read_date(text: Any) -> date | None:
    """An ISO date, or day/month/year as Vietnamese offices write it."""
    found = _VIETNAMESE_DATE(str(text).strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(str(text).strip())
    except ValueError:
        return None
