"""The keys of challenge codes, in the state folder: one a line, hexadecimal; the first signs, all are understood.

To renew: put a new line before the old ones, reload, and remove the old ones after two days. Several nodes that take
mail of the same people need the same file.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from ..errors import Problem, Problems

KEY_FILE = "challenge.keys"
_BYTES = 32


def make_keys(state: Path) -> None:
    """A first key (mode 0600) where there is no file; OSError where it cannot be written."""
    path = state / KEY_FILE
    if path.exists():
        return
    draft = state / f".{KEY_FILE}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)  # never half a file, whenever the machine stops


def read_keys(state: Path) -> tuple[bytes, ...]:
    """All keys; none where there is no file or this user may not read it (then a challenge is carried out as hold).

    Problems for a line that is no key.
    """
    path = state / KEY_FILE
    try:
        lines = path.read_text("ascii").split() or [""]
    except OSError:
        return ()
    except UnicodeDecodeError:
        lines = ["?"]
    keys = [_key(line) for line in lines]
    wrong = [
        Problem(str(path), number, 1, "error", f"no key: expected {_BYTES * 2} hexadecimal digits")
        for number, key in enumerate(keys, 1)
        if key is None
    ]
    if wrong:
        raise Problems(wrong)
    return tuple(key for key in keys if key is not None)


def _key(line: str) -> bytes | None:
    try:
        key = bytes.fromhex(line)
    except ValueError:
        return None
    return key if len(key) == _BYTES else None
