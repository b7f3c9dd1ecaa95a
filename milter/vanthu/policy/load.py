"""Loads a policy folder: ``load(folder, context) -> Loaded``; raises Problems with every error of every file at once.

Errors are what cannot be carried out; what depends on today's date or on the register, and lint, is a warning and
loads. ``check`` and the daemon call the same function.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from ..errors import Problem, Problems
from ..settings.model import Settings, WorkingHours
from .hours import Calendar
from .linking import Linker
from .lint import lint
from .model import Policy
from .sources import policy_files, read


@dataclass(frozen=True, slots=True)
class PolicyContext:
    """What a policy rests on beside its files. No agencies means that the register is not known."""

    installation: str = "default"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))
    working_hours: WorkingHours = field(default_factory=WorkingHours)
    agencies: frozenset[str] = frozenset()
    today: date | None = None

    @classmethod
    def of(
        cls, settings: Settings, *, agencies: frozenset[str] = frozenset(), today: date | None = None
    ) -> PolicyContext:
        """The context of an installation."""
        return cls(settings.installation, settings.zone, settings.working_hours, agencies, today)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy that can be used, and what its authors should look at."""

    policy: Policy
    warnings: tuple[Problem, ...]


def load(path: Path, context: PolicyContext) -> Loaded:
    """The policy of a folder (or of one file, with the bases beside it)."""
    folder = path if path.is_dir() else path.parent
    files = policy_files(folder) if path.is_dir() else [path]
    if not files:
        raise Problems([Problem(str(path), 0, 0, "error", "no policy files (*.yaml) here")])
    sources = read(folder, files)
    linker = Linker(sources, context.installation, _calendar(context))
    policy = linker.link()
    if linker.problems:
        raise Problems(sorted(set(linker.problems)))
    assert policy is not None
    warnings = lint(linker, policy, agencies=context.agencies, today=context.today)
    return Loaded(policy, tuple(sorted(set(warnings))))


def _calendar(context: PolicyContext) -> Calendar:
    hours = context.working_hours
    try:
        return Calendar.of(context.zone, days=hours.days, start=hours.start, end=hours.end, holidays=hours.holidays)
    except ValueError as error:
        raise Problems([Problem("working_hours", 0, 0, "error", f"not a time or date: {error}")]) from None
