"""A machine of its own inside this one: network, processes and a writable copy of system folders, in namespaces.

What is installed here is installed there, and nothing that is done there is seen here: so the installed Postfix may
be configured, started on port 25 and given users, as on a host that has just been set up. Needs root.

    with Machine("mail") as machine:
        machine.run("postconf", "-e", "myhostname = mail.x.gov.vn")
        machine.run("postfix", "start")
        with machine.network():
            smtplib.SMTP("127.0.0.1", 25)

Whatever was started inside ends with the machine, also if the test run is killed.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .places import open_folder
from .process import Daemon
from .running import Running

FOLDERS = ("/etc", "/var/spool", "/var/lib", "/var/log", "/home", "/opt", "/usr/local", "/run", "/root")
_NEWNET = 0x40000000  # CLONE_NEWNET
_LIBC = ctypes.CDLL(None, use_errno=True)

# Process 1 of the machine: lays out the folders, says so, and reaps what daemons leave behind.
_INIT = """
set -e
ip link set lo up
mount -t tmpfs none "$1"
shift
ready=$1; shift
for folder; do
  name=$(echo "$folder" | tr / -)
  mkdir -p "$LAYER/$name/upper" "$LAYER/$name/work"
  mount -t overlay none -o "lowerdir=$folder,upperdir=$LAYER/$name/upper,workdir=$LAYER/$name/work" "$folder"
done
touch "$ready"
exec python3 -S -c 'import os, signal
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
while True:
    try:
        os.wait()
    except ChildProcessError:
        signal.sigtimedwait((signal.SIGCHLD,), 0.2)'
"""


class Machine(Running):
    """One such machine; ``folder`` is seen from both sides, under the same name."""

    def __init__(self, name: str, folders: Sequence[str] = FOLDERS) -> None:
        self.name = name
        self._exit = ExitStack()
        self.folder = self._exit.enter_context(open_folder(name))
        self._layer = self.folder / "layer"
        self._layer.mkdir()
        self._folders = [folder for folder in folders if Path(folder).is_dir()]
        self._init: Daemon | None = None
        self._pid = 0

    def start(self) -> None:
        """Raises RuntimeError, with what was said, if it does not come up."""
        ready = self.folder / "ready"
        # pid 1 of a namespace takes all others with it; the guard of Daemon kills it if we die.
        self._init = Daemon(
            [
                "unshare", "--mount", "--net", "--pid", "--uts", "--fork", "--kill-child", "--propagation", "private",
                "sh", "-c", _INIT, "init", self._layer, ready, *self._folders,
            ],
            output=self.folder / "init.log",
            env={**os.environ, "LAYER": str(self._layer)},
        )  # fmt: skip
        self._init.wait_until(ready.exists)
        children = Path(f"/proc/{self._init.pid}/task/{self._init.pid}/children").read_text().split()
        self._pid = int(children[0])
        self.run("hostname", self.name)

    def link(self, other: Machine, number: int) -> str:
        """A cable to another machine: we are 10.77.NUMBER.1, it is 10.77.NUMBER.2 and finds all others by us.

        Gives the name of our end, for ``run("ip", "link", "set", NAME, "down")``.
        """
        ours, theirs = f"vl{os.getpid()}-{number}"[-15:], f"vr{os.getpid()}-{number}"[-15:]
        net = f"10.77.{number}"
        subprocess.run(["ip", "link", "add", ours, "type", "veth", "peer", "name", theirs], check=True)
        for machine, name, last in ((self, ours, 1), (other, theirs, 2)):
            subprocess.run(["ip", "link", "set", name, "netns", str(machine._pid)], check=True)
            machine.run("ip", "addr", "add", f"{net}.{last}/30", "dev", name)
            machine.run("ip", "link", "set", name, "up")
        other.run("ip", "route", "add", "default", "via", f"{net}.1")
        self.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        return ours

    def close(self) -> None:
        """Ends all that runs there, and forgets its files."""
        if self._init is not None:
            self._init.kill()
            self._init = None
        self._exit.close()

    def inside(self, *command: str | Path, pid: bool = True) -> list[str]:
        """A command line that runs there; without ``pid`` the process is a child of ours like any other, but sees the
        files and the network of the machine."""
        spaces = ["--mount", "--net", "--uts", *(["--pid"] if pid else [])]
        return ["nsenter", "--target", str(self._pid), *spaces, "--", *map(str, command)]

    def run(self, *command: str | Path, check: bool = True, data: str | None = None) -> str:
        """Output of a command there. Raises RuntimeError with what it said if it fails."""
        # Into a file: a daemon that the command leaves behind would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                self.inside(*command), input=data or "", stdout=said, stderr=said, text=True, timeout=120
            )
            said.seek(0)
            output = said.read()
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))}: {output}")
        return output

    def write(self, path: str, text: str, append: bool = False) -> None:
        """A file there."""
        self.run(
            "sh", "-c", f'mkdir -p "$(dirname "$1")" && cat {">>" if append else ">"} "$1"', "sh", path, data=text
        )

    def read(self, path: str) -> str:
        """A file there; empty if it is missing."""
        return self.run("sh", "-c", 'test ! -e "$1" || cat "$1"', "sh", path)

    @contextmanager
    def network(self) -> Iterator[None]:
        """Sockets that this thread makes meanwhile are in the network of the machine, for as long as they live."""
        with (
            Path(f"/proc/self/task/{threading.get_native_id()}/ns/net").open("rb") as home,
            Path(f"/proc/{self._pid}/ns/net").open("rb") as there,
        ):
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(home.fileno())


def _enter(descriptor: int) -> None:
    if _LIBC.setns(descriptor, _NEWNET):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
