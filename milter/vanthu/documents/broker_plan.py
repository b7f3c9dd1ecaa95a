"""What the broker is told when it is started."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .child_server import READER
from .model import DocumentLimits


@dataclass(frozen=True, slots=True)
class Plan:
    """``home`` is a folder for whatever libraries think they must write (nothing can be written there), ``reader``
    the module that reads."""

    limits: DocumentLimits
    home: Path
    children: int = 2
    cache_bytes: int = 64 << 20
    queue_bytes: int = 256 << 20
    reader: str = READER
