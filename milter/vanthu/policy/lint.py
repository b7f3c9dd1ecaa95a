"""Lint."""

from __future__ import annotations

from datetime import date

from ..errors import Problem
from .linking import Linker
from .model import Policy


def lint(linker: Linker, policy: Policy, *, agencies: frozenset[str], today: date | None) -> list[Problem]:
    """All warnings."""
    return []
