"""Counting with honest intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % Wilson interval of a share."""
    if total == 0:
        return 0.0, 1.0
    p = hits / total
    centre = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(0.0, centre - half), min(1.0, centre + half)


def table(title: str, rows: Iterable[tuple[str, int, int]]) -> None:
    """Print ``name, hits, total`` rows with share and interval, and their sum."""
    print(f"\n{title}")
    sums = [0, 0]
    for name, hits, total in [*rows, ("", -1, -1)]:
        if total >= 0:
            sums[0], sums[1] = sums[0] + hits, sums[1] + total
        else:
            name, hits, total = "all", *sums
        low, high = wilson(hits, total)
        print(
            f"  {name:<28} {hits:>6} / {total:<6} {100 * hits / max(1, total):6.2f} %   [{100 * low:.2f}, {100 * high:.2f}]"  # noqa: E501
        )
