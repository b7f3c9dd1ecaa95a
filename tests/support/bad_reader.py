"""A reader that does what the document says: for tests of the broker and the cage of its children.

The first line is a word and its arguments; ``TEXT`` and unknown words are read as they stand.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from vanthu.documents.model import DocumentLimits, Extraction, Text


def read(content: bytes, name: str | None, limits: DocumentLimits) -> Extraction:
    line = content.split(b"\n", 1)[0].decode("ascii", "replace")
    word, *arguments = line.split() or [""]
    if word == "PICTURE":
        return _picture(float(arguments[0]), limits)
    act = _ACTS.get(word)
    text = act(*arguments) if act is not None else line
    return Extraction("text/plain", None, (Text(text),))


def _picture(seconds: float, limits: DocumentLimits) -> Extraction:
    """Text at once, more text after some time of OCR."""
    if limits.ocr == "off":
        return Extraction("application/pdf", "unavailable", (Text("page one"),), pictures=1)
    time.sleep(seconds)
    return Extraction("application/pdf", None, (Text("page one"), Text("seen", "page 2", "ocr")))


def _hang() -> str:
    signal.pthread_sigmask(signal.SIG_BLOCK, set(range(1, 32)))
    while True:
        time.sleep(60)


def _spin() -> str:
    while True:
        pass


def _eat() -> str:
    eaten = []
    while True:
        eaten.append(bytearray(8 << 20))


def _eat_natively() -> str:
    """As a C library does that does not look at what malloc gives."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    while True:
        ctypes.memset(libc.malloc(ctypes.c_size_t(8 << 20)), 1, 8 << 20)


def _segfault() -> str:
    ctypes.string_at(8)
    return "unhurt"


def _exit(code: str) -> str:
    os._exit(int(code))


def _chatter() -> str:
    print("quoting the document", flush=True)
    os.write(2, b"quoting the document")
    return "said nothing"


def _escape() -> str:
    """Everything that a child must not do; the answer names what was possible."""
    attempts: dict[str, Callable[[], object]] = {
        "inet": lambda: socket.socket(socket.AF_INET).close(),
        "unix": lambda: socket.socket(socket.AF_UNIX).close(),
        "write": lambda: Path("written").write_text("x"),
        "mkdir": lambda: Path("made").mkdir(),
        "unlink": lambda: Path("/tmp/nothing-there").unlink(),
        "kill": lambda: os.kill(os.getppid(), 0),
        "limits of others": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CORE, (0, 0)),
        "chown": lambda: os.fchown(0, -1, -1),
        "chmod": lambda: os.fchmod(0, 0o600),
        "mount": lambda: _system("mount", b"none", b"/mnt", b"tmpfs", 0, None),
        "run": lambda: os.execv("/bin/true", ["true"]),
        "descriptors": lambda: [os.open("/dev/null", os.O_RDONLY) for _ in range(1000)],
        "renice": lambda: os.setpriority(os.PRIO_PROCESS, 0, -5) if os.geteuid() else _never(),
    }
    possible = []
    for name, attempt in attempts.items():
        try:
            attempt()
        except FileNotFoundError:
            possible.append(name)
        except OSError:
            continue
        else:
            possible.append(name)
    return "possible: " + " ".join(possible)


def _system(name: str, *arguments: object) -> None:
    if ctypes.CDLL(None, use_errno=True)[name](*arguments) != 0:
        raise OSError(ctypes.get_errno(), name)


def _never() -> None:
    raise PermissionError


def _spy(*paths: str) -> str:
    """Which of these can be opened: to be read, to be emptied; with what is the broker's, two processes up."""
    house = os.getppid()
    outside = next(
        int(line.split()[1]) for line in Path(f"/proc/{house}/status").read_text().splitlines() if "PPid" in line
    )
    ours = [f"/proc/{outside}/{name}" for name in ("mem", "environ", "maps", "cwd/.")]
    possible = []
    for path in (*paths, *ours):
        for how in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_TRUNC):
            try:
                descriptor = os.open(path, how)
                # Some kernels let anybody open a file of /proc, and then it is empty.
                shown = how != os.O_RDONLY or path.endswith("/mem") or Path(path).is_dir() or os.read(descriptor, 1)
                os.close(descriptor)
            except OSError:
                continue
            if shown:
                possible.append(f"{path}:{how}")
    return "possible: " + " ".join(possible)


def _environment() -> str:
    return " ".join(sorted(os.environ))


def _state() -> str:
    """What can be seen of the cage from inside."""
    status = dict(
        line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line
    )
    descriptors = sorted(str(one.readlink()).split(":")[0] for one in Path("/proc/self/fd").iterdir() if one.exists())
    home = Path(os.environ["HOME"])
    return (
        f"seccomp={status['Seccomp']} nnp={status['NoNewPrivs']} nice={os.nice(0)} descriptors={descriptors} "
        f"home={oct(home.stat().st_mode & 0o777)} tmpdir={os.environ['TMPDIR'] == str(home)} cwd={Path.cwd() == home}"
    )


def _sleep(seconds: str, text: str = "slept") -> str:
    time.sleep(float(seconds))
    return text


def _long(characters: str) -> str:
    return "x" * int(characters)


_ACTS: dict[str, Callable[..., str]] = {
    "HANG": _hang, "SPIN": _spin, "EAT": _eat, "EAT-NATIVELY": _eat_natively, "SEGFAULT": _segfault, "EXIT": _exit,
    "CHATTER": _chatter, "ESCAPE": _escape, "STATE": _state, "SLEEP": _sleep, "LONG": _long,
    "SPY": _spy, "ENVIRONMENT": _environment,
}  # fmt: skip
