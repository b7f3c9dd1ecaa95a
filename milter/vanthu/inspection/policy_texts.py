"""The text of every policy that was in force on this node, by digest in the state folder, for ``policy log``."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from ..policy.model import Policy
from ..replacing import replace_file

_FOLDER = "policies"
_DIGEST = re.compile(r"[0-9a-f]{8,64}\Z")


def keep(state: Path, policy: Policy) -> None:
    """Writes the files of a policy down, once; OSError where the state folder cannot be written."""
    path = state / _FOLDER / f"{policy.digest}.json"
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, msgspec.json.encode(dict(policy.text)) + b"\n")


def kept(state: Path, digest: str) -> dict[str, str] | None:
    """File name to text of the policy of that digest; None where it was not kept."""
    if not _DIGEST.match(digest):
        return None
    try:
        return msgspec.json.decode((state / _FOLDER / f"{digest}.json").read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
