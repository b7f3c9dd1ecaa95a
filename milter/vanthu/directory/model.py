"""The register as a value: agencies, their mailboxes, and the look-ups that the mail path makes.

All indexes are built once, at load time; a look-up is a dictionary access or two, however large the register.
Nothing here reads files or the clock: see ``load``.

Offices are merged, renamed and put below others. An agency may therefore have several versions, one after the other,
under one slug: ``agencies`` holds the last of each, ``agency`` and ``tree`` answer for a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..mail.address import domains_at_or_above, fold_domain, key, split
from . import issuers
from .persons import anagram

Role = Literal["personal", "agency", "public_service", "system"]
Status = Literal["active", "expired"]

_GOOGLE = frozenset(["gmail.com", "googlemail.com"])


@dataclass(frozen=True, slots=True)
class Agency:
    """An office. ``parent`` is the slug of the office above it; dates are inclusive, None is open."""

    slug: str
    name: str
    kind: str | None = None
    parent: str | None = None
    domains: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An official mailbox. ``private`` are the outside addresses that its owner declared; dates are inclusive."""

    address: str
    name: str = ""
    agency: str | None = None
    position: str | None = None
    role: Role = "personal"
    private: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


def private_key(address: str) -> str:
    """The form in which declared private addresses are compared: without ``+tag``, at Google also without dots."""
    local, domain = split(key(address))
    bare = local.partition("+")[0] or local
    if domain in _GOOGLE:
        bare, domain = bare.replace(".", ""), "gmail.com"
    return f"{bare}@{domain}"


class Register:
    """All agencies and mailboxes. Build it once, share it between forks; nothing changes it afterwards."""

    __slots__ = (
        "_by_domain", "_by_name", "_former", "_mailboxes", "_names", "_owners", "agencies", "digest", "domains",
    )  # fmt: skip

    def __init__(
        self,
        agencies: Mapping[str, Agency],
        mailboxes: Mapping[str, Mailbox],
        *,
        former: Iterable[Agency] = (),
        digest: str | None = None,
    ) -> None:
        """``mailboxes`` by ``mail.address.key`` of their address, ``agencies`` by slug; ``former`` are the earlier
        versions of agencies, oldest first."""
        self.agencies = dict(agencies)
        self._mailboxes = dict(mailboxes)
        self._former: dict[str, tuple[Agency, ...]] = {}
        for agency in former:
            self._former[agency.slug] = (*self._former.get(agency.slug, ()), agency)
        versions = [*(a for found in self._former.values() for a in found), *self.agencies.values()]
        self._by_domain = {fold_domain(d): a.slug for a in versions for d in a.domains}
        self.domains = frozenset(self._by_domain)
        owners: dict[str, list[Mailbox]] = {}
        names: dict[str, Mailbox | None] = {}  # None: borne by two or more, so that it tells nobody apart
        for mailbox in self._mailboxes.values():
            for private in mailbox.private:
                owners.setdefault(private_key(private), []).append(mailbox)
            if mailbox.agency and mailbox.role == "personal" and (letters := anagram(mailbox.name)):
                names[letters] = None if letters in names else mailbox
        self._owners = {address: tuple(found) for address, found in owners.items()}
        self._names = {letters: found for letters, found in names.items() if found is not None}
        self._by_name = issuers.index((a.slug, a.name, a.parent) for a in self.agencies.values())
        self.digest = digest or _digest(versions, self._mailboxes.values())

    @property
    def mailboxes(self) -> Iterable[Mailbox]:
        """Every mailbox, in the order of the files."""
        return self._mailboxes.values()

    def __len__(self) -> int:
        return len(self._mailboxes)

    def mailbox(self, address: str) -> Mailbox | None:
        """The mailbox of that address, or None. A ``+tag`` still names the mailbox it is delivered to."""
        folded = key(address)
        found = self._mailboxes.get(folded)
        if found is None and "+" in folded:
            local, domain = split(folded)
            found = self._mailboxes.get(f"{local.partition('+')[0]}@{domain}")
        return found

    def agency_of(self, address: str) -> str | None:
        """The agency of the mailbox; else that of the longest registered domain at or above its own."""
        mailbox = self.mailbox(address)
        if mailbox is not None and mailbox.agency is not None:
            return mailbox.agency
        for domain in domains_at_or_above(fold_domain(split(address)[1])):
            found = self._by_domain.get(domain)
            if found is not None:
                return found
        return None

    def owners(self, private_address: str) -> tuple[Mailbox, ...]:
        """The officials who declared this address as their own."""
        return self._owners.get(private_key(private_address), ()) if self._owners else ()

    def bearer(self, letters: str) -> Mailbox | None:
        """The personal mailbox whose owner alone has a name of these letters (``persons.anagram``)."""
        return self._names.get(letters)

    def agency_named(self, text: str) -> str | None:
        """The agency that a document's issuer line names, or None where none or several could be meant."""
        return issuers.find(self._by_name, text)

    def status(self, mailbox: Mailbox, on: date) -> Status:
        """``expired`` outside of the dates of validity of the mailbox or of its agency."""
        return "active" if is_valid(mailbox, on) and self._agency_valid(mailbox, on) else "expired"

    def agency(self, slug: str, on: date) -> Agency | None:
        """The agency as it was on that day, or None where it did not exist then."""
        return next((version for version in self.versions(slug) if is_valid(version, on)), None)

    def versions(self, slug: str) -> tuple[Agency, ...]:
        """All that the register knows of an agency, oldest first; empty for an unknown slug."""
        last = self.agencies.get(slug)
        return () if last is None else (*self._former.get(slug, ()), last)

    def tree(self, on: date) -> dict[str, Agency]:
        """All agencies that existed on that day, as they were then, by slug."""
        found = ((slug, self.agency(slug, on)) for slug in self.agencies)
        return {slug: agency for slug, agency in found if agency is not None}

    def _agency_valid(self, mailbox: Mailbox, on: date) -> bool:
        slug = mailbox.agency or ""
        return slug not in self.agencies or self.agency(slug, on) is not None


def is_valid(entry: Agency | Mailbox, on: date) -> bool:
    """Whether a day lies within the dates of validity."""
    return (entry.valid_from is None or entry.valid_from <= on) and (entry.valid_to is None or on <= entry.valid_to)


def _digest(agencies: Iterable[Agency], mailboxes: Iterable[Mailbox]) -> str:
    """Short SHA-256 of what the register says, whatever file format it came in."""
    state = hashlib.sha256()
    for entry in (*agencies, *mailboxes):
        state.update(repr(entry).encode("utf-8", "surrogateescape"))
    return state.hexdigest()[:16]
