"""What is kept of a month when its records go: the figures by agency, and no person (4504/UBND-CBTH 2018, M15).

The text goes to a table of the store and is read by every later report that compares with that month.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from .figures import Figures


class Rollup(Struct, frozen=True):
    """One month of one installation. ``version`` grows when a name changes its meaning."""

    figures: dict[str, Figures]
    withheld: int
    failures: int
    version: int = 1


_decoder = msgspec.json.Decoder(Rollup)


def read(text: str) -> Rollup:
    """From the store; msgspec.ValidationError for anything that ``written`` did not make."""
    return _decoder.decode(text)


def written(rollup: Rollup) -> str:
    """For the store."""
    return msgspec.json.encode(rollup).decode()
