"""The detectors of docs/detectors.md find and leave alone what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from vanthu.facts.reading import Reading
from vanthu.policy.detectors import detect, detector

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "detectors.md").read_text("utf-8")
_BLOCK = re.search(r"```yaml\n(.*?)```", _PAGE, re.S)
assert _BLOCK is not None
SHAPES: dict[str, dict[str, Any]] = yaml.safe_load(_BLOCK[1])["detectors"]
ROWS = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", _PAGE, re.M)
CASES = [
    (name, text, counted)
    for name, found, left in ROWS
    for cell, counted in ((found, 1), (left, 0))
    for text in re.findall(r"`([^`]+)`", cell)
    if "[]" not in text
]


def test_every_detector_has_a_row() -> None:
    assert {name for name, _, _ in ROWS} == set(SHAPES)


@pytest.mark.parametrize(("name", "text", "counted"), CASES)
def test_examples(name: str, text: str, counted: int) -> None:
    one = detector(name, SHAPES[name]["re2"], distinct=SHAPES[name].get("distinct", False))
    for around in ("{}", "Kính gửi anh, {}.\nCảm ơn", "{}\n"):
        assert detect([one], [Reading("body", around.format(text))])[one.key].count == counted
