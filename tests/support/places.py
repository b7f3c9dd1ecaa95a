"""Where the servers of the laboratory live: loopback ports nobody else takes, folders that daemons may enter."""

from __future__ import annotations

import random
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HELPER = Path(__file__).resolve().parents[2] / "deploy" / "postfix" / "hold-helper"

# Below the kernel's range for outgoing connections (net.ipv4.ip_local_port_range), so that none of these takes ours.
_LOWEST, _HIGHEST = 20_000, 32_000

_reserved: list[socket.socket] = []


def free_port() -> int:
    """A TCP port of 127.0.0.1 on which nobody listens, reserved for the life of this process.

    An abstract Unix socket named after the port is the reservation: test processes that run at the same time see each
    other's, and the kernel drops it with the process. Raises OSError where no port is left.
    """
    for port in random.sample(range(_LOWEST, _HIGHEST), 200):
        mark = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            mark.bind(f"\0vanthu-lab-port-{port}")
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
            continue
        _reserved.append(mark)
        return port
    raise OSError("no free TCP port on 127.0.0.1")


@contextmanager
def open_folder(name: str) -> Iterator[Path]:
    """A new temporary folder that every user may enter (mkdtemp and pytest's tmp_path are for their owner only).

    Postfix and rspamd give up root's rights, so what they open lies in such a folder. The path is short, because a
    Unix socket's path holds 107 bytes. The folder is removed at the end.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"vanthu-{name}-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def helper_in(folder: Path) -> Path:
    """A copy of the hold helper that is root's alone; a checkout may let its group write (umask 002)."""
    copy = folder / "hold-helper"
    copy.write_bytes(_HELPER.read_bytes())
    copy.chmod(0o755)
    return copy
