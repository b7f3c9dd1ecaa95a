"""What the last audit of forwards found, for the metrics page: numbers only, in a small file of the state folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from ...replacing import replace_file

FILE = "forwards.json"


class Published(Struct, frozen=True):
    """``counts``: kind of the last step, class of the target, number of ways that are not switched off."""

    time: datetime
    counts: tuple[tuple[str, str, int], ...] = ()


_decoder = msgspec.json.Decoder(Published)


def put(state: Path, now: datetime, counts: Mapping[tuple[str, str], int]) -> None:
    """Replaces the file; OSError where it cannot be written."""
    told = Published(now, tuple((kind, class_, number) for (kind, class_), number in sorted(counts.items())))
    replace_file(state / FILE, msgspec.json.encode(told) + b"\n", 0o644)


def get(state: Path) -> Published | None:
    """What was put last; None where nothing was, or where it is no such file."""
    try:
        return _decoder.decode((state / FILE).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None
