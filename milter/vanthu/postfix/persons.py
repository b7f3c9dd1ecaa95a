"""Who sits at the keyboard, as the kernel and sudo know it; a name that somebody types is no proof.

The audit login id (/proc/self/loginuid) stays through su and sudo and cannot be changed without root; where nobody
logged in (containers, cron), sudo's own word, then the real user id.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

_UNSET = 0xFFFFFFFF


def person(environment: Mapping[str, str] = os.environ, audit: Path = Path("/proc/self/loginuid")) -> str:
    """Login name of whoever called us."""
    for number in (_audited(audit), environment.get("SUDO_UID", "")):
        if number.isdigit() and int(number) != _UNSET:
            return _name(int(number))
    return _name(os.getuid())


def _audited(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
