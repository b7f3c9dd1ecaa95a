"""One record of the journal, and the policy that it was decided by."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ..errors import Problems
from ..inspection.policy_texts import kept
from ..inspection.relaxing import relaxed
from ..inspection.snapshot import Snapshot
from ..journal.lines import decode, whole_lines
from ..journal.reader import SUFFIX
from ..journal.record import Record
from ..policy.load import PolicyContext, load
from ..policy.model import Policy

_RELAXED = "+relaxed"


def find(folder: Path, record_id: str) -> Record | None:
    """The record of that id, newest file first, without decoding others; None where no file has it. OSError."""
    wanted = record_id.encode("utf-8", "replace")
    for path in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
        for _, line in whole_lines(path, 0):
            if wanted in line and (record := decode(line)) is not None and record.id == record_id:
                return record
    return None


def policy_then(digest: str, snapshot: Snapshot) -> Policy | None:
    """The policy of that digest; None where it is not certain to be the same: its text was not kept, or settings that
    go into the digest (calendar, installation) have changed since."""
    plain = digest.removesuffix(_RELAXED)
    policy: Policy | None = snapshot.policy
    if plain != snapshot.policy.digest:
        policy = _loaded(plain, snapshot)
    if policy is None or policy.digest != plain:
        return None
    return relaxed(policy) if digest.endswith(_RELAXED) else policy


def _loaded(digest: str, snapshot: Snapshot) -> Policy | None:
    files = kept(snapshot.settings.state.path, digest)
    if files is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        for file, text in files.items():
            (Path(name) / Path(file).name).write_text(text, "utf-8")
        try:
            return load(Path(name), PolicyContext.of(snapshot.settings)).policy
        except Problems:
            return None
