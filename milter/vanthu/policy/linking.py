"""Joins the files of a policy: names that must be unique, names that must exist, what ``enforce`` asks for; compiles.

Every problem is collected in ``Linker.problems``; ``link`` gives a policy only where there is none.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import Level, Problem
from ..located import Located, Path
from ..validation import did_you_mean
from .building import Builder
from .detectors import Detector, PatternError, detector
from .hours import Calendar
from .model import Basis, Lifter, OnUnknown, Policy, Rule
from .secrecy import asks_for_secrecy
from .shapes import ExceptionShape, PolicyShape, RuleShape, UnlessShape
from .shipped_detectors import FILE, as_policy, shipped
from .sources import BASES, Sources, raw_conditions


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule, an ``unless`` entry or an exception with its place, for problems that are found later."""

    located: Located
    path: Path

    def problem(self, message: str, *below: str | int, level: Level = "error", at_key: bool = False) -> Problem:
        return self.located.problem((*self.path, *below), message, level=level, at_key=at_key)

    def warning(self, message: str, *below: str | int, at_key: bool = False) -> Problem:
        return self.problem(message, *below, level="warning", at_key=at_key)


class Linker:
    """One run over the sources of a policy. Lint reads ``rules``, ``exceptions`` and ``builder`` afterwards."""

    def __init__(self, sources: Sources, installation: str, calendar: Calendar) -> None:
        self.sources = sources
        self.installation = installation
        self.calendar = calendar
        self.problems = list(sources.problems)
        self.rules: dict[str, tuple[Entry, RuleShape]] = {}
        self.exceptions: dict[str, tuple[Entry, ExceptionShape]] = {}
        self.detectors: dict[str, Detector] = {}
        self.detector_places: dict[str, tuple[Entry, str]] = {}
        self.lists: dict[str, tuple[str, ...]] = {}
        self.list_places: dict[str, Entry] = {}
        self.on_unknown: OnUnknown = "skip"
        self._merge()
        self.builder = Builder(self.lists, {**shipped(), **self.detectors}, calendar)
        self.bases: Mapping[str, Basis] = self._bases()

    def link(self) -> Policy | None:
        """The compiled policy, or None when there are problems."""
        for located, shape in self.sources.policies:
            if shape is None:
                for path, when in raw_conditions(located):
                    self.builder.conditions(located, path, when)
        lifters = {
            id_: (exception, self._lifter(entry, exception)) for id_, (entry, exception) in self.exceptions.items()
        }
        rules = [self._rule(entry, shape, lifters) for entry, shape in self.rules.values()]
        self.problems += self.builder.problems
        if self.problems:
            return None
        ready = [rule for rule in rules if rule is not None]
        borrowed = self.builder.used_detectors - set(self.detectors)
        self.detectors |= {name: shipped()[name] for name in borrowed}
        text = dict(self.sources.text)
        if borrowed:
            text.setdefault(FILE, as_policy(borrowed))
        return Policy.of(
            [rule for rule in ready if rule.mode != "off"],
            off=[rule for rule in ready if rule.mode == "off"],
            detectors=tuple(self.detectors[name] for name in sorted(self.detectors)),
            calendar=self.calendar,
            installation=self.installation,
            digest=self._digest(),
            text=text,
        )

    def _merge(self) -> None:
        chosen: OnUnknown | None = None
        for located, shape in self.sources.policies:
            if shape is None:
                self.lists |= dict.fromkeys(_raw_names(located, "lists"), ())
                self.detectors |= {
                    name: detector(name, "x", distinct=False) for name in _raw_names(located, "detectors")
                }
                continue
            if shape.on_unknown is not None:
                if chosen not in (None, shape.on_unknown):
                    self._complain(located, ("on_unknown",), f"another file says on_unknown: {chosen}; keep one")
                chosen = shape.on_unknown
            for name, entries in shape.lists.items():
                self._once(located, ("lists", name), name, self.lists, "list")
                self.lists[name] = entries
                self.list_places[name] = Entry(located, ("lists", name))
            self._merge_detectors(located, shape)
            for index, rule in enumerate(shape.rules):
                self._once(located, ("rules", index, "id"), rule.id, self.rules, "rule")
                self.rules[rule.id] = Entry(located, ("rules", index)), rule
            for index, exception in enumerate(shape.exceptions):
                self._once(located, ("exceptions", index, "id"), exception.id, self.exceptions, "exception")
                self.exceptions[exception.id] = Entry(located, ("exceptions", index)), exception
        self.on_unknown = chosen or "skip"

    def _merge_detectors(self, located: Located, shape: PolicyShape) -> None:
        for name, wanted in shape.detectors.items():
            self._once(located, ("detectors", name), name, self.detector_places, "detector")
            self.detector_places[name] = Entry(located, ("detectors", name)), wanted.re2
            try:
                self.detectors[name] = detector(name, wanted.re2, distinct=wanted.distinct)
            except PatternError as error:
                self._complain(located, ("detectors", name, "re2"), f"re2: {error}")
                self.detectors[name] = detector(name, "x", distinct=False)

    def _once(self, located: Located, path: Path, name: str, known: Mapping[str, Any], what: str) -> None:
        if name in known:
            self._complain(located, path, f"another {what} is named {name}; give each its own name")

    def _bases(self) -> Mapping[str, Basis]:
        shape = self.sources.bases_shape
        if shape is None:
            return {}
        return {
            id_: Basis(id=id_, **{name: getattr(one, name) for name in type(one).model_fields})
            for id_, one in shape.bases.items()
        }

    def _rule(
        self, entry: Entry, shape: RuleShape, exceptions: Mapping[str, tuple[ExceptionShape, Lifter | None]]
    ) -> Rule | None:
        when = self.builder.conditions(entry.located, (*entry.path, "when"), shape.when)
        lifters = list(self._lifters(entry, shape))
        lifters += [
            lifter
            for exception, lifter in exceptions.values()
            if any(fnmatch.fnmatchcase(shape.id, glob) for glob in exception.applies_to)
        ]
        bases = self._bases_of(entry, shape)
        if shape.mode == "enforce" and shape.title is None:
            self.problems.append(entry.problem(f"the rule {shape.id} enforces, so it needs a title", "mode"))
        if when is None or None in lifters:
            return None
        secrecy = asks_for_secrecy(when)
        if secrecy:
            self._check_secrecy(entry, shape)
        good = [lifter for lifter in lifters if lifter is not None]
        return Rule(
            id=shape.id,
            title=shape.title.model_dump() if shape.title else {},
            bases=bases,
            mode=shape.mode,
            agencies=None if shape.rollout.agencies is None else frozenset(shape.rollout.agencies),
            starts=shape.rollout.from_,
            when=when,
            lifters=tuple(sorted(good, key=lambda lifter: lifter.id)),
            action=shape.action,
            whole=secrecy or shape.mixed == "whole",
            secrecy=secrecy,
            notify=shape.notify,
            tag_subject=shape.tag_subject,
            on_unknown=shape.on_unknown or self.on_unknown,
            null_sender=shape.null_sender,
            per_recipient=when.per_recipient or any(lifter.node.per_recipient for lifter in good),
        )

    def _check_secrecy(self, entry: Entry, shape: RuleShape) -> None:
        if shape.action in ("strip", "challenge"):
            message = (
                f"a rule about secrecy is for all recipients and never {shape.action}; write reject, hold or warn"
            )
            self.problems.append(entry.problem(message, "action"))
        if shape.mixed == "strip":
            self.problems.append(entry.problem("a rule about secrecy is always mixed: whole", "mixed"))

    def _lifters(self, entry: Entry, shape: RuleShape) -> Iterator[Lifter | None]:
        seen = {"challenge"} | set(self.exceptions)
        for index, unless in enumerate(shape.unless):
            if unless.id in seen:
                self.problems.append(
                    entry.problem(f"another exception of this rule is named {unless.id}", "unless", index, "id")
                )
            seen.add(unless.id)
            yield self._lifter(Entry(entry.located, (*entry.path, "unless", index)), unless)

    def _lifter(self, entry: Entry, shape: UnlessShape) -> Lifter | None:
        node = self.builder.conditions(entry.located, (*entry.path, "when"), shape.when)
        if node is None:
            return None
        return Lifter(shape.id, node, shape.expires, shape.reason, shape.owner)

    def _bases_of(self, entry: Entry, shape: RuleShape) -> tuple[Basis, ...]:
        found = []
        for index, id_ in enumerate(shape.basis):
            if id_ in self.bases:
                found.append(self.bases[id_])
            elif self.sources.bases is None or self.sources.bases_shape is not None:
                hint = did_you_mean(id_, self.bases) if self.sources.bases else f"; {BASES} is missing in this folder"
                self.problems.append(entry.problem(f"no basis is named {id_}{hint}", "basis", index))
        if shape.mode == "enforce" and len(found) == len(shape.basis):
            binding = [basis for basis in found if {"all", self.installation} & set(basis.binds)]
            if not shape.basis:
                self.problems.append(entry.problem(f"the rule {shape.id} enforces, so it needs a basis", "mode"))
            elif not binding:
                names = ", ".join(sorted({name for basis in found for name in basis.binds}))
                message = f"no basis of the rule {shape.id} binds the installation {self.installation} (only {names})"
                self.problems.append(entry.problem(message, "basis"))
        return tuple(found)

    def _digest(self) -> str:
        """Everything that can change a decision or what is said of it, in an order that files do not change."""
        content = {
            "installation": self.installation,
            "calendar": self.calendar.canonical(),
            "on_unknown": self.on_unknown,
            "lists": {name: sorted(entries) for name, entries in self.lists.items()},
            "detectors": {name: one.key for name, one in self.detectors.items()},
            "rules": {id_: shape.model_dump(mode="json") for id_, (_, shape) in self.rules.items()},
            "exceptions": {id_: shape.model_dump(mode="json") for id_, (_, shape) in self.exceptions.items()},
            "bases": self.sources.bases_shape.model_dump(mode="json") if self.sources.bases_shape else {},
        }
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        return hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()[:16]

    def _complain(self, located: Located, path: Path, message: str) -> None:
        self.problems.append(located.problem(path, message))


def _raw_names(located: Located, section: str) -> list[str]:
    """Names of lists or detectors in a broken file, so that rules which use them are not blamed."""
    tops = located.value if isinstance(located.value, dict) else {}
    named = tops.get(section)
    return list(named) if isinstance(named, dict) else []
