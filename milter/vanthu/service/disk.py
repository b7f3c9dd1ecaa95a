"""Whether the journal's disk takes what is written to it: the one failure that the journal cannot count itself."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

PROBE = ".probe"
_BYTES = 65536  # more than the largest usual record, so that a nearly full disk is told before mail is


def writable(folder: Path) -> bool:
    """True when a file of some size can be written to disk there now; the file does not stay."""
    path = folder / PROBE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError:
        return False
    try:
        done = os.write(descriptor, bytes(_BYTES)) == _BYTES
        os.fdatasync(descriptor)
    except OSError:
        done = False
    finally:
        os.close(descriptor)
        with suppress(OSError):
            path.unlink()
    return done
