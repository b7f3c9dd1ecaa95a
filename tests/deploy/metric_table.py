"""Reads the table of metrics in docs/prometheus.md: the one place where they are promised to operators."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "prometheus.md"


def labels_by_metric() -> dict[str, set[str]]:
    """``| `vanthu_x_total` | counter | `a`, `b` | meaning |`` becomes ``{"vanthu_x_total": {"a", "b"}}``."""
    rows = re.findall(
        r"^\| `(vanthu_\w+)` \| (?:counter|gauge|histogram) \| ([^|]*) \|", PAGE.read_text(), re.MULTILINE
    )
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}
