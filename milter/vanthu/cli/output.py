"""Where a command's file goes, in which form, and how a value stands in a CSV: alike for all that write one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ..errors import UsageError
from ..harmless import cell

_BINARY = ("xlsx", "docx")


def chosen(form: str | None, output: Path | None, forms: Sequence[str], usual: str) -> str:
    """The form that was asked for, by name or by the name of the file; UsageError for none of ``forms``, and for
    bytes on a terminal."""
    wanted = form or (output.suffix.removeprefix(".").lower() if output is not None else usual)
    if wanted not in forms:
        raise UsageError(f"{output}: name the file {' or '.join('.' + one for one in forms)}, or give --format")
    if output is None and wanted in _BINARY and sys.stdout.isatty():
        raise UsageError(f"{wanted} is no text: give -o FILE")
    return wanted


def csv_cell(value: object) -> str:
    """yes or no, several values side by side, None as nothing. Strangers choose some of this text: a spreadsheet must
    not take it for a formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join(map(str, value)) if isinstance(value, (list, tuple)) else "" if value is None else str(value)
    return cell(text)


def give(data: bytes, output: Path | None) -> None:
    """Writes the file, or standard output where none is named; UsageError where it cannot be written."""
    if output is None:
        click.echo(data, nl=False)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
