"""The text detectors that come with vanthu: any policy may ask them by name, and only those that are asked run.

``shipped`` reads policies/detectors/vietnam.yaml once. ``as_policy`` writes those that a policy uses as a policy
file, which is kept beside its text: a later version may ship other patterns, and what was decided then must stay to
be told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from .. import shipped as places
from ..located import parse
from ..settings.load import read_text
from ..validation import validate
from .detectors import Detector, detector
from .shapes import DetectorShape, PolicyShape

FILE = "shipped-detectors.yaml"


@lru_cache(maxsize=1)
def shapes() -> Mapping[str, DetectorShape]:
    """As they are written."""
    path = places.policies() / "detectors" / "vietnam.yaml"
    shape, problems = validate(PolicyShape, parse(read_text(path), str(path)))
    assert shape is not None, problems
    return shape.detectors


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Detector]:
    """Compiled, by name."""
    return {name: detector(name, one.re2, distinct=one.distinct) for name, one in shapes().items()}


def as_policy(names: Iterable[str]) -> str:
    """A policy file with these (JSON is YAML, too)."""
    written = {name: shapes()[name].model_dump(mode="json") for name in sorted(names)}
    return json.dumps({"version": 1, "detectors": written}, ensure_ascii=False, indent=2) + "\n"
