"""Keeps main.cf and master.cf before an edit, and puts them back byte for byte.

A back-up is a folder ``vanthu-backup-<UTC>`` beside main.cf with both files and ``after.json``, the SHA-256 of what
the edit left. ``restore`` refuses when a file was edited since, because that edit would be lost; it takes one step
back and keeps the used back-up under ``vanthu-undone-<UTC>``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from postconf import Refused

FILES = ("main.cf", "master.cf")


def keep(folder: Path) -> Path:
    """Copy both files, with owner and mode, and give the place."""
    place = folder / f"vanthu-backup-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
    place.mkdir(mode=0o755)
    for name in FILES:
        _copy(folder / name, place / name)
    return place


def seal(folder: Path, place: Path) -> None:
    """Note what the edit left, so that later edits of others are seen."""
    digests = {name: _digest(folder / name) for name in FILES}
    (place / "after.json").write_text(json.dumps(digests, indent=1) + "\n", encoding="ascii")


def steps(folder: Path) -> list[Path]:
    """Back-ups that can be undone, newest first."""
    return sorted(folder.glob("vanthu-backup-*"), reverse=True)


def restore(folder: Path, force: bool = False) -> Path:
    """Take the newest back-up back; Refused without one, or when others edited since (unless ``force``)."""
    if not (found := steps(folder)):
        raise Refused(f"there is no vanthu-backup-* in {folder}: nothing was applied here")
    place = found[0]
    seen = json.loads((place / "after.json").read_text("ascii")) if (place / "after.json").exists() else {}
    edited = [name for name in FILES if seen and seen[name] != _digest(folder / name)]
    if edited and not force:
        raise Refused(
            f"{' and '.join(edited)} changed since the back-up; compare with `diff -u {place}/{edited[0]} "
            f"{folder}/{edited[0]}`, then use `undo --force`, which loses those edits"
        )
    for name in FILES:
        temporary = folder / f"{name}.vanthu-new"
        _copy(place / name, temporary)
        temporary.replace(folder / name)
    place.rename(folder / place.name.replace("backup", "undone"))
    return place


def _copy(source: Path, target: Path) -> None:
    shutil.copy2(source, target)
    status = source.stat()
    os.chown(target, status.st_uid, status.st_gid)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
