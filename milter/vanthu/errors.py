"""Every error that vanthu raises on purpose, and the problems that it reports to operators.

    VanthuError
    ├── Problems          files of an operator do not load: every problem found, in one run
    ├── JournalError      a record could not be made durable (the mail gets a temporary failure)
    └── UsageError        a command was called with something it cannot use (exit 2)

Malformed mail never raises: it is a fact (``Facts.defects``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file, with its place (line and column count from 1; 0 where there is none)."""

    file: str
    line: int
    column: int
    level: Level
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.level}: {self.message}"


class VanthuError(Exception):
    """Root of all errors that are meant for a person; its text is one line that says what to do."""


class Problems(VanthuError):
    """Files of an operator hold errors; ``problems`` lists all of them in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class JournalError(VanthuError):
    """A record could not be written; nothing of it stands in the journal."""


class UsageError(VanthuError):
    """A command was given something that it cannot use, such as a path that cannot be read."""


def first_line(error: BaseException) -> str:
    """The first line of what another library's error says; its kind where that is nothing."""
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
