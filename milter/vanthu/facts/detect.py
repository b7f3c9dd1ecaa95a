"""Operators' named text detectors (contract: ``detected``): the only way for a rule to look at text.

Only counts leave this module, never what was matched, so a record can be kept and replayed. A detector's key is
``NAME@`` and four hexadecimal digits of the SHA-256 of its definition: change the pattern, and old records answer
*unknown* for the new one, never a wrong number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .model import Detected
from .reading import Reading

MAX_COUNT = 10_000


@dataclass(frozen=True, slots=True)
class Detector:
    """A compiled detector; ``pattern`` is RE2, so its time is linear in the text."""

    key: str
    pattern: Any


def key(name: str, source: str, distinct: bool) -> str:
    """The key under which a detector's counts stand in Facts."""
    digest = hashlib.sha256(f"{name}\0{source}\0{distinct}".encode()).hexdigest()
    return f"{name}@{digest[:4]}"


def detect(detectors: Sequence[Detector], readings: Sequence[Reading]) -> dict[str, Detected]:
    """Counts of every detector over all texts; zeros are written too, since absence means unknown."""
    return {detector.key: _count(detector, readings) for detector in detectors}


def _count(detector: Detector, readings: Sequence[Reading]) -> Detected:
    count = 0
    values: set[str] = set()
    places: list[str] = []
    for reading in readings:
        before = count
        for match in detector.pattern.finditer(reading.text):
            count += 1
            values.add(match.group(0).casefold())
            if count >= MAX_COUNT:
                break
        if count > before and reading.where not in places:
            places.append(reading.where)
    return Detected(count, len(values), tuple(places))
