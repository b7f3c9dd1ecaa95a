"""What can happen to a running house. ``begin`` breaks something and gives back what mends it again, if that is not
the business of the house itself.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from support.load import Load
from support.milter_client import connect
from support.milter_wire import OFFERED

from .disks import DISKS
from .house import House
from .plan import Strike
from .traffic import LARGE, Traffic

Mend = Callable[[], None]
_IDLE = 300  # connections of a flood: more than two workers take sessions


class Strikes:
    """All strikes on one house. ``said`` hears what really happened; ``many``: how many large mails come at once."""

    def __init__(self, house: House, traffic: Traffic, load: Load, said: Callable[[str], None], many: int) -> None:
        self._house = house
        self._traffic = traffic
        self._load = load
        self._said = said
        self._many = many

    def begin(self, strike: Strike) -> Mend | None:
        """Breaks it. What mends it is called ``strike.seconds`` later."""
        name, _, what = strike.name.partition("_")
        mend: Mend | None = getattr(self, f"_{name}")(what, strike)
        return mend

    # Processes.

    def _victim(self, what: str, which: int) -> int | None:
        house = self._house
        if what == "supervisor":
            return house.vanthu.pid
        if what in ("fork", "reader", "fork_server"):
            found = [pid for broker in house.children("broker") for pid in house.processes.below(broker)]
            if what == "reader":
                end = time.monotonic() + 2.0  # one is born for each document, and lives for milliseconds
                servers, found = found, []
                while not found and time.monotonic() < end:
                    found = [pid for server in servers for pid in house.processes.below(server)]
        else:
            found = house.children(what)
        return sorted(found)[which % len(found)] if found else None

    def _send(self, what: str, which: int, number: signal.Signals) -> int | None:
        pid = self._victim(what, which)
        if pid is None or not self._house.processes.send(pid, number):
            self._said(f"no {what} to hit")
            return None
        if number == signal.SIGKILL:
            self._house.killed.add(pid)
        self._said(f"{number.name} to {what} {pid}")
        return pid

    def _kill(self, what: str, strike: Strike) -> None:
        if what == "all":  # what systemd does to the rest when the main process is gone (KillMode=mixed)
            for pid in (self._house.vanthu.pid, *self._house.processes.living()):
                self._house.killed.add(pid)
                self._house.processes.send(pid, signal.SIGKILL)
        elif what == "workers":
            for which in range(len(self._house.children("worker"))):
                self._send("worker", which, signal.SIGKILL)
        else:
            self._send(what, strike.which, signal.SIGKILL)

    def _slaughter(self, what: str, strike: Strike) -> None:
        """A worker dies every moment, so that every step of a mail is hit sooner or later."""
        end = time.monotonic() + strike.seconds
        while time.monotonic() < end:
            self._send("worker", strike.which, signal.SIGKILL)
            time.sleep(0.15)

    def _writers(self, what: str, strike: Strike) -> None:
        """Workers die in the moment behind a record and before its answer, as often as can be hit."""
        end = time.monotonic() + strike.seconds
        while time.monotonic() < end:
            pid = self._victim("worker", strike.which)
            file = max(self._house.vanthu.journal.glob(f"*-{pid}.*jsonl"), default=None)
            if pid is None or file is None:
                time.sleep(0.02)
                continue
            with suppress(ProcessLookupError):
                self._behind_its_back(pid, file, end)

    def _behind_its_back(self, pid: int, file: Path, end: float) -> None:
        handle = os.pidfd_open(pid)
        try:
            size = file.stat().st_size
            while file.stat().st_size == size and time.monotonic() < end:
                continue
            self._house.killed.add(pid)
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        finally:
            os.close(handle)
        self._said(f"SIGKILL to worker {pid}, which has just written")

    def _stop(self, what: str, strike: Strike) -> Mend | None:
        pid = self._send(what, strike.which, signal.SIGSTOP)
        if pid is None:
            return None
        return lambda: (self._house.processes.send(pid, signal.SIGCONT), None)[1]

    # What they live on.

    def _full(self, what: str, strike: Strike) -> Mend:
        disks = DISKS if what == "disk" else (what,)  # one disk for all, as most hosts have it
        for name in disks:
            self._house.disks.fill(name)
        return lambda: [self._house.disks.empty(name) for name in disks].clear()

    def _dns(self, what: str, strike: Strike) -> Mend:
        moods, before = self._house.moods, self._house.moods.mood
        moods.mood = what
        return lambda: setattr(moods, "mood", before)

    def _clock(self, what: str, strike: Strike) -> Mend:
        off = {"back": -3600, "hours": 3600 * (1 + strike.which), "days": 86_400 * (1 + strike.which)}[what]
        self._house.clock.off(off)
        self._said(f"clock off by {off} s")
        return lambda: self._house.clock.off(0)

    def _postgres(self, what: str, strike: Strike) -> Mend:
        server = self._house.postgres
        assert server is not None
        server.kill() if what == "kill" else server.stop()
        return self._house.start_store

    # The service's own business.

    def _hup(self) -> None:
        with suppress(ProcessLookupError):
            self._house.vanthu.signal(signal.SIGHUP)

    def _reload(self, what: str, strike: Strike) -> Mend | None:
        vanthu, good = self._house.vanthu, dict(self._house.vanthu.settings)
        if what == "bad":
            vanthu.write(good | {"polices": "a key that is none"})
            self._hup()
            return lambda: (vanthu.write(good), self._hup(), None)[2]
        workers = 2 + (good["milter"]["workers"] == 2)
        vanthu.write(good | {"milter": good["milter"] | {"workers": workers}})
        self._hup()
        return None

    def _rolling(self, what: str, strike: Strike) -> None:
        for _ in range(3):
            self._hup()
            time.sleep(0.4)

    def _restart(self, what: str, strike: Strike) -> None:
        self._house.restart()

    # Clients.

    def _flood(self, what: str, strike: Strike) -> Mend:
        """Connections that negotiate and then say nothing more."""
        return _closing([one for _ in range(_IDLE) if (one := self._open(OFFERED)) is not None])

    def _half(self, what: str, strike: Strike) -> Mend:
        """Connections that end in the middle of their first word, or never begin."""
        return _closing([one for n in range(40) if (one := self._open(OFFERED[: n % 12])) is not None])

    def _slow(self, what: str, strike: Strike) -> Mend:
        """A header announced, and sent one octet at a time; then gone in the middle."""
        open_ones = [one for _ in range(10) if (one := self._open(OFFERED)) is not None]
        for octet in struct.pack("!Ic", 400, b"L") + b"X" * 20:
            for one in open_ones:
                with suppress(OSError):
                    one.send(bytes([octet]))
            time.sleep(0.02)
        return _closing(open_ones)

    def _open(self, first: bytes) -> socket.socket | None:
        try:
            one = connect(self._house.vanthu.socket, 1.0)
        except OSError:
            return None  # it is down already
        with suppress(OSError):
            one.sendall(first)
        return one

    def _large(self, what: str, strike: Strike) -> None:
        """As many as there are senders at once, each of 50 MB."""
        mail = [self._traffic.large(LARGE) for _ in range(self._many)]
        self._said(f"{len(mail)} mails of {LARGE >> 20} MB")
        for one in mail:
            self._load.add(one)


def _closing(sockets: list[socket.socket]) -> Mend:
    def close() -> None:
        for one in sockets:
            one.close()

    return close
