"""Text detectors of operators: the only way in which a rule looks at text.

They run while the text is at hand and leave counts in the facts, under a key that names their definition, so that a
recorded mail can be judged again without its text. Patterns are RE2: linear in the text, whatever they are.

There is no score: what matches is counted (``count``, ``distinct``, ``where``), and the rule says how many are too
many. Six come with vanthu (citizen identity, tax code, bank account, phone, share address, sign-up confirmation) and
run only where a rule asks for them; what each finds and leaves alone: docs/detectors.md.

Not seen: figures inside a picture that OCR did not read, or set apart in a way that the pattern does not foresee;
whether a figure is somebody's: twelve digits may be an order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import re2

from ..facts.model import Detected
from ..facts.reading import Reading

MAX_PATTERN = 1000
MAX_COUNT = 1000
_MEMORY = 1 << 20


class PatternError(ValueError):
    """Text that is no usable RE2 pattern; says why."""


def compile_pattern(source: str) -> Any:
    """The compiled pattern; PatternError where it is too long, too big or no RE2."""
    if len(source) > MAX_PATTERN:
        raise PatternError(f"the pattern is longer than {MAX_PATTERN} characters")
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return re2.compile(source, options)
    except re2.error as error:
        said = error.args[0] if error.args else error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise PatternError(f"not an RE2 pattern: {text}") from None


@dataclass(frozen=True, slots=True)
class Detector:
    """A compiled detector; ``key`` is ``NAME@`` and four digits of the hash of what it looks for."""

    name: str
    key: str
    distinct: bool
    pattern: Any = field(compare=False, repr=False)


def detector(name: str, source: str, *, distinct: bool) -> Detector:
    """A detector of that name; PatternError for a pattern that does not compile."""
    definition = json.dumps({"distinct": distinct, "re2": source}, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(definition.encode()).hexdigest()[:4]
    return Detector(name, f"{name}@{digest}", distinct, compile_pattern(source))


def detect(detectors: Iterable[Detector], readings: Iterable[Reading]) -> dict[str, Detected]:
    """What each detector finds in all texts of a mail: counts up to MAX_COUNT, zeros where it finds nothing.

    ``distinct`` is counted only where the detector asks for it, else it equals the count.
    """
    texts = [(reading.where, reading.text.encode("utf-8", "replace").decode("utf-8")) for reading in readings]
    return {one.key: _run(one, texts) for one in detectors}


def _run(one: Detector, texts: list[tuple[str, str]]) -> Detected:
    count, different, where = 0, set(), []
    for place, text in texts:
        before = count
        for match in one.pattern.finditer(text):
            if not match.group():
                continue
            count += 1
            different.add(match.group() if one.distinct else count)
            if count == MAX_COUNT:
                break
        if count > before and place not in where:
            where.append(place)
        if count == MAX_COUNT:
            break
    return Detected(count, len(different), tuple(where))
