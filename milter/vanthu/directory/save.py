"""Writes a plan as CSV files that ``load`` reads, after they were read together with the register that is there.

Either all files are written, or none: they appear under their names only when everything else went well. An existing
file is never overwritten.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..errors import UsageError
from .load import load_all
from .model import Agency, Mailbox
from .persons import plain
from .plan import Plan
from .tables import KEYS


def save(plan: Plan, folder: Path, name: str, register: Path | None) -> list[Path]:
    """Writes ``NAME.agencies.csv`` and ``NAME.mailboxes.csv``; Problems where they do not fit the register.

    UsageError when a file of that name is there already, or the folder cannot be written.
    """
    stem = re.sub(r"[^a-z0-9]+", "-", plain(name)).strip("-") or "import"
    tables: dict[str, tuple[Sequence[str], list[list[str]]]] = {}
    if plan.agencies:
        tables[f"{stem}.agencies.csv"] = KEYS["agency"], [_agency(one) for one in plan.agencies.values()]
    if plan.mailboxes:
        tables[f"{stem}.mailboxes.csv"] = KEYS["mailbox"], [_mailbox(one) for one in plan.mailboxes.values()]
    for file in tables:
        if (folder / file).exists():
            raise UsageError(f"{folder / file}: there already; move it away or give another --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".import-", dir=folder) as made:
            for file, (header, rows) in tables.items():
                _write(Path(made) / file, header, rows)
            load_all([*([register] if register is not None else []), *(Path(made) / file for file in tables)])
            for file in tables:
                (Path(made) / file).rename(folder / file)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {error.strerror}") from None
    return [folder / file for file in tables]


def _write(path: Path, header: Sequence[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _agency(one: Agency) -> list[str]:
    return [
        one.slug, one.name, one.kind or "", one.parent or "", "; ".join(one.domains), "; ".join(one.contacts),
        str(one.valid_from or ""), str(one.valid_to or ""),
    ]  # fmt: skip


def _mailbox(one: Mailbox) -> list[str]:
    return [
        one.address, one.name, one.agency or "", one.position or "", one.role, "; ".join(one.private),
        str(one.valid_from or ""), str(one.valid_to or ""),
    ]  # fmt: skip
