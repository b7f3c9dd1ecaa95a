"""Which libmilter is installed, asked of the library itself without binding to it (the service alone does that)."""

from __future__ import annotations

import ctypes
import ctypes.util

Version = tuple[int, int, int]


def installed() -> Version | None:
    """Major, minor and patch level as ``smfi_version`` gives them; None where there is no library."""
    name = ctypes.util.find_library("milter")
    if name is None:
        return None
    numbers = [ctypes.c_uint(0) for _ in range(3)]
    ctypes.CDLL(name).smfi_version(*map(ctypes.byref, numbers))
    return numbers[0].value, numbers[1].value, numbers[2].value
