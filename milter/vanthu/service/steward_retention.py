"""Deletes journal files whose time is over, and only those that every projection has read to the end.

What was deleted is noted in ``retired`` beside the files (name and SHA-256 of the last line), so that
``journal verify`` can tell a retired file from a stolen one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from ..journal.cursor import Cursor
from ..journal.verify import RETIRED


def retire(folder: Path, cursors: Sequence[Cursor], retention: float) -> list[str]:
    """Deletes files last written more than ``retention`` seconds ago; their names. OSError if that fails."""
    if not cursors:
        return []
    finished = [name for name in cursors[0] if all(name in cursor and cursor[name].done for cursor in cursors)]
    limit = time.time() - retention
    old = [name for name in sorted(finished) if _written(folder / name) < limit]
    if not old:
        return []
    # Noted first: a note too many is harmless, a file that is gone without one looks like theft.
    with (folder / RETIRED).open("a", encoding="ascii") as notes:
        for name in old:
            notes.write(f"{name} {cursors[0][name].head or '?'}\n")
        notes.flush()
        os.fsync(notes.fileno())
    for name in old:
        (folder / name).unlink(missing_ok=True)
    return old


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
