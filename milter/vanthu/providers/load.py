"""Loads provider lists from a folder, and reports every problem of all files in one run.

Every ``*.yaml`` file of the folder is read for what its keys say (``families``, ``overrides``, ``government``,
``never_public``, ``sources``), every ``*.txt`` file as a long list of domains whose comment lines say ``# class: …``.
Of the files that vanthu ships, those that the folder has no file of the same name for are read too: an operator's
folder may hold nothing but an ``overrides.yaml``.

Refused: what is no domain, a domain in two families, unknown keys and classes, an official or government domain
that is a top-level domain. Raises Problems.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast, get_args

from .. import located, shipped
from ..errors import Problem, Problems
from ..mail.address import fold_domain
from ..settings.load import read_text
from ..validation import did_you_mean, validate
from .model import AddressClass, LongTail, Provider, Providers, Tables
from .shapes import Family, ListFile

_DOMAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?").fullmatch
_LINES = re.compile(r"(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\n)*").fullmatch
_CLASSES = get_args(AddressClass)
_HEADING = re.compile(r"#[ \t]*class:[ \t]*(\S+)[ \t]*").fullmatch


def load(
    folder: Path, *, official: Iterable[str], government: Iterable[str], register: Iterable[str] = ()
) -> Providers:
    """All lists of an installation. ``official`` are own domains, ``register`` those that the register adds."""
    builder = _Builder()
    digest = hashlib.sha256()
    for file in _files(folder, builder.problems):
        try:
            text = read_text(file)
            digest.update(f"{file.name}\0{text}\0".encode())
            (builder.long_tail if file.suffix == ".txt" else builder.yaml)(file, text)
        except Problems as error:
            builder.problems.extend(error.problems)
    places = {"settings own.domains": official, "register": register, "settings government.domains": government}
    known = {place: sorted(builder.settings_domains(place, domains)) for place, domains in places.items()}
    digest.update(repr(known).encode())
    for place, domains in known.items():
        builder.problems.extend(builder.contradictions(place, domains))
    if builder.problems:
        raise Problems(sorted(builder.problems))
    strong = dict(builder.strong)
    for place, domains in reversed(known.items()):
        class_: AddressClass = "government" if place == "settings government.domains" else "official"
        strong.update({domain: Provider(class_, None, f"{place}: {domain}") for domain in domains})
    tables = Tables(builder.overrides, strong, builder.exact, builder.suffixes, builder.tails(), builder.exchangers)
    ours = [*known["settings own.domains"], *known["register"]]
    return Providers(tables, official=ours, digest=digest.hexdigest()[:16])


def _files(folder: Path, problems: list[Problem]) -> list[Path]:
    """The files to read, in name order; a file of the folder stands for the shipped one of the same name."""
    if not folder.is_dir():
        message = "no such folder of provider lists; mend the setting providers"
        problems.append(Problem(str(folder), 0, 0, "error", message))
        return []
    found: dict[str, Path] = {}
    for place in (shipped.providers(), folder):
        for file in place.glob("*") if place.is_dir() else ():
            if file.suffix in (".yaml", ".txt") and not file.name.startswith("."):
                found[file.name] = file
    return [found[name] for name in sorted(found)]


class _Builder:
    """Tables under construction, and the problems on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.overrides: dict[str, Provider] = {}
        self.strong: dict[str, Provider] = {}
        self.exact: dict[str, Provider] = {}
        self.suffixes: dict[str, Provider] = {}
        self.exchangers: dict[str, Provider] = {}
        self._tails: list[LongTail] = []
        self.files: dict[str, str] = {}

    def tails(self) -> tuple[LongTail, ...]:
        """Throw-away lists first: the more particular word about a domain."""
        return tuple(sorted(self._tails, key=lambda tail: (tail.class_ != "disposable", tail.file)))

    def yaml(self, file: Path, text: str) -> None:
        document = located.parse(text, str(file))
        content, problems = validate(ListFile, document)
        self.problems.extend(problems)
        if content is None:
            return
        for domain, _ in self.domains(document, ("government",), content.government):
            self.strong[domain] = Provider("government", None, f"suffix {domain}")
        for domain, _ in self.domains(document, ("never_public",), content.never_public):
            self.strong[domain] = Provider("other", None, f"suffix {domain}: never public")
        for given, override in content.overrides.items():
            for domain, _ in self.domains(document, ("overrides", given), [given], at_key=True):
                reason = f" ({override.reason})" if override.reason else ""
                because = f"{file.name}: {domain}{reason}"
                self.overrides[domain] = Provider(override.class_, override.family, because)
        for name, family in content.families.items():
            self.family(document, file.name, name, family)

    def family(self, document: located.Located, file: str, name: str, family: Family) -> None:
        """All entries of one family, each with the reason that it will give."""
        weak = {fold_domain(d): " (one source only)" for d in family.single_source}
        weak |= {fold_domain(d): " (from memory)" for d in family.memory}
        path = ("families", name)
        exchangers = {fold_domain(host) for host in family.mx_suffixes}
        more = [(index, d) for index, d in enumerate(family.memory) if fold_domain(d) not in exchangers]
        for domain, place in [
            *self.domains(document, (*path, "domains"), family.domains),
            *self.domains(document, (*path, "memory"), dict(more)),
        ]:
            because = f"{file}: {name}: {domain}{weak.get(domain, '')}"
            table = self.suffixes if family.class_ == "disposable" else self.exact  # those receive below it too
            self.enter(table, domain, Provider(family.class_, name, because), document, place)
        for domain, place in self.domains(document, (*path, "domain_suffixes"), family.domain_suffixes):
            because = f"{file}: {name}: {domain}{weak.get(domain, '')}"
            self.enter(self.suffixes, domain, Provider(family.class_, name, because), document, place)
        class_: AddressClass = family.class_ if family.class_ in ("relay", "disposable") else "hosted"
        for host, place in self.domains(document, (*path, "mx_suffixes"), family.mx_suffixes):
            because = f"{file}: {name}: MX {host}{weak.get(host, '')}"
            self.enter(self.exchangers, host, Provider(class_, name, because), document, place)

    def enter(
        self, table: dict[str, Provider], domain: str, entry: Provider, document: located.Located, place: located.Path
    ) -> None:
        other = table.get(domain)
        if other is not None:
            self.problems.append(document.problem(place, f"{domain} stands twice; the other is {other.because}"))
        table[domain] = entry

    def domains(
        self, document: located.Located, path: located.Path, given: Iterable[str] | dict[int, str], *,
        at_key: bool = False,
    ) -> Iterator[tuple[str, located.Path]]:  # fmt: skip
        """Folded domains and their places; what is no domain is a problem."""
        pairs = given.items() if isinstance(given, dict) else enumerate(given)
        for index, text in pairs:
            place = path if at_key else (*path, index)
            domain = fold_domain(text)
            if _DOMAIN(domain) and not domain.isdigit():
                yield domain, place
            else:
                self.problems.append(document.problem(place, f"not a domain: {text!r}", at_key=at_key))

    def long_tail(self, file: Path, text: str) -> None:
        """A list of one class: comment lines at the top, then a domain a line."""
        body = text
        named: str | None = None
        while body.startswith("#"):
            line, _, body = body.partition("\n")
            heading = _HEADING(line)
            named = heading[1] if heading else named
        if named not in _CLASSES:
            hint = did_you_mean(named or "", _CLASSES)
            message = f"says no known class in a line '# class: public' at its top{hint}"
            self.problems.append(Problem(str(file), 1, 1, "error", message))
            return
        domains = body.split() if _LINES(body) else list(self.lines(file, text))
        self._tails.append(LongTail(file.name, cast("AddressClass", named), frozenset(domains)))

    def lines(self, file: Path, text: str) -> Iterator[str]:
        """The slow way, for lists that people wrote."""
        for number, line in enumerate(text.splitlines(), 1):
            word = line.partition("#")[0].strip()
            domain = fold_domain(word)
            if word and _DOMAIN(domain) and "." in domain:
                yield domain
            elif word:
                self.problems.append(
                    Problem(str(file), number, line.index(word) + 1, "error", f"not a domain: {word!r}")
                )

    def contradictions(self, place: str, domains: Iterable[str]) -> Iterator[Problem]:
        """A provider of free mailboxes among the offices would switch off every rule about it: nobody means that."""
        for domain in domains:
            found = self.exact.get(domain) or self.suffixes.get(domain)
            if domain not in self.overrides and found is not None and found.class_ in ("public", "disposable"):
                message = f"{domain} gives mailboxes to anybody ({found.because}); take it out, or write an override"
                yield Problem(place, 0, 0, "error", message)

    def settings_domains(self, place: str, domains: Iterable[str]) -> Iterator[str]:
        """Domains of settings and register; a top-level domain there would make half of the world official."""
        for text in domains:
            domain = fold_domain(text.strip().removeprefix("@"))
            if _DOMAIN(domain) and "." in domain:
                yield domain
            else:
                message = f"{text!r} is not a domain of an office; write one such as x.gov.vn"
                self.problems.append(Problem(place, 0, 0, "error", message))
