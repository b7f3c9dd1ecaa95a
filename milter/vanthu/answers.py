"""Answers of enquiries are values, never exceptions: Known(x), Absent, Unavailable(reason).

An Unavailable becomes an entry of ``facts.unavailable``; a condition over it is *unknown*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """The answer is known."""

    value: T


@dataclass(frozen=True, slots=True)
class Absent:
    """It is known that there is nothing (a domain without MX, an address nobody registered)."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Nobody could say in time; ``reason`` is a short word such as ``dns_timeout`` or ``busy``."""

    reason: str


Answer = Known[T] | Absent | Unavailable
