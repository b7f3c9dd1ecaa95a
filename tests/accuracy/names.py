"""The words of ``names.yaml``, as lists."""

from __future__ import annotations

from pathlib import Path

import yaml

_DATA = yaml.safe_load(Path(__file__).with_name("names.yaml").read_text("utf-8"))
FAMILIES: list[str] = _DATA["families"].split() + [
    family for family, weight in _DATA["common_families"].items() for _ in range(weight)
]
MIDDLES: list[str] = _DATA["middles"].split()
GIVEN: list[str] = _DATA["given"].split()
OFFICES: list[str] = _DATA["offices"].split()
PUBLIC: list[str] = _DATA["public"].split()
ISP: list[str] = _DATA["isp"].split()
PROVINCES: list[str] = _DATA["provinces"].split()
STEMS: list[str] = _DATA["stems"].split()
