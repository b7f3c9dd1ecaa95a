"""What in a register that loads is likely wrong all the same; ``load`` refuses what is certainly wrong.

Each finding names a mailbox or an agency, a rule and what is odd. Nothing here is an error: offices are strange.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ..mail.address import fold_domain, split
from .issuers import normal
from .model import Agency, Mailbox, Register, is_valid, private_key
from .naming import kind_of
from .persons import plain

_ALIKE = 0.92


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """``subject`` is an address or a slug."""

    subject: str
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.rule}: {self.text}"


def lint(register: Register, today: date, is_official: Callable[[str], bool]) -> list[Finding]:
    """All findings, by subject; ``is_official`` tells of a domain whether it is an office's."""
    mailboxes = list(register.mailboxes)
    found = [
        *_foreign(register, mailboxes, is_official),
        *_private(register, mailboxes, is_official),
        *_same_person(mailboxes),
        *_orphans(register, mailboxes, today),
        *_dates(register, mailboxes),
        *_agency_names(register.agencies.values()),
        *_kinds(register.agencies.values()),
    ]
    return sorted(found)


def _foreign(
    register: Register, mailboxes: Iterable[Mailbox], is_official: Callable[[str], bool]
) -> Iterator[Finding]:
    for one in mailboxes:
        domain = fold_domain(split(one.address)[1])
        if not _within(domain, register.domains) and not is_official(domain):
            yield Finding(one.address, "foreign-domain", f"{domain} is no domain of the register or of an office")


def _within(domain: str, domains: frozenset[str]) -> bool:
    while domain:
        if domain in domains:
            return True
        domain = domain.partition(".")[2]
    return False


def _private(
    register: Register, mailboxes: Iterable[Mailbox], is_official: Callable[[str], bool]
) -> Iterator[Finding]:
    owners: dict[str, list[str]] = defaultdict(list)
    for one in mailboxes:
        for private in one.private:
            owners[private_key(private)].append(one.address)
            domain = fold_domain(split(private)[1])
            if register.mailbox(private) is not None:
                yield Finding(one.address, "private-is-official", f"{private} is a mailbox of the register")
            elif _within(domain, register.domains) or is_official(domain):
                yield Finding(one.address, "private-is-official", f"{private} is in an official domain")
    for private, found in owners.items():
        if len(found) > 1:
            yield Finding(found[0], "private-shared", f"{private} is declared by {', '.join(found[1:])} too")


def _same_person(mailboxes: Iterable[Mailbox]) -> Iterator[Finding]:
    """In one agency: a name twice, or two names that differ in their marks only."""
    bearers: dict[tuple[str | None, str], list[Mailbox]] = defaultdict(list)
    for one in mailboxes:
        if one.role == "personal" and one.name and one.valid_to is None:
            bearers[one.agency, " ".join(plain(one.name).split())].append(one)
    for found in bearers.values():
        for other in found[1:]:
            same = " ".join(found[0].name.split()) == " ".join(other.name.split())
            if same and (found[0].position or other.position) and found[0].position != other.position:
                continue  # two people of one name: their positions tell them apart
            rule = "duplicate-person" if same else "near-identical-names"
            yield Finding(other.address, rule, f"{other.name}, and {found[0].name} has {found[0].address}")


def _orphans(register: Register, mailboxes: Iterable[Mailbox], today: date) -> Iterator[Finding]:
    used = {one.agency for one in mailboxes}
    parents = {agency.parent for agency in register.agencies.values()}
    for one in mailboxes:
        if one.agency is None and one.role != "system":
            yield Finding(one.address, "orphan", "belongs to no agency")
    for slug, agency in register.agencies.items():
        if slug not in used and slug not in parents and is_valid(agency, today):
            yield Finding(slug, "orphan", f"{agency.name} has no mailbox and no agency below it")


def _dates(register: Register, mailboxes: Iterable[Mailbox]) -> Iterator[Finding]:
    for one in mailboxes:
        versions = register.versions(one.agency or "")
        if versions and (one.valid_to or date.max) > max(version.valid_to or date.max for version in versions):
            yield Finding(one.address, "dates", f"goes on after the end of its agency, {versions[-1].valid_to}")
        if versions and one.valid_from and one.valid_from < min(v.valid_from or date.min for v in versions):
            yield Finding(one.address, "dates", f"begins before its agency, {versions[0].valid_from}")
    for slug in register.agencies:
        for version in register.versions(slug):
            yield from _parent_dates(register, version)


def _parent_dates(register: Register, agency: Agency) -> Iterator[Finding]:
    versions = register.versions(agency.parent or "")
    if not versions:
        return
    last = max(version.valid_to or date.max for version in versions)
    if (agency.valid_to or date.max) > last:
        yield Finding(agency.slug, "dates", f"stands below {agency.parent}, which ended on {last}")
    first = min(version.valid_from or date.min for version in versions)
    if (agency.valid_from or date.min) < first:
        yield Finding(agency.slug, "dates", f"stands below {agency.parent} before that began, on {first}")


def _agency_names(agencies: Iterable[Agency]) -> Iterator[Finding]:
    """Below one parent: the same name, or one that is a slip of the keyboard away."""
    siblings: dict[str | None, list[tuple[str, Agency]]] = defaultdict(list)
    for agency in agencies:
        if agency.valid_to is None:
            siblings[agency.parent].append((normal(agency.name), agency))
    for found in siblings.values():
        found.sort(key=lambda entry: entry[0])
        # Names alike stand side by side when sorted, unless the slip is in the first letters.
        for (name, one), (next_name, other) in pairwise(found):
            if name == next_name or _slip(name, next_name):
                yield Finding(other.slug, "near-identical-names", f"{other.name}, and {one.name} is {one.slug}")


def _slip(one: str, other: str) -> bool:
    """Nearly the same, with the same number of words, and none of them another syllable of usual length."""
    first, second = one.split(), other.split()
    if len(first) != len(second):
        return one.replace(" ", "") == other.replace(" ", "")
    different = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    return (
        len(different) == 1
        and abs(len(different[0][0]) - len(different[0][1])) == 1
        and difflib.SequenceMatcher(None, one, other).ratio() >= _ALIKE
        and (different[0][0].startswith(different[0][1]) or different[0][1].startswith(different[0][0]))
        and different[0][0][-1:] == different[0][1][-1:]
    )


def _kinds(agencies: Iterable[Agency]) -> Iterator[Finding]:
    for agency in agencies:
        kind = kind_of(agency.name)
        if kind is not None and agency.kind != kind:
            yield Finding(
                agency.slug, "kind", f"{agency.name} reads like kind {kind}: 506/BTTTT-UDCNTT leaves those out"
            )
