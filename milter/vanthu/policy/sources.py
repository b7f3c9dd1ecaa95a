"""Reads the files of a policy folder: ``*.yaml`` in name order, and bases.yaml beside them.

Not policies: ``bases.yaml`` itself, ``vanthu.yaml`` (settings), ``*.test.yaml`` (cases), and whatever lies in
sub-folders. A file that does not have the right shape is kept raw, so that its conditions can still be checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType
from typing import Any

from ..errors import Problem, Problems
from ..located import Located, parse
from ..located import Path as Place
from ..settings.load import read_text
from ..validation import validate
from .shapes import BasesShape, PolicyShape

BASES = "bases.yaml"
MAX_NODES = 400_000


@dataclass(slots=True)
class Sources:
    """What stands in the files; ``shape`` is None where a file is broken."""

    policies: list[tuple[Located, PolicyShape | None]] = field(default_factory=list)
    bases: Located | None = None
    bases_shape: BasesShape | None = None
    text: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def policy_files(folder: Path) -> list[Path]:
    """The policy files of a folder, in name order."""
    return sorted(
        path
        for path in folder.glob("*.yaml")
        if path.name not in (BASES, "vanthu.yaml") and not path.name.endswith(".test.yaml") and path.is_file()
    )


def read(folder: Path, files: Iterable[Path]) -> Sources:
    """The policy files and the bases of their folder; never raises, problems are in the result."""
    sources = Sources()
    for path in files:
        located = _parse(path, sources)
        if located is not None:
            if not isinstance(located.value, dict | NoneType):
                sources.problems.append(located.problem((), "expected keys such as version, rules and lists"))
                continue
            shape, problems = validate(PolicyShape, located)
            sources.policies.append((located, shape))
            sources.problems += problems
    bases = folder / BASES
    if bases.is_file():
        sources.bases = _parse(bases, sources)
        if sources.bases is not None:
            sources.bases_shape, problems = validate(BasesShape, sources.bases)
            sources.problems += problems
    return sources


def raw_conditions(located: Located) -> Iterator[tuple[Place, Any]]:
    """Everything that stands under a ``when`` in a file whose shape is broken."""
    tops = located.value if isinstance(located.value, dict) else {}
    for section in ("rules", "exceptions"):
        entries = tops.get(section)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if not isinstance(entry, dict):
                continue
            if isinstance(entry.get("when"), dict):
                yield (section, index, "when"), entry["when"]
            unless = entry.get("unless")
            for inner, lifter in enumerate(unless if isinstance(unless, list) else ()):
                if isinstance(lifter, dict) and isinstance(lifter.get("when"), dict):
                    yield (section, index, "unless", inner, "when"), lifter["when"]


def _parse(path: Path, sources: Sources) -> Located | None:
    try:
        text = read_text(path)
        sources.text[path.name] = text
        return parse(text, str(path), max_nodes=MAX_NODES)
    except Problems as error:
        sources.problems += error.problems
        return None
