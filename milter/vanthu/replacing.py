"""Replaces a file as a whole: who reads it meets the old content or the new one, never half of either.

The draft beside it has a name that nobody can foresee and is made with O_EXCL, so no link or pipe that somebody has
put there is followed or waited for; a link at the path itself is replaced, not followed. Raises OSError; the old
content is there then, and no draft.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def replace_file(
    path: Path, content: bytes, mode: int = 0o640, *, owner: tuple[int, int] | None = None, durable: bool = False
) -> None:
    """``mode`` is exact, whatever the umask. ``owner``: user and group it is given to, if who writes may give files
    away; his own otherwise. ``durable``: the content is on disk before it takes the name."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(draft, flags, mode)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            os.fchmod(descriptor, mode)
            if owner is not None:
                with contextlib.suppress(PermissionError):  # a group's member may write, but not give files away
                    os.fchown(descriptor, *owner)
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if durable:
                os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
