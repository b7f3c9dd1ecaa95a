"""Break-glass: for some hours every rule but those about secrecy does at most warn. It ends by itself.

A small file in the state folder says until when, who did it and why. Workers look at it by one system call a mail,
and read it only when it has changed. A file that cannot be read, or that asks for more than LONGEST, relaxes nothing.
"""

from __future__ import annotations

import dataclasses
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Struct

from ..policy.model import Policy
from ..replacing import replace_file
from .snapshot import Snapshot

FILE = "relax.json"
LONGEST = timedelta(hours=24)
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Relaxation(Struct, frozen=True):
    """Who relaxed the policy, when, until when and why."""

    since: Moment
    until: Moment
    by: str
    reason: str


def read(state: Path) -> Relaxation | None:
    """What was last asked for, whether or not it is over; None where nothing usable is there."""
    try:
        found = msgspec.json.decode((state / FILE).read_bytes(), type=Relaxation)
        return found if timedelta(0) <= found.until - found.since <= LONGEST else None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def write(state: Path, relaxation: Relaxation) -> None:
    """Relaxes at once, all workers of the node; OSError where the state folder cannot be written."""
    replace_file(state / FILE, msgspec.json.encode(relaxation) + b"\n")


def relaxed(policy: Policy) -> Policy:
    """The policy in which every rule in force does at most warn, but those about secrecy."""
    rules = [
        dataclasses.replace(rule, mode="warn") if rule.mode == "enforce" and not rule.secrecy else rule
        for rule in policy.rules
    ]
    return policy.with_rules(rules, off=policy.off, digest=f"{policy.digest}+relaxed")


class Relaxing:
    """What a worker asks for each mail."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._path = str(state / FILE)
        self._seen: tuple[int, int] | None = None
        self._found: Relaxation | None = None
        self._relaxed: tuple[Snapshot, Snapshot] | None = None  # of what, and the result

    def snapshot(self, snapshot: Snapshot, now: datetime) -> Snapshot:
        """The same snapshot, or the one with the relaxed policy while that holds."""
        if not os.access(self._path, os.F_OK):  # a third of what a stat costs that fails
            return snapshot
        try:
            status = os.stat(self._path)  # noqa: PTH116 (half the cost, once a mail)
        except OSError:
            return snapshot
        seen = (status.st_mtime_ns, status.st_ino)
        if seen != self._seen:
            self._found = read(self._state)
            self._seen = seen
        if self._found is None or not self._found.since <= now < self._found.until:
            return snapshot
        known = self._relaxed
        if known is None or known[0] is not snapshot:
            policy = relaxed(snapshot.policy)
            digests = msgspec.structs.replace(snapshot.digests, policy=policy.digest)
            known = self._relaxed = (snapshot, dataclasses.replace(snapshot, policy=policy, digests=digests))
        return known[1]
