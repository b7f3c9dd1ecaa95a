"""What a reader may see of the disk and of other processes: Python, libraries, tesseract, and nothing of the house.

The system call filter (``child_sandbox``) cannot tell one file from another. Landlock (landlock(7), Linux 5.13) can,
and needs no privilege: whoever took a reader over finds no journal, no key, no settings, opens no file for writing
and so truncates none, and cannot look into a process outside, which otherwise any process of one user may
(/proc/PID/mem). Where the kernel has no Landlock, or a container forbids it, the rest of the cage has to do:
``landlocked`` tells.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import struct
import sys
from functools import cache

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_ABI = 1  # LANDLOCK_CREATE_RULESET_VERSION
_BENEATH = 1  # LANDLOCK_RULE_PATH_BENEATH
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
# What the kernel knows to forbid, by version of its interface: bits of files, of TCP, of signals and sockets.
_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
_NETWORK, _SCOPES = 0b11, 0b11  # TCP from version 4, abstract sockets and signals from version 6
_SYSTEM = (
    "/usr", "/bin", "/lib", "/lib64", "/proc", "/sys/devices/system/cpu", "/etc/ld.so.cache", "/etc/ld.so.preload",
    "/etc/localtime", "/etc/ssl/openssl.cnf", "/dev/urandom", "/dev/zero",
)  # fmt: skip
_ABSENT = (errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM)

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


@cache
def landlocked() -> bool:
    """Whether the kernel lets us narrow what a child sees."""
    return _version() > 0


@cache
def seen() -> tuple[str, ...]:
    """What stays readable: whatever this Python may still have to import, and what tesseract needs."""
    own = (sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path, os.environ.get("TESSDATA_PREFIX", ""))
    found = {os.path.realpath(one) for one in (*_SYSTEM, *own) if one and os.path.exists(one)}  # noqa: PTH110
    return tuple(sorted(found - {"/"}))


@cache
def ruleset() -> int | None:
    """A descriptor of what ``narrow`` enforces, made once for all children to come; None without Landlock."""
    if not landlocked():
        return None
    version = _version()
    files = _FILES[min(version, max(_FILES))]
    attributes = struct.pack("=QQQ", files, _NETWORK, _SCOPES)[: 8 if version < 4 else 16 if version < 6 else 24]
    made = _call(_CREATE, attributes, len(attributes), 0)
    for path in seen():
        _allow(made, path, _EXECUTE | _READ | _LIST)
    _allow(made, os.devnull, _READ | _WRITE)
    return made


def narrow() -> None:
    """From here on this process and its children see ``seen`` and nothing else. Takes PR_SET_NO_NEW_PRIVS for
    granted. OSError when the kernel refuses what it said it can do."""
    made = ruleset()
    if made is not None:
        _call(_RESTRICT, made, 0)
        os.close(made)


def _allow(ruleset: int, path: str, rights: int) -> None:
    with contextlib.suppress(FileNotFoundError, PermissionError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):  # noqa: PTH112
                rights &= ~_LIST
            _call(_ADD, ruleset, _BENEATH, struct.pack("=Qi", rights, descriptor), 0)
        finally:
            os.close(descriptor)


@cache
def _version() -> int:
    try:
        return _call(_CREATE, None, 0, _ABI)
    except OSError as error:
        if error.errno in _ABSENT:
            return 0
        raise


def _call(number: int, *arguments: int | bytes | None) -> int:
    wide = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result = int(_libc.syscall(ctypes.c_long(number), *wide))
    if result < 0:
        problem = ctypes.get_errno()
        raise OSError(problem, f"landlock: {os.strerror(problem)}")
    return result
