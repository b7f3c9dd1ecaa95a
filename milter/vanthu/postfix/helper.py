"""Asks the helper that runs as root (deploy/postfix/hold-helper) to free one mail.

Three ways, by ``postfix.helper``: a socket (``unix:/path``), the program itself when we are root, or the program
through ``sudo -n``. Raises HelperError with the helper's own words; nothing was done then.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Literal

from ..errors import VanthuError
from .calling import CallError, call
from .instances import Known

Verb = Literal["release", "return", "delete"]

PROGRAM = "/opt/vanthu/deploy/postfix/hold-helper"
_PATIENCE = 90.0  # seconds; postsuper walks a long queue
_LONGEST = 4096


class HelperError(VanthuError):
    """The helper refused or cannot be reached."""


def ask(helper: str | None, verb: Verb, queue_id: str, at: Known) -> None:
    """Tell the helper what the first of two persons wants; a helper that is not told to mind does nothing."""
    _call(helper, f"ask-{verb}", queue_id, at)


def free(helper: str | None, verb: Verb, queue_id: str, at: Known) -> None:
    """Release, return or delete one mail; HelperError when it is still where it was."""
    _call(helper, verb, queue_id, at)


def _call(helper: str | None, verb: str, queue_id: str, at: Known) -> None:
    where = helper or PROGRAM
    if where.startswith("unix:"):
        words = (verb, queue_id, at.name) if at.beside else (verb, queue_id)
        answer = _by_socket(where.removeprefix("unix:"), f"{' '.join(words)}\n")
    else:
        answer = _by_program(where, at.instance.folder, verb, queue_id)
    if answer != f"{verb} {queue_id}":
        raise HelperError(f"the hold helper: {answer or 'no answer'}")


def _by_socket(path: str, request: str) -> str:
    """The unit's command names the first instance; whoever connects may name one that it knows."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_PATIENCE)
            connection.connect(path)
            connection.sendall(request.encode("ascii"))
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while len(answer) < _LONGEST and (block := connection.recv(_LONGEST)):
                answer += block
    except OSError as error:
        raise HelperError(
            f"the hold helper cannot be reached at {path}: {error.strerror or error}; "
            "is vanthu-hold.socket started, and are you a member of its group?"
        ) from None
    return answer.decode("utf-8", "replace").strip()


def _by_program(program: str, folder: Path | None, verb: str, queue_id: str) -> str:
    where = () if folder is None else ("-c", str(folder))
    before = () if os.geteuid() == 0 else ("sudo", "-n", "--")
    command = [*before, program, *where, verb, queue_id]
    try:
        done = call(command, _PATIENCE)
    except CallError as error:
        raise HelperError(f"the hold helper cannot be called: {error}; see docs/hold.md") from None
    return done.stdout.strip() or " ".join(done.stderr.split())[:500]
