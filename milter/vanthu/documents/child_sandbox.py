"""The cage of one child: what a reader may do, however broken or hostile the document that took it over.

No limit needs a privilege, so the cage holds under any service manager:

- memory (RLIMIT_AS), processor time (RLIMIT_CPU), descriptors, no core file, and not one byte into any file
  (RLIMIT_FSIZE 0; pipes do not count);
- a system call filter (seccomp(2)): no socket of any kind, so no network; no look into other processes; nothing
  renamed, linked or removed; and no new program and no signal to anybody else, but for OCR, which runs tesseract and
  ends it at its deadline (a new program inherits the cage);
- of the disk it sees what Python, its libraries and tesseract need, and of other processes nothing (``child_view``);
- no capability, where root called it (``vanthu facts``), but to read where only the rights of files stand against it;
- not dumpable: no crash handler writes what was in its memory to disk;
- it dies with its parent (PR_SET_PDEATHSIG), yields the processor to everybody else, and is the first to go where the
  host runs out of memory.

What a process hands on to its children is done once, by whoever forks them (``prepare``, ``give_way``); the rest by
each child for itself (``enter``).

Why nice and not SCHED_IDLE: an idle task gets three thousandths of a busy host, and would reach its deadline there
with nothing read.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import platform
import resource
import signal
import struct

from . import child_view

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_CAPABILITIES_3, _CAP_DAC_READ_SEARCH = 0x20080522, 1 << 2
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_EPERM = 1
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_X32 = 0x40000000
_STEP = 8  # octets of struct sock_filter
_VALUE_OF_BOUND = 2 * _STEP + 4
_DESCRIPTORS = 64
_NICE_TEXT, _NICE_OCR = 5, 10
_FOR_OCR = frozenset({"execve", "execveat", "kill"})

# Architecture: AUDIT_ARCH, tgkill, prlimit64, and what is refused (asm/unistd_64.h, asm-generic/unistd.h).
_FILTERS: dict[str, tuple[int, int, int, dict[str, int]]] = {
    "x86_64": (0xC000003E, 234, 302, {
        "socket": 41, "connect": 42, "bind": 49, "listen": 50, "execve": 59, "kill": 62, "truncate": 76, "rename": 82,
        "mkdir": 83, "rmdir": 84, "link": 86, "unlink": 87, "symlink": 88, "chmod": 90, "ptrace": 101,
        "rt_sigqueueinfo": 129, "mknod": 133, "tkill": 200, "mkdirat": 258, "mknodat": 259, "unlinkat": 263,
        "renameat": 264, "linkat": 265, "symlinkat": 266, "fchmodat": 268, "unshare": 272, "rt_tgsigqueueinfo": 297,
        "fchown": 93, "chown": 92, "lchown": 94, "fchmod": 91, "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190,
        "fchownat": 260, "open_by_handle_at": 304, "perf_event_open": 298, "bpf": 321, "userfaultfd": 323,
        "add_key": 248, "request_key": 249, "keyctl": 250, "mount": 165, "umount2": 166, "chroot": 161,
        "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311, "renameat2": 316, "execveat": 322,
        "pidfd_send_signal": 424, "io_uring_setup": 425, "pidfd_getfd": 438, "fchmodat2": 452,
    }),
    "aarch64": (0xC00000B7, 131, 261, {
        "mknodat": 33, "mkdirat": 34, "unlinkat": 35, "symlinkat": 36, "linkat": 37, "renameat": 38, "truncate": 45,
        "fchmodat": 53, "unshare": 97, "ptrace": 117, "kill": 129, "tkill": 130, "rt_sigqueueinfo": 138,
        "socket": 198, "bind": 200, "listen": 201, "connect": 203, "execve": 221, "rt_tgsigqueueinfo": 240,
        "fchown": 55, "fchownat": 54, "fchmod": 52, "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7,
        "open_by_handle_at": 265, "perf_event_open": 241, "bpf": 280, "userfaultfd": 282,
        "add_key": 217, "request_key": 218, "keyctl": 219, "mount": 40, "umount2": 39, "chroot": 51,
        "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271, "renameat2": 276, "execveat": 281,
        "pidfd_send_signal": 424, "io_uring_setup": 425, "pidfd_getfd": 438, "fchmodat2": 452,
    }),
}  # fmt: skip


class _Described(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


class _Program:
    """A filter as the kernel takes it. ``own`` is where the number of the process belongs, in octets."""

    def __init__(self, steps: bytes, own: int | None) -> None:
        self.steps = ctypes.create_string_buffer(steps, len(steps))
        self.own = own
        self.described = _Described(len(steps) // _STEP, ctypes.addressof(self.steps))


_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = (ctypes.c_int, *(ctypes.c_ulong,) * 4)


def filtered() -> bool:
    """Whether there is a system call filter for this machine; without one a child is bound by its limits only."""
    return platform.machine() in _FILTERS


def prepare() -> None:
    """What the cages of all children have in common, for this process and all that it forks, for good. OSError when
    it is refused; nothing may be read then."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing to a file fails, and that is all
    _bound_by(resource.RLIMIT_FSIZE, 0)
    _bound_by(resource.RLIMIT_CORE, 0)
    _control(_PR_SET_NO_NEW_PRIVS, 1)
    _drop_capabilities()
    child_view.ruleset()
    _size()
    for ocr in (False, True):
        _program(ocr)


def give_way(ocr: bool = False) -> None:
    """Everybody else comes first from here on, before OCR also other readers. Autogroup (sched(7)) weighs sessions,
    and nice counts only inside one: the caller leads its own."""
    nice = _NICE_OCR if ocr else _NICE_TEXT
    with contextlib.suppress(OSError), open("/proc/self/autogroup", "w") as file:  # noqa: PTH123
        file.write(str(nice))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123
        file.write("500")
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, nice)


def enter(parent: int, memory: int, seconds: float, ocr: bool) -> None:
    """Locks this process in, for good; ``prepare`` came before, here or in its parent. ``memory`` is what it may take
    beside what it was born with, ``seconds`` its processor time. OSError when the filter is refused; the process must
    then not read anything."""
    _control(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it died while we were born
    _control(_PR_SET_DUMPABLE, 0)
    _bound_by(resource.RLIMIT_AS, _size() + memory)
    _bound_by(resource.RLIMIT_CPU, int(seconds) + 1)
    _bound_by(resource.RLIMIT_NOFILE, _DESCRIPTORS)
    child_view.narrow()
    _filter(ocr)


def _bound_by(limit: int, value: int) -> None:
    most = resource.getrlimit(limit)[1]
    bound = value if most == resource.RLIM_INFINITY else min(value, most)
    resource.setrlimit(limit, (bound, bound))


def _drop_capabilities() -> None:
    """capset(2). What stays lets root import what lies below a folder that is somebody else's alone."""
    header = struct.pack("=Ii", _CAPABILITIES_3, 0)
    held = ctypes.create_string_buffer(24)  # low and high halves of: effective, permitted, inheritable
    if _libc.capget(header, held) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    stay = struct.unpack("=6I", held.raw)[1] & _CAP_DAC_READ_SEARCH
    if _libc.capset(header, struct.pack("=6I", stay, stay, 0, 0, 0, 0)) != 0:
        raise OSError(ctypes.get_errno(), "capset")


@functools.cache
def _size() -> int:
    """What a child is born with, in octets: who forks it grows no more."""
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
        return int(file.read().split()[0]) * resource.getpagesize()


def _filter(ocr: bool) -> None:
    """Installs the filter: from here on, what is refused fails with EPERM."""
    made = _program(ocr)
    if made is None:
        return
    if made.own is not None:
        struct.pack_into("=I", made.steps, made.own, os.getpid())
    _control(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(made.described))


@functools.cache
def _program(ocr: bool) -> _Program | None:
    """What is refused, what is allowed with one first argument only (limits of nobody else, and, where nothing is
    run, a signal by tgkill(2), which abort(3) needs, to nobody else), then everything that is left. None where there
    is no filter for this machine. A child has only its own number to fill in."""
    if not filtered():
        return None
    _, tgkill, prlimit, _ = _FILTERS[platform.machine()]
    steps = _refusals(_FOR_OCR if ocr else frozenset()) + _bound(prlimit)
    own = None if ocr else len(steps) + _VALUE_OF_BOUND
    steps += _step(_RETURN, _ALLOW) if ocr else _bound(tgkill) + _step(_RETURN, _ALLOW)
    return _Program(steps, own)


def _refusals(permitted: frozenset[str]) -> bytes:
    """Classic BPF: architecture, then what is refused to every child."""
    architecture, _, _, refused = _FILTERS[platform.machine()]
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _X32, 0, 1),
        _DENY,
    ]
    for number in sorted(number for name, number in refused.items() if name not in permitted):
        steps += _step(_EQUAL, number, 0, 1), _DENY
    return b"".join(steps)


def _bound(number: int) -> bytes:
    """This call with a first argument of 0 only; the 0 stands ``_VALUE_OF_BOUND`` octets behind the beginning."""
    steps = (
        _step(_EQUAL, number, 0, 4),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_EQUAL, 0, 1, 0),
        _DENY,
        _step(_RETURN, _ALLOW),
    )
    return b"".join(steps)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


_DENY = _step(_RETURN, _ERRNO | _EPERM)


def _control(option: int, *arguments: int) -> None:
    if _libc.prctl(option, *(*arguments, 0, 0, 0, 0)[:4]) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl {option}: {os.strerror(number)}")
