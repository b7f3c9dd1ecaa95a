"""Mail on hold: what Postfix's queues say, joined with what the journal knows, by node, instance and queue id.

Queue ids of two instances may be equal, and short ones recur: a record explains a mail only where it is of the
instance that holds it, and of about the time at which that mail came. Postfix's own queue is the truth about what is
held; a mail that was held by somebody else (``postsuper -h``) has no record and is listed all the same. Raises
PostfixError where a queue cannot be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..journal.lines import decode, whole_lines
from ..journal.reader import SUFFIX
from ..journal.record import Record
from .instance import Instance, PostfixError
from .instances import Known

# Postfix counts from the first recipient, the record from the end of the mail: for a slow client an hour is generous.
_SLACK = timedelta(hours=1)
_QUEUE_ID = re.compile(rb'"queue_id":"([0-9A-Za-z]{1,64})"')
_HEAD = 2048  # bytes of a line in which its queue id stands: before facts and decision


@dataclass(frozen=True, slots=True)
class Held:
    """One mail in the hold queue, as ``postqueue -j`` has it; ``sender`` is empty for the null sender."""

    queue_id: str
    arrival: datetime
    size: int
    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """A held mail and the newest record of this node that explains it, if there is one."""

    held: Held
    record: Record | None
    at: Known

    @property
    def rules(self) -> tuple[str, ...]:
        """What holds it: ids of enforced rules, or ``unreadable``; empty where nobody here held it."""
        if self.record is None:
            return ()
        if self.record.decision is None:
            return (str(self.record.details.get("reason", "unknown")),)
        return tuple(
            hit.id
            for hit in self.record.decision.rules
            if hit.mode == "enforce" and hit.action in ("challenge", "hold")
        )

    @property
    def agency(self) -> str | None:
        """Slug of the sender's agency."""
        facts = self.record.facts if self.record is not None else None
        return facts.sender.agency if facts is not None else None


def holdings(instances: Iterable[Known], journal: Path, node: str) -> list[Holding]:
    """Everything on hold in these instances, oldest first."""
    found = [(one, at) for at in instances for one in held(at.instance)]
    found.sort(key=lambda pair: (pair[0].arrival, pair[0].queue_id))
    records = _records(journal, node, [one for one, _ in found]) if found else {}
    return [Holding(one, _newest(records.get(one.queue_id, ()), one, at), at) for one, at in found]


def held(instance: Instance) -> list[Held]:
    """The hold queue by ``postqueue -j`` (Postfix 3.1 and newer)."""
    return list(_parsed(instance.ask("postqueue", "-j").output))


def _parsed(text: str) -> Iterator[Held]:
    for line in text.splitlines():
        try:
            entry = json.loads(line)
            if entry["queue_name"] != "hold":
                continue
            sender = str(entry["sender"])
            yield Held(
                queue_id=str(entry["queue_id"]),
                arrival=datetime.fromtimestamp(int(entry["arrival_time"]), UTC),
                size=int(entry["message_size"]),
                sender="" if sender == "MAILER-DAEMON" else sender,
                recipients=tuple(str(one["address"]) for one in entry["recipients"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise PostfixError(f"postqueue -j: a line that is not understood ({error!r})") from None


def _records(journal: Path, node: str, wanted: list[Held]) -> Mapping[str, list[Record]]:
    """The records of each wanted queue id; only files that were written to since the oldest came are read."""
    ids = {one.queue_id.encode("ascii", "replace") for one in wanted}
    since = (wanted[0].arrival - _SLACK).timestamp()
    found: dict[str, list[Record]] = {}
    for file in sorted(journal.glob(f"*{SUFFIX}")):
        try:
            if file.stat().st_mtime < since:
                continue
            for _, raw in whole_lines(file, 0):
                match = _QUEUE_ID.search(raw, 0, _HEAD)
                if match is None or match[1] not in ids:
                    continue
                record = decode(raw)
                if record is not None and record.node == node and _explains(record):
                    found.setdefault(record.queue_id or "", []).append(record)
        except FileNotFoundError:
            continue  # retention took it between the listing and now
    return found


def _explains(record: Record) -> bool:
    if record.kind == "failure":
        return record.details.get("reason") == "unreadable"
    return record.kind == "message"


def _newest(records: Iterable[Record], one: Held, at: Known) -> Record | None:
    """The record of this very mail. One that does not say of which instance it is may be of any."""
    of_it = [
        record
        for record in records
        if record.instance in (None, at.host) and abs(record.time - one.arrival) <= _SLACK
    ]
    return max(of_it, key=lambda record: record.id, default=None)
