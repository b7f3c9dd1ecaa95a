"""Another host's mail on hold: the same command, typed there by ssh(1).

Nothing of ours listens on the network, and no request lies in a database: whoever frees a mail logs in on the host
that holds it, with his own key. So sshd knows him there, the kernel gives him an audit login id, sudo says what he
may, the journal of that host has his name, and two persons are told apart as if they stood before it (docs/hold.md).
Raises HostError where a host is not known or cannot be reached.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence

from ..errors import VanthuError
from .calling import CallError, call

COMMAND = ("sudo", "-n", "-u", "vanthu", "-g", "vanthu-hold", "/opt/vanthu/bin/vanthu", "hold")
_PATIENCE = 60.0  # seconds for a list; a person who frees may be asked for a password and waits as he likes
_UNREACHED = 255  # ssh's own failures


class HostError(VanthuError):
    """The host is not in the settings, or does not answer."""


def command(hosts: Sequence[str], host: str, arguments: Sequence[str]) -> list[str]:
    """The words of ``ssh`` that run ``vanthu hold ARGUMENTS`` there, quoted for the shell that reads them."""
    if host not in hosts:
        raise HostError(f"{host}: not in postfix.hosts of the settings (there: {', '.join(hosts) or 'none'})")
    return ["ssh", "--", host, shlex.join([*COMMAND, *arguments])]


def run(hosts: Sequence[str], host: str, arguments: Sequence[str]) -> int:
    """Runs it there, on this terminal; the exit code of the command."""
    try:
        code = subprocess.run(command(hosts, host, arguments), check=False).returncode  # noqa: S603
    except OSError as error:
        raise HostError(f"ssh cannot be called: {error.strerror}") from None
    if code == _UNREACHED:
        raise HostError(f"{host}: not reached by ssh; nothing was done")
    return code


def ask(hosts: Sequence[str], host: str, arguments: Sequence[str]) -> str:
    """What it prints there; nobody is asked for a password."""
    words = command(hosts, host, arguments)
    words[1:1] = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"]
    try:
        done = call(words, _PATIENCE)
    except CallError as error:
        raise HostError(f"{host}: {error}") from None
    if done.returncode:
        raise HostError(f"{host}: {' '.join(done.stderr.split())[:500] or f'exit {done.returncode}'}")
    return done.stdout
