"""Where a command's file goes, and in which form: alike for all commands that write one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ..errors import UsageError

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


def give(data: bytes, output: Path | None) -> None:
    """Writes the file, or standard output where none is named; UsageError where it cannot be written."""
    if output is None:
        click.echo(data, nl=False)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
