"""What people do with held mail, in the journal: one line before it is tried, one when it is done (kind ``hold``).

``details.action`` is ``attempt`` or ``request`` (a first of two persons asks), and then exactly ``release``,
``return`` or ``delete``: those three count ``vanthu_held_messages`` down. So nothing is freed without a line, even if
the machine stops in between. Raises JournalError; nothing was freed then, unless the text says so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import JournalError
from ..journal.record import Record
from ..journal.writer import Writer


@dataclass(frozen=True, slots=True)
class Doing:
    """One person's act on one mail: what, on which (``record``: id of the record that explains the hold), and why.
    ``instance`` is what the Postfix that holds it calls itself, ``beside`` its name where it is not the first one."""

    verb: str
    queue_id: str
    record: str | None
    by: str
    login: str
    why: str
    confirmed: str | None = None  # who asked first, where two persons are needed
    instance: str | None = None
    beside: str | None = None


class Ledger:
    """A journal file of this command's own."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def note(self, action: str, doing: Doing) -> None:
        """Write one line and return when it is on disk."""
        details: dict[str, Any] = {
            "action": action, "verb": doing.verb, "record": doing.record, "by": doing.by, "login": doing.login,
            "why": doing.why,
        }  # fmt: skip
        if doing.confirmed is not None:
            details["asked_by"] = doing.confirmed
        self._writer.append(
            Record(
                kind="hold", id=self._writer.ids.new(), time=datetime.now(UTC), node=self._writer.node,
                queue_id=doing.queue_id, instance=doing.instance, details=details,
            )
        )  # fmt: skip


@contextmanager
def ledger(journal: Path, node: str) -> Iterator[Ledger]:
    """Open the journal for the time of one command, with the rights of the journal's owner where we are root."""
    with as_owner(journal):
        writer = Writer(journal, node)
        writer.open()
    try:
        yield Ledger(writer)
    finally:
        writer.close()


@contextmanager
def as_owner(folder: Path) -> Iterator[None]:
    """What root makes in ``folder`` belongs to the folder's owner, or the steward could not read it; and who owns the
    way there cannot lead root elsewhere: root acts with that user's rights, and no group besides."""
    try:
        owner = _owner(folder) if os.geteuid() == 0 else None
        folder.stat()
    except OSError as error:
        raise JournalError(f"{folder}: {error.strerror}; check the paths in the settings") from None
    if owner is None:
        yield
        return
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


def _owner(folder: Path) -> os.stat_result | None:
    """The first on the way to the folder, link or folder, that is not root's; None where all is root's. Whoever it
    belongs to decides what lies below."""
    way = folder.absolute()
    links = (one for path in (way, way.resolve()) for one in (*reversed(path.parents), path))
    return next((status for status in (one.lstat() for one in links) if status.st_uid != 0), None)
