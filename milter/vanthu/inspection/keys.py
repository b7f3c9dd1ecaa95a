"""Keys in the state folder, a file for each use: one a line, hexadecimal; the first signs, all are understood.

To renew: put a new line before the old ones, reload, and remove the old ones when nothing is left that they signed:
challenge codes are good for two days, the header between two hops for ``egress.days``. Several nodes that take mail
of the same people need the same challenge keys; a host that filters what others send out needs their hop keys.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from ..errors import Problem, Problems
from ..replacing import replace_file

CHALLENGE = "challenge.keys"
HOP = "hop.keys"
_BYTES = 32


def make_keys(state: Path, name: str) -> None:
    """A first key (mode 0600) where there is no file; OSError where it cannot be written."""
    path = state / name
    if path.exists():
        return
    replace_file(path, f"{secrets.token_hex(_BYTES)}\n".encode("ascii"), 0o600, durable=True)


def read_keys(state: Path, name: str) -> tuple[bytes, ...]:
    """All keys; none where there is no file or this user may not read it. Problems for a line that is no key."""
    path = state / name
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
