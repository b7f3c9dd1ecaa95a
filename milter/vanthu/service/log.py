"""What the service says, one line an event on standard error (logfmt), one function an event.

No body text, no subject, no address: those stand in the journal, under the record id. Values that come from mail or
from exceptions are quoted, so nothing can forge a line.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterable

from ..errors import Problem


def emit(event: str, **values: object) -> None:
    """One line; None values are left out. A single write, so lines of several processes do not mix."""
    words = [f"{key}={_quoted(value)}" for key, value in values.items() if value is not None]
    line = " ".join([f"vanthu[{os.getpid()}]: {event}", *words]) + "\n"
    sys.stderr.write(line)
    sys.stderr.flush()


def _quoted(value: object) -> str:
    text = str(value)
    plain = text.isascii() and text.isprintable() and text and not set(text) & set(' "=')
    return text if plain else json.dumps(text, ensure_ascii=True)


def tempfail(queue_id: str | None, reason: str, record_id: str | None = None) -> None:
    """A mail got a temporary failure: the line that explains a surplus record."""
    emit("tempfail", queue_id=queue_id, reason=reason, record=record_id)


def unjudged(queue_id: str | None, reason: str, record_id: str | None = None) -> None:
    """A mail from outside came in although it could not be judged."""
    emit("unjudged", queue_id=queue_id, reason=reason, record=record_id)


def trouble(what: str, queue_id: str | None, error: BaseException) -> None:
    """Something failed that should not; the last frames tell where."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    emit(what, queue_id=queue_id, error=f"{type(error).__name__}: {error}", at=where or None)


def started(socket: str, workers: int, policy: str) -> None:
    """The socket is open and workers accept."""
    emit("started", socket=socket, workers=workers, policy=policy)


def reloaded(policy: str, generation: int) -> None:
    """A new generation works with new files."""
    emit("reloaded", policy=policy, generation=generation)


def refused(problems: Iterable[Problem]) -> None:
    """Files did not load: every problem, and what goes on."""
    for problem in problems:
        emit("problem", at=f"{problem.file}:{problem.line}:{problem.column}", message=problem.message)
    emit("reload-refused", kept="the running policy")


def succeeding() -> None:
    """The supervisor turns into the program that is on the disk now; the children go on."""
    emit("succeeding")


def succession_refused(why: str) -> None:
    """The program on the disk would not start: what runs goes on."""
    emit("succession-refused", why=why, kept="the running program")


def worker_started(pid: int, generation: int) -> None:
    """A worker was forked."""
    emit("worker-started", worker=pid, generation=generation)


def worker_ended(pid: int, reason: str, in_hand: int = 0) -> None:
    """A worker is gone; ``in_hand`` mails it was inspecting have been marked."""
    emit("worker-ended", worker=pid, reason=reason, in_hand=in_hand or None)


def said(message: str) -> None:
    """A plain message of the steward."""
    emit("steward", message=message)


def documents(message: str) -> None:
    """A plain message of the broker."""
    emit("documents", message=message)


def stopping(reason: str) -> None:
    """The service drains."""
    emit("stopping", reason=reason)
