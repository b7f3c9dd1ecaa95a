"""``vanthu check``: every problem of an installation's files in one run, by the very loading that the daemon does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from .. import located
from ..directory.load import load as load_register
from ..errors import Problem, Problems, UsageError
from ..inspection import snapshot
from ..policy.conditions import markdown
from ..policy.load import PolicyContext
from ..policy.load import load as load_policy
from ..policy.schema import json_schema
from ..policy.sources import BASES, policy_files
from ..settings import load as settings_load
from ..settings.load import Loaded
from ..settings.model import Settings

_SETTINGS_KEYS = frozenset(field.alias or name for name, field in Settings.model_fields.items()) - {"version"}


@click.command("check")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of policy files, for editors, and stop.")
@click.option("--conditions", is_flag=True, help="Print the table of conditions, as in docs/policy.md, and stop.")
@click.pass_obj
def command(obj: Loaded | Problems, paths: tuple[Path, ...], strict: bool, schema: bool, conditions: bool) -> None:
    """Check settings, policies, bases, register and provider lists; start and reload nothing.

    PATH is a policy file, a policy folder or a settings file; without it, the installation that is configured here
    is checked. Every problem is one line, FILE:LINE:COLUMN: LEVEL: MESSAGE. Exit 0: no error.

    Example: vanthu check --strict /etc/vanthu/policies
    """
    if schema:
        click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
        return
    if conditions:
        click.echo(markdown(), nl=False)
        return
    problems = sorted(set(_problems(obj, paths)))
    for problem in problems:
        click.echo(str(problem))
    if any(strict or problem.level == "error" for problem in problems):
        raise click.exceptions.Exit(1)


def _problems(obj: Loaded | Problems, paths: tuple[Path, ...]) -> Iterator[Problem]:
    if not paths:
        yield from _installation(obj)
    for path in paths:
        if not path.exists():
            raise UsageError(
                f"{path}: no such file or folder; give a policy file, a policy folder or a settings file"
            )
        settings = path / "vanthu.yaml"
        if settings.is_file() and not policy_files(path):
            yield from _collect(partial(_whole_file, settings))
        elif path.is_dir():
            yield from _policies(path, obj)
            if settings.is_file():
                yield from _collect(partial(_settings, settings))
        elif _is_settings(path):
            yield from _collect(partial(_whole_file, path))
        else:
            yield from _policies(path.parent if path.name == BASES else path, obj)


def _installation(obj: Loaded | Problems) -> Iterator[Problem]:
    if isinstance(obj, Problems):
        yield from obj.problems
    else:
        yield from _collect(lambda: _whole(obj))


def _whole(loaded: Loaded) -> tuple[Problem, ...]:
    """Everything that the settings lead to; gives warnings, raises Problems."""
    warnings = snapshot.load(loaded, _today(loaded.settings.zone), loaded.settings.node or "check").warnings
    return (*warnings, *_templates(loaded.settings.notices.templates))


def _templates(folder: Path | None) -> Iterator[Problem]:
    """Templates of notices, tried with notices of every kind; where one fails the shipped one is used."""
    if folder is not None:
        from ..projections import notice_samples, notice_templates  # noqa: PLC0415 (jinja2 is slow to load)

        yield from notice_templates.problems(folder, notice_samples.samples())


def _policies(path: Path, obj: Loaded | Problems) -> Iterator[Problem]:
    """Policies as they would be judged in the installation configured here (in a default one where it is broken)."""
    settings = Settings() if isinstance(obj, Problems) else obj.settings
    try:
        agencies = frozenset(load_register(settings.register_).agencies)
    except Problems:
        agencies = frozenset()
    context = PolicyContext.of(settings, agencies=agencies, today=_today(settings.zone))
    yield from _collect(lambda: load_policy(path, context).warnings)


def _collect(load: Callable[[], tuple[Problem, ...]]) -> tuple[Problem, ...]:
    try:
        return load()
    except Problems as error:
        return error.problems


def _settings(file: Path) -> tuple[Problem, ...]:
    """Settings that lie beside policies: their shape alone, for they may speak of another machine."""
    settings_load.load(file)
    return ()


def _whole_file(file: Path) -> tuple[Problem, ...]:
    return _whole(settings_load.load(file))


def _is_settings(path: Path) -> bool:
    """Settings are told from policies by their name or their keys."""
    if path.name == "vanthu.yaml":
        return True
    try:
        value = located.parse(settings_load.read_text(path), str(path)).value
    except Problems:
        return False
    return isinstance(value, dict) and bool(_SETTINGS_KEYS & value.keys())


def _today(zone: ZoneInfo) -> date:
    return datetime.now(zone).date()
