"""Which processes are ours, what each of them is, and what each of them holds. Nobody else's is ever touched."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A worker keeps the snapshot of correspondence that it knows until the next mail.
_SNAPSHOT = "/correspondents"


@dataclass(frozen=True, slots=True)
class Holding:
    """What one process holds. ``deleted``: files that have no name any more; ``rss`` in bytes."""

    kind: str
    descriptors: int
    deleted: int
    threads: int
    rss: int


class Processes:
    """All processes that were born with our token in their environment."""

    def __init__(self, token: str) -> None:
        self._token = f"VANTHU_CHAOS={token}".encode()

    def living(self) -> dict[int, int]:
        """Pid to pid of the parent; zombies are not alive."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and (parent := self._parent(entry)) is not None:
                found[int(entry.name)] = parent
        return found

    def _parent(self, entry: Path) -> int | None:
        with suppress(OSError):
            if self._token in (entry / "environ").read_bytes().split(b"\0"):
                state, parent = (entry / "stat").read_bytes().rpartition(b") ")[2].split()[:2]
                return None if state == b"Z" else int(parent)
        return None

    def below(self, pid: int) -> list[int]:
        """Children of a process that are ours."""
        return [one for one, parent in self.living().items() if parent == pid]

    def send(self, pid: int, number: signal.Signals) -> bool:
        """A signal to one of ours; False if there is none of that pid."""
        if pid not in self.living():
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, number)
            return True
        return False

    def go_on(self) -> None:
        """SIGCONT to all."""
        for pid in self.living():
            self.send(pid, signal.SIGCONT)

    def kill_all(self) -> None:
        """Until none is left."""
        while pids := self.living():
            for pid in pids:
                self.send(pid, signal.SIGKILL)

    def holdings(self, supervisor: int, status: Mapping[str, Any]) -> dict[int, Holding]:
        """What each of ours holds; kind ``stranger`` for who has no business here."""
        living = self.living()
        kinds = {one["pid"]: one["kind"] for one in status.get("children", [])} | {supervisor: "supervisor"}
        brokers = {pid for pid, kind in kinds.items() if kind == "broker"}
        servers = {pid for pid, parent in living.items() if parent in brokers}
        kinds |= dict.fromkeys(servers, "fork server")
        kinds |= {pid: "reader" for pid, parent in living.items() if parent in servers}
        found = {}
        for pid in living:
            with suppress(OSError):
                found[pid] = _holding(kinds.get(pid, "stranger"), Path(f"/proc/{pid}"))
        return found


def _holding(kind: str, entry: Path) -> Holding:
    links = []
    for one in (entry / "fd").iterdir():
        with suppress(OSError):
            links.append(str(one.readlink()))
    fields = dict(line.split(":", 1) for line in (entry / "status").read_text().splitlines())
    return Holding(
        kind,
        len(links),
        sum(link.endswith(" (deleted)") and _SNAPSHOT not in link for link in links),
        int(fields["Threads"]),
        int(fields.get("VmRSS", "0").split()[0]) * 1024,
    )
