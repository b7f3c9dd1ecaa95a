"""An upgrade without a moment in which nobody listens: the supervisor turns into its successor by execve(2).

The process id stays, and with it everything that hangs on it: systemd's main process, the children. The listening
socket and the control sockets of the children are left open and named in the environment; so the old workers go on
taking mail until the new ones are ready, and drain then, as at a reload. A successor that fails takes the sockets
with it, and the old children drain.

``refusal`` is asked first: what execve does cannot be taken back.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from ..postfix.calling import CallError, call
from . import libmilter, log, signals
from .children import Child, Kind

_VARIABLE = "VANTHU_SUCCESSION"
_PATIENCE = 15.0  # seconds that the new version may take to read its files; the watchdog waits for 30


class Heir(Struct, frozen=True):
    """One child as it is handed over."""

    pid: int
    kind: Kind
    generation: int
    control: int
    draining: bool


class Estate(Struct, frozen=True):
    """What a supervisor leaves to its successor: descriptors, and whose they are."""

    pid: int
    address: str
    listener: int
    generation: int
    children: tuple[Heir, ...] = ()

    def grown(self) -> list[Child]:
        """The children, with their control sockets; those whose socket is none are left to themselves."""
        found = []
        for heir in self.children:
            with contextlib.suppress(OSError):
                os.set_inheritable(heir.control, False)
                control = socket.socket(fileno=heir.control)
                child = Child(heir.pid, heir.kind, heir.generation, control, ready=True, draining=heir.draining)
                found.append(child)
        return found


def listener(before: Estate | None, address: str, mode: int, group: str | None) -> libmilter.Listener:
    """The socket that Postfix connects to: the inherited one, or a new one where settings name another address."""
    if before is not None and before.address == address:
        return libmilter.adopt(address, before.listener, mode, group)
    new = libmilter.listen(address, mode, group)
    if before is not None:
        # The old workers have descriptors of their own; ours would keep a socket open at which nobody answers.
        os.close(before.listener)
    return new


def refusal() -> str | None:
    """None if the program as it is on the disk now would start with the files as they are now; else what it says."""
    command = [sys.executable, *sys.orig_argv[1:-1], "check"]
    try:
        done = call(command, _PATIENCE)
    except CallError as error:
        return str(error)
    return None if done.returncode == 0 else " ".join((done.stderr + done.stdout).split())[:2000] or "no reason given"


def succeed(address: str, listener: libmilter.Listener, generation: int, children: Iterable[Child]) -> str:
    """Becomes the successor. If that cannot be done, all is as it was, and the reason is given."""
    kept = [child for child in children if child.control.fileno() >= 0]
    heirs = tuple(
        Heir(child.pid, child.kind, child.generation, child.control.fileno(), child.draining) for child in kept
    )
    estate = Estate(os.getpid(), address, listener.descriptor, generation, heirs)
    descriptors = [listener.descriptor, *(heir.control for heir in heirs)]
    signals.put_off()
    try:
        for descriptor in descriptors:
            os.set_inheritable(descriptor, True)
        environment = {**os.environ, _VARIABLE: msgspec.json.encode(estate).decode()}
        log.succeeding()
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606
    except OSError as error:
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
        signals.attend()
        return str(error)


def inherit() -> Estate | None:
    """What was left to this process; None where it was started in the usual way.

    OSError where it is not understood: whoever ends then closes what he holds, so the old children drain, and the
    service manager starts anew.
    """
    text = os.environ.pop(_VARIABLE, None)
    if text is None:
        return None
    try:
        estate = msgspec.json.decode(text, type=Estate)
    except msgspec.DecodeError as error:
        raise OSError(f"{_VARIABLE} is of another version ({error})") from None
    return estate if estate.pid == os.getpid() else None
