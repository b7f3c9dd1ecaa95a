"""One record of the journal, where it stands there, and the policy that it was decided by."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ..errors import Problems
from ..inspection.policy_texts import kept
from ..inspection.relaxing import relaxed
from ..inspection.snapshot import Snapshot
from ..journal.lines import decode, whole_lines
from ..journal.reader import SUFFIX
from ..journal.record import Record
from ..journal.verify import verify
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands, and whether the journal around it is as it was written.

    ``line`` counts from 1; ``findings`` are those of the record's own file and of what other files say of it.
    """

    file: str
    line: int
    lines: int
    sha256: str
    findings: tuple[str, ...]


def place(folder: Path, record_id: str) -> Place | None:
    """Reads and checks the whole journal; None where no file has the record. OSError."""
    wanted = record_id.encode("utf-8", "replace")
    for path in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
        found: tuple[int, str] | None = None
        lines = 0
        for lines, (_, line) in enumerate(whole_lines(path, 0), 1):
            if found is None and wanted in line and (record := decode(line)) is not None and record.id == record_id:
                found = lines, sha256(line).hexdigest()
        if found is not None:
            wrong = tuple(str(one) for one in verify(folder) if path.name in (one.file, *one.text.split()))
            return Place(path.name, found[0], lines, found[1], wrong)
    return None


def texts_then(digest: str, snapshot: Snapshot) -> Mapping[str, str] | None:
    """The files of the policy of that digest; None where they were not kept."""
    plain = digest.removesuffix(_RELAXED)
    if plain == snapshot.policy.digest:
        return snapshot.policy.text
    return kept(snapshot.settings.state.path, plain)


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
