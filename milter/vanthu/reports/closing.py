"""Frozen months: a report as a file with its digest, so that what was sent to the province can be shown again later.

``FOLDER/2026-10.1.json`` is the first version. A correction is another version with a reason; it names the digest of
the one before it, and no file is ever changed. The digest is the SHA-256 of the report's own JSON.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from ..errors import UsageError
from .report import Report


class Closed(Struct, frozen=True, kw_only=True):
    """One version of a month; ``reason`` and ``previous`` (a digest) from the second on."""

    version: int
    closed: datetime
    digest: str
    previous: str | None = None
    reason: str | None = None
    report: Report


_decoder = msgspec.json.Decoder(Closed)


def close(report: Report, folder: Path, now: datetime, reason: str | None) -> Path:
    """Freezes a report. UsageError: the month is not over, was closed already and no reason is given, or the folder
    cannot be written."""
    if not report.complete:
        raise UsageError(f"{report.month}: the month is not over; a report is closed when nothing can be added")
    version, before = _latest(folder, report.month)
    if before is not None and reason is None:
        raise UsageError(
            f"{report.month}: closed already, {before.digest[:12]}; say why it is corrected with --correct"
        )
    closed = Closed(
        version=version + 1,
        closed=now,
        digest=digest(report),
        previous=before.digest if before is not None else None,
        reason=reason if before is not None else None,
        report=report,
    )
    file = _file(folder, report.month, closed.version)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440), "wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(closed), indent=2) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from None
    return file


def read(file: Path) -> Closed:
    """A frozen report; UsageError where the file is none, or is not what was frozen."""
    try:
        closed = _decoder.decode(file.read_bytes())
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not a closed report: {error}") from None
    if digest(closed.report) != closed.digest:
        raise UsageError(f"{file}: was changed after it was closed: its digest is not that of the report")
    return closed


def digest(report: Report) -> str:
    """SHA-256 of the JSON of a report, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(report)).hexdigest()


def _latest(folder: Path, month: str) -> tuple[int, Closed | None]:
    version = 0
    while _file(folder, month, version + 1).exists():
        version += 1
    return version, read(_file(folder, month, version)) if version else None


def _file(folder: Path, month: str, version: int) -> Path:
    return folder / f"{month}.{version}.json"
