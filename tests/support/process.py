"""A server as our own child: started in the foreground, waited for, ended by its own pid."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

# Waits for a line; if the pipe closes without one, whoever started the daemon is dead, and its group goes too.
_GUARD = 'read -r line || kill -KILL "-$1"'


class Daemon:
    """One child process in a session of its own, with its output in a file.

    If we die without ``stop``, a guard kills its process group, so that a killed test run leaves no servers behind.
    (A parent-death signal would not do: the kernel forgets it when Postfix's master or Dovecot changes its user.)
    """

    def __init__(self, command: Sequence[str | Path], *, output: Path, env: Mapping[str, str] | None = None) -> None:
        self.output = output
        self.command = [str(word) for word in command]
        with output.open("ab") as file:
            self._child = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env=None if env is None else dict(env),
                start_new_session=True,
            )
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "guard", str(self.pid)], stdin=subprocess.PIPE, start_new_session=True
        )

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def running(self) -> bool:
        return self._child.poll() is None

    def wait_until(self, ready: Callable[[], bool], seconds: float = 20.0) -> None:
        """Return when ``ready()`` holds. Raises RuntimeError, with the output, if the child ends or time runs out."""
        end = time.monotonic() + seconds
        while not ready():
            if not self.running or time.monotonic() > end:
                state = "is not ready" if self.running else f"ended with {self._child.returncode}"
                self.stop()
                said = self.output.read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"{' '.join(self.command)} {state}:\n{said}")
            time.sleep(0.01)

    def signal(self, number: signal.Signals) -> None:
        self._child.send_signal(number)

    def wait_for_end(self, seconds: float) -> bool:
        """Whether the child ended by itself within that time."""
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(seconds)
        return not self.running

    def stop(self, seconds: float = 10.0) -> int:
        """SIGTERM, then SIGKILL to what is left of the session's process group. The child's exit code."""
        if self.running:
            self._child.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(seconds)
        return self.kill()

    def kill(self) -> int:
        """SIGKILL to the whole process group. The child's exit code."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        if self._guard.poll() is None:
            self._guard.communicate(b"stopped\n")
        return self._child.wait()


def accepts(path: Path) -> bool:
    """Whether somebody listens on this Unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


def listens(port: int) -> bool:
    """Whether somebody listens on this port of 127.0.0.1, asked of the kernel: a connection would be a client."""
    wanted = f"0100007F:{port:04X}"
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return any(fields[1] == wanted and fields[3] == "0A" for fields in map(str.split, lines))
