"""The supervisor's book of child processes: who they are, how to talk to them, how they ended.

Each child holds one end of a socket pair, its parent the other. Only the supervisor may hold its ends: a child closes
those of its siblings, so that the supervisor's death reads as end of file in every child at once.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from . import log

Kind = Literal["worker", "steward", "broker"]


@dataclass(slots=True)
class Child:
    """One forked process. ``draining`` children are expected to leave."""

    pid: int
    kind: Kind
    generation: int
    control: socket.socket
    started: float = field(default_factory=time.monotonic)
    ready: bool = False
    draining: bool = False

    @property
    def age(self) -> float:
        """Seconds since the fork."""
        return time.monotonic() - self.started

    def drain(self) -> None:
        """Asks the child to finish what it has in hand and to leave; a child that is gone does not mind."""
        self.draining = True
        with contextlib.suppress(OSError):
            self.control.sendall(b"drain\n")

    def dismiss(self) -> None:
        """End of file: what steward and broker understand as 'finish and leave'."""
        self.draining = True
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_WR)


class Children:
    """All living children."""

    def __init__(self) -> None:
        self.living: dict[int, Child] = {}

    def adopt(self, child: Child) -> None:
        """A child that was forked before we became who we are."""
        child.control.setblocking(False)
        self.living[child.pid] = child

    def fork(self, kind: Kind, generation: int, life: Callable[[socket.socket], None]) -> Child:
        """A new child that lives ``life(control)`` and ends with it."""
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            for sibling in self.living.values():
                sibling.control.close()
            _fresh_start()
            try:
                life(theirs)
                os._exit(0)
            except BaseException as error:
                log.trouble(f"{kind}-failed", None, error)
            finally:
                os._exit(1)
        theirs.close()
        ours.setblocking(False)
        child = Child(pid, kind, generation, ours)
        self.living[pid] = child
        return child

    def of(self, kind: Kind) -> list[Child]:
        """The children of a kind that are to stay."""
        return [child for child in self.living.values() if child.kind == kind and not child.draining]

    def table(self) -> list[dict[str, Any]]:
        """Everybody, as others may know it."""
        return [
            {"pid": child.pid, "kind": child.kind, "generation": child.generation, "draining": child.draining}
            for child in self.living.values()
        ]

    def reap(self) -> list[tuple[Child, str]]:
        """Every child that has ended, and how: ``exit 0``, ``signal 9``."""
        ended = []
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            child = self.living.pop(pid, None)
            if child is not None:
                child.control.close()
                ended.append((child, _how(status)))
        return ended


def _fresh_start() -> None:
    """A child has a session of its own, so that no signal of a terminal reaches it, and no handler of ours."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(
        signal.SIGUSR2, signal.SIG_IGN
    )  # an upgrade is the supervisor's; `systemctl kill` may hit all of us


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"exit {code}"
