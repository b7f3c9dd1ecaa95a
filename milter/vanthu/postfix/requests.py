"""Two persons: the first one's request waits in the state folder until another confirms it.

One small file a mail, ``hold/<queue id>.json``, and of an instance beside the first
``hold/<queue id>@<instance>.json``; a request that nobody confirmed within a day is void. Whoever can write to the
state folder can forge one: that is root and vanthu's own user, not those who may call ``vanthu hold``.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import msgspec
from msgspec import Struct

from ..replacing import replace_file
from .ledger import Doing, as_owner

VALID = timedelta(days=1)
_FOLDER = "hold"
_SAFE = re.compile(r"[0-9A-Za-z]{1,64}\Z")


class Request(Struct, frozen=True):
    """What the first person asked for."""

    verb: str
    by: str
    login: str
    why: str
    time: datetime


def pending(state: Path, queue_id: str, beside: str | None = None, now: datetime | None = None) -> Request | None:
    """The request that waits for a second person; None where there is none that can be read and still holds."""
    try:
        found = msgspec.json.decode(_file(state, queue_id, beside).read_bytes(), type=Request)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return found if (now or datetime.now(UTC)) - found.time < VALID else None


def ask(state: Path, doing: Doing) -> None:
    """Keep a request, in place of an older one."""
    request = Request(doing.verb, doing.by, doing.login, doing.why, datetime.now(UTC))
    file = _file(state, doing.queue_id, doing.beside)
    with as_owner(state):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        replace_file(file, msgspec.json.encode(request), 0o600)


def forget(state: Path, queue_id: str, beside: str | None = None) -> None:
    """The mail is gone from the hold queue, and the request with it."""
    with as_owner(state):
        _file(state, queue_id, beside).unlink(missing_ok=True)


def confirms(request: Request | None, doing: Doing) -> bool:
    """Whether this person may confirm: the same act, by somebody else, by login as well as by the name given."""
    return (
        request is not None
        and request.verb == doing.verb
        and request.login != doing.login
        and request.by.casefold() != doing.by.casefold()
    )


def _file(state: Path, queue_id: str, beside: str | None) -> Path:
    if not _SAFE.match(queue_id):
        raise ValueError(f"{queue_id!r} is no queue id")
    name = queue_id if beside is None else f"{queue_id}@{quote(beside, safe='')}"
    return state / _FOLDER / f"{name}.json"
