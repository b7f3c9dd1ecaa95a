"""What loads but is probably not meant: warnings of ``check``.

Rules that never hold, rules that a harsher one covers wholly, doubtful exceptions (``lint_exceptions``),
patterns that match everything or see ASCII letters only, unknown agencies, and whatever today's date says of
exceptions and clauses. What follows from what is judged by form (``implication``), so a warning is certain and
silence is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..errors import Problem
from ..validation import did_you_mean
from .decision import SEVERITY
from .detectors import compile_pattern
from .implication import follows, impossible
from .linking import Entry, Linker
from .lint_exceptions import exceptions
from .model import Policy, Rule
from .shapes import RuleShape, UnlessShape, When

_ASCII_CLASS = re.compile(r"(?<!\\)(?:\\\\)*\\[wWbB]")


def lint(linker: Linker, policy: Policy, *, agencies: frozenset[str], today: date | None) -> list[Problem]:
    """All warnings about a policy that loads; ``today`` None and no agencies mean that they are not known."""
    return [
        *_rules(linker, policy),
        *exceptions(linker, policy),
        *_patterns(linker),
        *_unused(linker),
        *(_agencies(linker, agencies) if agencies else ()),
        *(_dates(linker, today) if today else ()),
    ]


def _rules(linker: Linker, policy: Policy) -> Iterator[Problem]:
    for id_, (entry, shape) in linker.rules.items():
        rule = policy.by_id[id_]
        if not shape.when:
            yield entry.warning(f"the rule {id_} has no conditions, so it hits every mail", "when")
        if impossible(rule.when):
            yield entry.warning(f"the rule {id_} can never hit: its conditions exclude each other", "when")
            continue
        for harsher in sorted(policy.rules, key=lambda other: other.id):
            if _covers(harsher, rule):
                yield entry.warning(f"the rule {id_} is wholly covered by {harsher.id}, which does no less", "when")
                break


def _covers(harsher: Rule, rule: Rule) -> bool:
    """Whether ``rule`` never adds anything to ``harsher``; of two equal rules the later id is covered."""
    if harsher.id == rule.id or rule.mode not in ("enforce", "warn") or harsher.mode != "enforce":
        return False
    strength, other = ((SEVERITY[one.action], one.whole, one.null_sender) for one in (harsher, rule))
    no_weaker = all(mine >= theirs for mine, theirs in zip(strength, other, strict=True))
    everywhere = harsher.agencies is None and harsher.starts is None
    lifted = all(any(lifter.node is mine.node for mine in rule.lifters) for lifter in harsher.lifters)
    if not (no_weaker and everywhere and lifted and follows(rule.when, harsher.when)):
        return False
    return (
        harsher.id < rule.id
        or not follows(harsher.when, rule.when)
        or SEVERITY[harsher.action] > SEVERITY[rule.action]
    )


def _patterns(linker: Linker) -> Iterator[Problem]:
    for entry, source in linker.detector_places.values():
        yield from _pattern(entry, ("re2",), source)
    for entry, when in _whens(linker):
        for path, source in _sources(("when",), when):
            yield from _pattern(entry, path, source)


def _pattern(entry: Entry, path: tuple[str | int, ...], source: str) -> Iterator[Problem]:
    if compile_pattern(source).search("") is not None:
        yield entry.warning("this pattern matches every text, since it matches empty text", *path)
    if _ASCII_CLASS.search(source):
        yield entry.warning(r"\w and \b know ASCII letters only; \p{L} is a letter with or without diacritics", *path)


def _sources(path: tuple[str | int, ...], value: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every ``matches`` below ``value``, with its place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "matches" and isinstance(inner, str):
                yield (*path, name), inner
            else:
                yield from _sources((*path, name), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _sources((*path, index), inner)


def _unused(linker: Linker) -> Iterator[Problem]:
    for name, entry in linker.list_places.items():
        if not linker.lists[name]:
            yield entry.warning(f"the list {name} is empty")
        if name not in linker.builder.operands.used_lists:
            yield entry.warning(f"no condition uses the list {name}", at_key=True)
    for name, (entry, _) in linker.detector_places.items():
        if name not in linker.builder.used_detectors:
            yield entry.warning(f"no condition uses the detector {name}", at_key=True)


def _agencies(linker: Linker, agencies: frozenset[str]) -> Iterator[Problem]:
    for entry, shape in linker.rules.values():
        for index, slug in enumerate(shape.rollout.agencies or ()):
            if slug not in agencies:
                hint = did_you_mean(slug, agencies)
                yield entry.warning(f"the register has no agency {slug}{hint}", "rollout", "agencies", index)
    for entry, when in _whens(linker):
        for path, slug in _slugs(("when",), when):
            if slug not in agencies:
                yield entry.warning(f"the register has no agency {slug}{did_you_mean(slug, agencies)}", *path)


def _slugs(path: tuple[str | int, ...], value: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every agency that conditions name, with its place."""
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _slugs((*path, index), inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            place = (*path, name)
            if name.rpartition(".")[2] in ("agency", "issuer_agency"):
                given = enumerate(inner) if isinstance(inner, list) else [(None, inner)]
                yield from ((place if i is None else (*place, i), slug) for i, slug in given if isinstance(slug, str))
            else:
                yield from _slugs(place, inner)


def _dates(linker: Linker, today: date) -> Iterator[Problem]:
    for entry, shape in _lifters(linker):
        if shape.expires < today:
            yield entry.warning(f"{shape.id} expired on {shape.expires} and lifts nothing any more", "expires")
    for entry, rule in linker.rules.values():
        if rule.mode == "enforce":
            yield from _validity(linker, entry, rule, today)


def _validity(linker: Linker, entry: Entry, rule: RuleShape, today: date) -> Iterator[Problem]:
    """An enforced rule should rest on a binding clause that is in force."""
    binding = [linker.bases[id_] for id_ in rule.basis if {"all", linker.installation} & set(linker.bases[id_].binds)]
    if any(b.valid_from <= today and (b.valid_to is None or today <= b.valid_to) for b in binding):
        return
    yield entry.warning(f"no binding basis of the rule {rule.id} is in force on {today}", "basis")


def _lifters(linker: Linker) -> Iterator[tuple[Entry, UnlessShape]]:
    for entry, shape in linker.rules.values():
        for index, unless in enumerate(shape.unless):
            yield Entry(entry.located, (*entry.path, "unless", index)), unless
    yield from linker.exceptions.values()


def _whens(linker: Linker) -> Iterator[tuple[Entry, When]]:
    for entry, shape in linker.rules.values():
        yield entry, shape.when
    for entry, lifter in _lifters(linker):
        yield entry, lifter.when
