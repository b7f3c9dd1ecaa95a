"""``vanthu doctor``: everything that could make the filter unsafe, with the command that mends it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from ..errors import Problems, UsageError
from ..harmless import printable
from ..postfix.doctor.examine import examine, page
from ..postfix.doctor.model import Finding, House
from ..postfix.libmilter import installed
from ..service import status as published
from ..service.handshake import answers
from ..settings.load import Loaded
from .house import open_house


@click.command("doctor")
@click.option(
    "--config-dir", type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Configuration folder of Postfix (default: postfix.config_dir); its instances are found from it.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON array of findings instead of text.")
@click.option("--checks", is_flag=True, help="Print the table of all checks, as in docs/doctor.md, and stop.")
@click.pass_obj
def command(loaded: Loaded, config_dir: Path | None, as_json: bool, checks: bool) -> int:
    """Look at Postfix and at vanthu, and tell what is not safe: what, why it matters, what mends it; exit 1 if any.

    Nothing is changed. Notes do not count: they say what to know, not what to mend.

    Example: vanthu doctor
    """
    if checks:
        click.echo(page(), nl=False)
        return 0
    found = list(examine(as_it_is(loaded), config_dir or loaded.settings.postfix.config_dir))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            click.echo(_text(one))
        click.echo(_summary(found))
    return int(any(one.level != "note" for one in found))


def as_it_is(loaded: Loaded) -> House:
    """vanthu as these settings make it, and as it runs now."""
    return House(
        settings=loaded.settings,
        probe=answers,
        problems=_problems(loaded),
        status=_status(loaded),
        now=datetime.now(UTC),
        libmilter=installed(),
    )


def _problems(loaded: Loaded) -> tuple[str, ...]:
    try:
        open_house(loaded)
    except Problems as problems:
        return tuple(str(one) for one in problems.problems if one.level == "error")
    return ()


def _status(loaded: Loaded) -> dict[str, object] | None:
    try:
        return published.read(loaded.settings.state.path)
    except UsageError:
        return None


def _text(one: Finding) -> str:
    what = printable(one.what)
    return f"{one.level}: {one.check}: {what} ({one.instance})\n    why:  {one.why}\n    mend: {one.mend}"


def _summary(found: list[Finding]) -> str:
    errors = sum(one.level == "error" for one in found)
    warnings = sum(one.level == "warning" for one in found)
    if not errors and not warnings:
        return "all well: mail that users submit passes vanthu, and waits where vanthu is away"
    return f"{errors} error(s), {warnings} warning(s)"
