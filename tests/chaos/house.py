"""The house that is beaten: daemon, Postfix, sink, DNS, store, and file systems of its own that can be full.

It has to be opened in a mount namespace of its own (run.py sees to that): what it mounts, nobody else sees.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from support.client import Client
from support.clock import Clock
from support.dns_server import DnsServer
from support.ledger import Arrival
from support.places import free_port, open_folder
from support.postfix import Listener, Postfix, milter
from support.postfix_log import PostfixLog
from support.postgres import Postgres
from support.running import Running
from support.sink import Delivery, Sink
from support.vanthu import ROOT, Vanthu
from vanthu.projections.store import open_engine
from vanthu.projections.store_tables import records

from .disks import DISKS, Disks
from .processes import Processes

_RESTART = 0.5  # seconds until a service manager starts what has ended
EXCHANGERS = {"mx.unlisted.example": 10}


class Moods(dict[str, Any]):
    """A zone in which every name is answered in the same mood."""

    mood: Any = EXCHANGERS

    def get(self, name: object, default: Any = None) -> Any:
        return self.mood


class Ledger(Sink):
    """A sink that keeps what the books need, not the mails."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.arrivals: list[Arrival] = []

    def keep(self, delivery: Delivery) -> None:
        self.arrivals.append(Arrival.of(delivery))


class House(Running):
    """``with House(postgres=False) as house``. What is broken on purpose is put right by ``heal``."""

    def __init__(self, *, postgres: bool) -> None:
        self._exit = ExitStack()
        self.token = uuid4().hex
        self.processes = Processes(self.token)
        self.killed: set[int] = set()
        self._wanted = False
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._over = threading.Event()
        self._folder = self._exit.enter_context(open_folder("chaos"))
        self.temporary = self._folder / "tmp"
        self.temporary.mkdir(mode=0o777)
        self.clock = Clock(self._folder)
        self.postgres = Postgres() if postgres else None

    def start(self) -> None:
        enter = self._exit.enter_context
        self.moods = Moods()
        self.dns = enter(DnsServer({}, ttl=1))
        self.dns.zone = self.moods
        url = enter(self.postgres).database() if self.postgres is not None else None
        env = {**self.clock.env, "TMPDIR": str(self.temporary), "VANTHU_CHAOS": self.token}
        self.vanthu = Vanthu(
            policies=ROOT / "tests" / "e2e" / "policies",
            register=ROOT / "deploy" / "demo" / "register.yaml",
            settings={
                "milter": {"max_holds_per_hour": 1_000_000, "drain": 15},
                "dns": {"enabled": True, "servers": [self.dns.address], "seconds": 0.5},
            },
            env=env,
        )
        self._exit.callback(self.vanthu.close)
        self.disks = enter(Disks(self.vanthu.folder))
        self.url = url or f"sqlite:///{self.vanthu.folder}/store/store.db"
        self.vanthu.write(self.vanthu.settings | {"store": {"url": self.url}})
        self.sink = enter(Ledger(free_port()))
        ours = milter(self.vanthu.socket)
        self.postfix = enter(
            Postfix(
                [Listener("plain", milters=ours, daemon_name="submission")],
                next_hop=self.sink.port,
                parameters={"relay_domains": "hathanh.gov.vn"},
            )
        )
        self.log = PostfixLog(self.postfix.maillog)
        self.vanthu.start()
        self._wanted = True
        self._keeper.start()

    def close(self) -> None:
        """Ends everything, and puts nothing right."""
        self._over.set()
        self._wanted = False
        if self._keeper.ident is not None:
            self._keeper.join()
        self.processes.kill_all()
        self._exit.close()

    def client(self) -> Client:
        """Of the one port that Postfix has."""
        return Client(self.postfix.ports["plain"], patience=120)

    # Service manager.

    def _keep(self) -> None:
        """Starts the daemon again when it has ended."""
        while not self._over.wait(0.05):
            if self._wanted and not self.vanthu.running:
                if self._over.wait(_RESTART):
                    return
                if self._wanted:
                    self.vanthu.launch()

    def restart(self) -> None:
        """SIGTERM, the drain, and another start, as an upgrade does it."""
        self._wanted = False
        self.processes.go_on()
        with suppress(ProcessLookupError):
            self.vanthu.signal(signal.SIGTERM)
        end = time.monotonic() + 40
        while self.vanthu.running and time.monotonic() < end:
            time.sleep(0.05)
        self._wanted = True

    # What was broken.

    def heal(self) -> None:
        """Everything that was broken on purpose works again."""
        for name in DISKS:
            self.disks.empty(name)
        self.moods.mood = EXCHANGERS
        self.dns.mute = False
        self.clock.off(0)
        self.processes.go_on()
        self.start_store()

    def start_store(self) -> None:
        """PostgreSQL, if it is our store and is away."""
        if self.postgres is not None and not self.postgres.running:
            self.postgres.start()

    # Books.

    def journal(self) -> list[dict[str, Any]]:
        """All whole lines."""
        return self.vanthu.records(None)

    def stored(self) -> Counter[str]:
        """How often the store has the record of each mail."""
        engine = open_engine(self.url)
        try:
            with engine.connect() as connection:
                return Counter(connection.scalars(select(records.c.id).where(records.c.kind == "message")))
        except SQLAlchemyError:
            return Counter()
        finally:
            engine.dispose()

    def held(self) -> frozenset[str]:
        """Queue ids in the hold queue."""
        return frozenset(path.name for path in _files(self.postfix.queue_folder / "hold"))

    def verify(self) -> list[str]:
        """What ``vanthu journal verify`` finds."""
        done = subprocess.run(
            [*self.vanthu.command, "journal", "verify"], capture_output=True, text=True, check=False
        )
        return (done.stdout + done.stderr).splitlines() if done.returncode else []

    def children(self, kind: str) -> list[int]:
        """Pids of our own children of a kind, as last published and still alive."""
        return [one["pid"] for one in self.vanthu.children(kind) if one["pid"] in self.processes.living()]


def _files(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder):
        yield from (Path(root) / name for name in names)
