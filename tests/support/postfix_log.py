"""What Postfix's log says of each queue id, read on from where it was left."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(rb": ([0-9A-Za-z]{6,}): (.*)")
_KEY = re.compile(rb"message-id=(\S+)")
_VERDICT = re.compile(rb"milter-reject: END-OF-MESSAGE from [^;]*: ([45])\.\d+\.\d+ ")


@dataclass(slots=True)
class Entry:
    """One queue id. ``deferred`` and ``refused``: the client was told 4xx or 5xx at the end of the mail; ``queued``:
    Postfix took it; ``held``: in the hold queue; ``removed``: out of the queue."""

    key: str | None = None
    deferred: bool = False
    refused: bool = False
    queued: bool = False
    held: bool = False
    removed: bool = False
    lines: list[str] = field(default_factory=list)


class PostfixLog:
    """``entries`` by queue id; ``read`` takes in what is new."""

    def __init__(self, path: Path) -> None:
        self.entries: dict[str, Entry] = {}
        self._path = path
        self._offset = 0

    def read(self) -> None:
        """Whole lines only; what is not about a message is left alone."""
        with self._path.open("rb") as file:
            file.seek(self._offset)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.splitlines():
            found = _LINE.search(line)
            if found is not None and found[1] not in (b"warning", b"NOQUEUE", b"statistics"):
                self._take(found[1].decode("ascii"), found[2], line)

    def _take(self, queue_id: str, said: bytes, line: bytes) -> None:
        entry = self.entries.setdefault(queue_id, Entry())
        entry.lines.append(line.decode("utf-8", "replace"))
        if (key := _KEY.match(said)) is not None:
            entry.key = key[1].decode("utf-8", "replace")
        elif (verdict := _VERDICT.match(said)) is not None:
            entry.deferred |= verdict[1] == b"4"
            entry.refused |= verdict[1] == b"5"
        elif said.startswith(b"milter-hold: "):
            entry.held = entry.queued = True
        elif said.endswith(b"(queue active)"):
            entry.queued = True
        elif said == b"removed":
            entry.removed = True
