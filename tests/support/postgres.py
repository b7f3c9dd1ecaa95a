"""A real PostgreSQL of our own: its own cluster, reached by a Unix socket in a temporary folder and on no network.

It never touches the packaged cluster. The server refuses to run as root, so as root it runs as user ``postgres``.

    with Postgres() as server:
        store = Store(server.database(), "mx1", print)
        server.restart()
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path

import psycopg

from .places import free_port, open_folder
from .process import Daemon
from .running import Running

_USER = "postgres"
# Durability is the server's business, not ours; what we test is what happens when it goes away and comes back.
_OPTIONS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "40",
    "shared_buffers": "64MB",
    "max_wal_size": "1GB",
    "autovacuum": "off",
}


class Postgres(Running):
    """The cluster and its server. ``start``, ``stop`` and ``kill`` are for tests of what its absence does."""

    def __init__(self) -> None:
        self._exit = ExitStack()
        self._numbers = itertools.count(1)
        self._server: Daemon | None = None
        self._as_user = _as_user()
        self.folder = self._exit.enter_context(open_folder("postgres"))
        self.port = free_port()
        self._data = self.folder / "data"

    def start(self) -> None:
        """Starts the server and waits until it answers. Raises RuntimeError, with what it said, if it does not.

        The first start makes the cluster.
        """
        if not self._data.exists():
            self._make()
        options = [word for name, value in _OPTIONS.items() for word in ("-c", f"{name}={value.strip(chr(39))}")]
        place = ["-D", str(self._data), "-k", str(self.folder), "-p", str(self.port)]
        command = [*self._as_user, str(_binaries() / "postgres"), *place, *options]
        self._server = Daemon(command, output=self.folder / "log")
        self._server.wait_until(self._answers, 60)

    @property
    def running(self) -> bool:
        return self._server is not None and self._server.running

    def stop(self) -> None:
        """A fast shutdown: connections are cut, what was committed stays."""
        if self._server is not None:
            if self._server.running:
                self._server.signal(signal.SIGINT)
            self._server.wait_for_end(30)
            self._server.stop()
            self._server = None

    def kill(self) -> None:
        """SIGKILL to the server and all its processes: the next start recovers."""
        if self._server is not None:
            self._server.kill()
            self._server = None

    def restart(self) -> None:
        """As an upgrade of the package does it."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Ends the server and removes the cluster."""
        self.kill()
        self._exit.close()

    def database(self) -> str:
        """Makes an empty database; its URL for the store."""
        name = f"vanthu{next(self._numbers)}"
        with self.connect("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
        return f"postgresql+psycopg://{_USER}@/{name}?host={self.folder}&port={self.port}"

    def connect(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the test's own, autocommit."""
        return psycopg.connect(
            host=str(self.folder), port=self.port, user=_USER, dbname=name, autocommit=True, connect_timeout=5
        )

    def _make(self) -> None:
        if self._as_user:
            entry = pwd.getpwnam(_USER)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        flags = ["--auth=trust", "--no-sync", "--locale=C.UTF-8", "--encoding=UTF8", f"--username={_USER}"]
        made = subprocess.run(
            [*self._as_user, str(_binaries() / "initdb"), "-D", str(self._data), *flags],
            capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stderr}")

    def _answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True


def _as_user() -> list[str]:
    """What a command begins with in order to run as the server's user."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--init-groups", "--"]


def _binaries() -> Path:
    """Where initdb and postgres are: the newest version that Debian has, or whatever is in PATH."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if packaged:
        return packaged[-1].parent
    found = shutil.which("postgres")
    if found is None:
        raise RuntimeError("no PostgreSQL here: install the package postgresql")
    return Path(found).resolve().parent
