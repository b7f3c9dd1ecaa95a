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
    """All processes that were born with our token in their environment, and whoever those have started.

    The fork server is given an environment of its own: it is known by its parent, and once known stays so.
    """

    def __init__(self, token: str) -> None:
        self._token = f"VANTHU_CHAOS={token}".encode()
        self._known: dict[int, int] = {}  # pid to the time of its start

    def living(self) -> dict[int, int]:
        """Pid to pid of the parent; zombies are not alive."""
        all_ = {int(one.name): one for one in Path("/proc").iterdir() if one.name.isdecimal()}
        born = {pid: stat for pid, entry in all_.items() if (stat := _stat(entry)) is not None}
        found = {pid for pid, (_, start) in born.items() if self._is_ours(pid, start, all_[pid])}
        rest = set(born) - found
        while below := {pid for pid in rest if born[pid][0] in found}:
            found |= below
            rest -= below
        self._known = {pid: born[pid][1] for pid in found}
        return {pid: born[pid][0] for pid in found}

    def _is_ours(self, pid: int, start: int, entry: Path) -> bool:
        if self._known.get(pid) == start:
            return True
        with suppress(OSError):
            return self._token in (entry / "environ").read_bytes().split(b"\0")
        return False

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


def _stat(entry: Path) -> tuple[int, int] | None:
    """Parent and time of start; None for a zombie and for who has gone."""
    with suppress(OSError):
        fields = (entry / "stat").read_bytes().rpartition(b") ")[2].split()
        return None if fields[0] == b"Z" else (int(fields[1]), int(fields[19]))
    return None
