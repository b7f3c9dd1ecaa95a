"""What lists say about domains, as a value: ``Providers.classify`` and what it answers.

Pure look-ups in tables that are built once: no DNS, no files, no clock. All matches are exact or at a label boundary:
``notgmail.com`` and ``gmail.com.evil.example`` are not Google.

Order: overrides of the operator; official domains; government suffixes; suffixes that are never public; then
domains of families, their suffixes, and long tails, of which the longest match wins and in which a list that names
fewer domains wins over a longer one. Nothing matched: class ``other``.

Entries that one source alone has, or that the authors wrote from memory, count like all others: they are variants
of a provider's own name, so that a wrong one costs nothing. ``because`` says so, and an override corrects it.

| address | class |
|---|---|
| ``a@gmail.com``, ``a@ymail.com``, ``a@icloud.com`` | ``public`` |
| ``a@hcm.vnn.vn`` | ``isp`` |
| ``a@duck.com``, ``a@mozmail.com`` | ``relay`` |
| ``a@googlegroups.com`` | ``list`` |
| ``a@soyte.hathanh.gov.vn`` | ``official`` where the register or the settings name it, else ``government`` |
| ``a@notgmail.com``, ``a@gmail.com.evil.example``, ``a@truong.edu.vn`` | ``other``: no list names it |

Not seen: who sits behind an address of a firm or a school; a public provider that is in no list, before DNS is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ..mail.address import domains_at_or_above, fold_domain
from .lookalike import Lookalikes

AddressClass = Literal["public", "disposable", "isp", "relay", "hosted", "government", "official", "list", "other"]


@dataclass(frozen=True, slots=True)
class Provider:
    """Class and family of a domain, and which entry of which list decided."""

    class_: AddressClass
    family: str | None
    because: str


@dataclass(frozen=True, slots=True)
class LongTail:
    """A long list of one class: so many domains that each has no entry of its own."""

    file: str
    class_: AddressClass
    domains: frozenset[str]


_NOBODY = Provider("other", None, "no list names it")
_NO_DOMAIN = Provider("other", None, "no domain")
_LITERAL = Provider("other", None, "a domain literal")
Table = Mapping[str, Provider]


@dataclass(frozen=True, slots=True)
class Tables:
    """What ``load`` read, in the order in which it decides; ``strong`` are suffixes that win over all lists."""

    overrides: Table
    strong: Table
    exact: Table
    suffixes: Table
    tails: tuple[LongTail, ...]
    exchangers: Table


class Providers:
    """All provider lists of an installation. Nothing changes it after loading; share it between forks."""

    __slots__ = ("_exact", "_exchangers", "_lookalikes", "_overrides", "_strong", "_suffixes", "_tails", "digest")

    def __init__(self, tables: Tables, *, official: Iterable[str] = (), digest: str = "") -> None:
        self._overrides = dict(tables.overrides)
        self._strong = dict(tables.strong)
        self._exact = dict(tables.exact)
        self._suffixes = dict(tables.suffixes)
        self._tails = tables.tails
        self._exchangers = dict(tables.exchangers)
        self._lookalikes = Lookalikes(official)
        self.digest = digest

    def classify(self, address_or_domain: str) -> Provider:
        """Class, family and reason; an address is judged by what stands behind its last ``@``."""
        domain = fold_domain(address_or_domain.rpartition("@")[2].strip())
        if not domain:
            return _NO_DOMAIN
        if domain[0] == "[":
            return _LITERAL
        for table in (self._overrides, self._strong):
            found = _longest(table, domain) if table else None
            if found is not None:
                return found
        return self._exact.get(domain) or _longest(self._suffixes, domain) or self._tail(domain) or _NOBODY

    def unlisted(self, address_or_domain: str) -> str | None:
        """The folded domain, where no list says anything of it, so that its exchangers may be asked; else None."""
        if self.classify(address_or_domain) is not _NOBODY:
            return None
        return fold_domain(address_or_domain.rpartition("@")[2].strip())

    def by_mx(self, hosts: Iterable[str]) -> Provider | None:
        """What the mail exchangers of a domain say, the first that is known in the order given; None: nothing.

        A provider's exchanger makes the domain ``hosted`` (weak evidence: firms and schools are hosted there in good
        faith); that of an alias service ``relay``, that of a throw-away service ``disposable``.
        """
        for host in hosts:
            found = _longest(self._exchangers, fold_domain(host.strip()))
            if found is not None:
                return found
        return None

    def looks_like(self, domain: str) -> str | None:
        """The official domain that this one imitates without being part of it, or None."""
        folded = fold_domain(domain.rpartition("@")[2].strip())
        known = _longest(self._overrides, folded) or _longest(self._strong, folded)
        if not folded or (known is not None and (known.class_ == "official" or "xn--" not in folded)):
            return None
        return self._lookalikes.find(folded)

    def _tail(self, domain: str) -> Provider | None:
        """Throw-away services receive below their domains too; the others are listed as they are."""
        for tail in self._tails:
            for step in domains_at_or_above(domain):
                if step in tail.domains:
                    return Provider(tail.class_, None, f"{tail.file}: {step}")
                if tail.class_ != "disposable":
                    break
        return None


def _longest(table: Table, domain: str) -> Provider | None:
    """The entry of the domain itself or of the nearest domain above it."""
    for step in domains_at_or_above(domain):
        found = table.get(step)
        if found is not None:
            return found
    return None
