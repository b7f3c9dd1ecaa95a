"""Test cases of a policy: ``*.test.yaml`` beside the policy files and in their folder ``tests``.

A case has facts in short form or a mail file, and what is expected of the decision. Every problem of every file is
told at once, with file, line and column, like those of policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from ..errors import Problem, Problems
from ..located import Located, parse
from ..policy.decision import Verdict
from ..policy.model import Policy
from ..policy.shapes import Line
from ..settings.load import read_text
from ..validation import Shape, did_you_mean, validate

SUFFIX = ".test.yaml"
Assume = Literal["written", "enforce"]


class ExpectShape(Shape):
    """What the decision must be; what is not named may be anything. Ids are all those that hit, in any order."""

    verdict: Verdict | None = None
    shadow: Verdict | None = None
    recipients: tuple[Verdict, ...] | None = None
    rules: tuple[str, ...] | None = None
    exempted: tuple[str, ...] | None = None
    unknown: tuple[str, ...] | None = None
    reply: str | None = None


class CaseShape(Shape):
    """One case: ``facts`` in short form, or ``mail`` (a file, from the folder of the case) with its envelope."""

    name: Line
    facts: dict[str, Any] | None = None
    mail: str | None = None
    sender: str | None = None
    recipients: tuple[str, ...] = ()
    login: str | None = None
    client: str | None = None
    assume: Assume | None = None
    expect: ExpectShape


class CasesShape(Shape):
    """One file. ``assume: enforce`` judges as if every rule were in force; ``people`` are names for addresses."""

    version: Literal[1] = 1
    assume: Assume = "written"
    people: dict[str, dict[str, Any]] = Field(default_factory=dict)
    defaults: dict[str, Any] = Field(default_factory=dict)
    cases: Annotated[tuple[CaseShape, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Case:
    """A case with its place and what its file says for all."""

    shape: CaseShape
    located: Located
    index: int
    file: Path
    assume: Assume
    people: Mapping[str, dict[str, Any]]
    defaults: Mapping[str, Any]

    def problem(self, message: str, *below: str | int) -> Problem:
        """A problem at a place below the case."""
        return self.located.problem(("cases", self.index, *below), message)

    @property
    def place(self) -> str:
        """``file:line`` for reports."""
        first = self.problem("")
        return f"{first.file}:{first.line}"


def case_files(folder: Path) -> list[Path]:
    """The case files of a policy folder, in name order."""
    return sorted({*folder.glob(f"*{SUFFIX}"), *(folder / "tests").rglob(f"*{SUFFIX}")})


def load(files: Iterable[Path], policy: Policy) -> list[Case]:
    """All cases; Problems with every mistake in any file. ``policy`` knows which ids can be expected."""
    cases: list[Case] = []
    problems: list[Problem] = []
    for file in files:
        try:
            located = parse(read_text(file), str(file))
        except Problems as error:
            problems += error.problems
            continue
        shape, found = validate(CasesShape, located)
        problems += found
        if shape is not None:
            new = [
                Case(one, located, index, file, one.assume or shape.assume, shape.people, shape.defaults)
                for index, one in enumerate(shape.cases)
            ]
            problems += [problem for case in new for problem in _check(case, policy)]
            cases += new
    if problems:
        raise Problems(sorted(set(problems)))
    return cases


def _check(case: Case, policy: Policy) -> Iterator[Problem]:
    if (case.shape.facts is None) == (case.shape.mail is None):
        yield case.problem("a case has either facts or mail")
    if case.shape.mail is not None and not (case.file.parent / case.shape.mail).is_file():
        yield case.problem(f"no such file: {case.shape.mail} (from the folder of this file)", "mail")
    lifters = {lifter.id for rule in policy.rules for lifter in rule.lifters} | {"challenge"}
    known = {"rules": set(policy.by_id), "unknown": set(policy.by_id), "exempted": lifters}
    for key, ids in known.items():
        for index, id_ in enumerate(getattr(case.shape.expect, key) or ()):
            if id_ not in ids:
                what = "exception" if key == "exempted" else "rule"
                message = f"no {what} is named {id_}{did_you_mean(id_, ids)}"
                yield case.problem(message, "expect", key, index)
