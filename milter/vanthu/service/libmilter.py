"""The edges of libmilter that the service needs, proven against Debian's build (pool of threads).

Opening the socket in the supervisor and forking afterwards lets every worker accept on it. Three facts shape this
module: a worker that leaves through libmilter unlinks the Unix socket, so the socket is opened under a temporary
name and renamed; over TCP libmilter writes its answer in two pieces, so TCP_NODELAY is set on the listening socket
(accepted ones inherit it); and libmilter has no "stop accepting", so a drain swaps the listening descriptor.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import Milter
import milter

# What a session may ask of the MTA; nothing else is negotiated.
ACTIONS = Milter.ADDHDRS | Milter.CHGHDRS | Milter.DELRCPT | Milter.QUARANTINE | Milter.SETSYMLIST
BACKLOG = 1024
MAX_PACKET = 1 << 20


@dataclass(frozen=True, slots=True)
class Listener:
    """The listening socket, as libmilter holds it in every process forked from here."""

    descriptor: int
    path: str | None
    name: Any  # what the socket was bound to: a path, or address and port


def _register() -> None:
    """Tells libmilter which callbacks there are; it wants to know before it opens the socket."""
    Milter.set_flags(ACTIONS)
    milter.set_connect_callback(Milter.connect_callback)
    milter.set_envfrom_callback(lambda ctx, *values: ctx.getpriv().envfrom_bytes(*values))
    milter.set_envrcpt_callback(lambda ctx, *values: ctx.getpriv().envrcpt_bytes(*values))
    milter.set_header_callback(lambda ctx, name, value: ctx.getpriv().header_bytes(name, value))
    milter.set_body_callback(lambda ctx, chunk: ctx.getpriv().body(chunk))
    milter.set_eom_callback(_end_of_message)
    milter.set_abort_callback(lambda ctx: ctx.getpriv().abort())
    milter.set_close_callback(Milter.close_callback)
    # What goes wrong before a session is reached (a field name that is no UTF-8) is counted and answered at the end
    # of the mail. A temporary failure here would be dropped where no reply is due, and the MTA would wait on.
    milter.set_exception_policy(Milter.CONTINUE)
    sys.excepthook = _count_lost
    # libmilter hangs up on a packet over 64 kB. Postfix 3.7 shows no more than 60,000 octets of a header field, but
    # other MTAs and versions need not: such a mail would get 451 for ever. pymilter does not wrap this function.
    set_limit = ctypes.CDLL(milter.__file__).smfi_setmaxdatasize
    set_limit.argtypes, set_limit.restype = [ctypes.c_size_t], ctypes.c_size_t
    set_limit(MAX_PACKET)
    milter.register("vanthu", negotiate=Milter.negotiate_callback)


def _end_of_message(ctx: Any) -> int:
    """The one place where a mail is let through: nothing may go wrong here and end in anything but an answer."""
    try:
        return int(ctx.getpriv().eom())
    except BaseException as error:
        sys.__excepthook__(type(error), error, error.__traceback__)
        return int(Milter.TEMPFAIL)


_lost_calls = 0


def _count_lost(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """pymilter prints an exception that it cannot give to anybody; that is the only sign of it."""
    global _lost_calls  # noqa: PLW0603 (the hook belongs to the process)
    _lost_calls += 1
    sys.__excepthook__(kind, error, trace)


def lost_calls() -> int:
    """How many calls of libmilter failed in this process before any session heard of them."""
    return _lost_calls


def listen(address: str, mode: int, group: str | None) -> Listener:
    """Opens ``unix:/path``, ``inet:PORT@HOST`` or ``inet6:PORT@HOST``; OSError when that fails."""
    _register()
    before = open_sockets()
    scheme, _, rest = address.partition(":")
    temporary = f"{rest}.new" if scheme == "unix" else None
    if temporary is not None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)  # noqa: PTH108 (paths of sockets stay text here)
    milter.setbacklog(BACKLOG)
    milter.setconn(f"{scheme}:{temporary or rest}")
    try:
        milter.opensocket(False)
    except milter.error as error:
        hint = "does somebody else listen there?"
        if scheme == "unix" and not Path(rest).parent.is_dir():
            hint = f"the folder {Path(rest).parent} is not there; make it, or change milter.socket"
        raise OSError(f"cannot listen on {address}: {hint} ({error})") from None
    (descriptor,) = open_sockets() - before
    # One connection wakes every worker: those that come too late must not wait inside accept(2), or a drained
    # worker would take one connection more.
    os.set_blocking(descriptor, False)
    if temporary is None:
        _no_delay(descriptor)
        return Listener(descriptor, None, _name(descriptor))
    os.chmod(temporary, mode)  # noqa: PTH101
    if group is not None:
        shutil.chown(temporary, group=group)
    os.rename(temporary, rest)  # noqa: PTH104
    return Listener(descriptor, rest, _name(descriptor))


def adopt(address: str, inherited: int, mode: int, group: str | None) -> Listener:
    """Goes on with the listening socket of the process before us, which ``listen`` opened at the same address.

    libmilter accepts only on sockets that it opened itself, so it opens one where nobody looks, of the same family,
    and the inherited one takes its place. OSError when the descriptor is no such socket.
    """
    scheme, _, rest = address.partition(":")
    name = _name(inherited)
    if name is None:
        raise OSError(f"{address}: nothing was inherited")
    aside = f"unix:{rest}.aside" if scheme == "unix" else f"{scheme}:0@{rest.partition('@')[2]}"
    listener = listen(aside, 0o600, None)
    os.dup2(inherited, listener.descriptor)
    os.close(inherited)
    if scheme != "unix":
        return Listener(listener.descriptor, None, name)
    os.unlink(f"{rest}.aside")  # noqa: PTH108
    os.chmod(rest, mode)  # noqa: PTH101
    if group is not None:
        shutil.chown(rest, group=group)
    return Listener(listener.descriptor, rest, name)


def stop_accepting(listener: Listener) -> None:
    """This process takes no new connection from now on; open sessions go on.

    A socket on which nobody can ever connect takes the place of the listening one.
    """
    deaf = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    deaf.bind("")  # autobind: an abstract name that nobody knows
    deaf.listen(1)
    os.dup2(deaf.fileno(), listener.descriptor)


def serve(factory: Callable[[], Milter.Base], timeout: int) -> None:
    """Runs libmilter until the process exits; each connection gets one object from ``factory``.

    ``timeout`` seconds of silence end a connection.
    """
    Milter.factory = factory
    milter.settimeout(timeout)
    milter.main()


def open_connections(listener: Listener) -> int:
    """How many connections of the MTA this process has: accepted sockets bear the name of the one that listened.

    Sockets are counted, not sessions, since a connection may be accepted before its session exists; and only these,
    since a worker also has sockets to other ends (documents, DNS) that nobody has to wait for.
    """
    return sum(
        _same(_name(descriptor), listener.name) for descriptor in open_sockets() if descriptor != listener.descriptor
    )


def _name(descriptor: int) -> Any:
    try:
        with socket.socket(fileno=os.dup(descriptor)) as one:
            return one.getsockname()
    except OSError:
        return None  # closed meanwhile


def _same(one: Any, other: Any) -> bool:
    """By path, or by port alone: who listens on every address accepts on one of them."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return bool(one[1] == other[1])
    return bool(one and one == other)


def open_sockets() -> set[int]:
    """The descriptors of this process that are sockets."""
    found = set()
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):  # noqa: PTH115
                found.add(int(name))
    return found


def _no_delay(descriptor: int) -> None:
    with socket.socket(fileno=os.dup(descriptor)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
