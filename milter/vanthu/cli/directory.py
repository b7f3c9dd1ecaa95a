"""``vanthu directory``: the register of agencies and mailboxes, from the lists that offices send."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from ..directory import plan as planning
from ..directory.entries import Remark, Understood
from ..directory.load import load as load_register
from ..directory.model import Register
from ..directory.save import save
from ..directory.sheets import read
from ..directory.understand import understand
from ..errors import UsageError
from ..providers.load import load as load_providers
from ..providers.model import Providers
from ..settings.load import Loaded

_PUBLIC = frozenset(["public", "disposable", "isp", "relay"])
_OFFICIAL = frozenset(["official", "government"])
_SHOWN = 200


@click.group("directory")
def group() -> None:
    """The register of agencies and mailboxes: import, lint, export, and who does not use his mailbox.

    Example: vanthu directory lint
    """


@group.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), help="Where to write; otherwise the register's folder."
)
@click.option("--yes", is_flag=True, help="Answer every question with yes; what is unclear stays left out.")
@click.option(
    "--agency", "answers", metavar="TEXT=SLUG", multiple=True, help="Which agency a text in the list names."
)
@click.pass_obj
def import_(loaded: Loaded, files: tuple[Path, ...], out: Path | None, yes: bool, answers: tuple[str, ...]) -> int:
    """Read spreadsheets (xlsx, xls, ods, csv) of mailboxes into the register: show what was understood and what not.

    Written are CSV files that the register reads, and only when nothing was asked and nothing left out, or with
    --yes. Exit 1: nothing was written.

    Example: vanthu directory import "Danh sach so Y te.xlsx" --agency "SYT=so-y-te"
    """
    register = load_register(loaded.settings.register_)
    lists = _providers(loaded, register)
    told = _answers(answers)
    sheets = [understand(sheet) for file in files for sheet in read(file)]
    made = planning.make(sheets, register, lambda domain: _standing(lists, domain), told)
    for slug in told.values():
        if slug not in register.agencies and slug not in made.agencies:
            raise UsageError(f"--agency: neither the register nor this list has an agency {slug}")
    _tell(sheets, made)
    if not made.mailboxes:
        click.echo(f"Nothing new to write; {made.known} mailboxes are in the register already.")
        return 0 if made.sure else 1
    if not (made.sure or yes):
        click.echo("Nothing was written: mend the list, answer with --agency, or say --yes to what is asked.")
        return 1
    for file in save(made, _target(loaded, out), files[0].stem, loaded.settings.register_):
        click.echo(f"Written: {file}")
    return 0


def _tell(sheets: list[Understood], made: planning.Plan) -> None:
    for sheet in sheets:
        if sheet.header is not None:
            row = sheet.header.last + 1
            click.echo(
                f"{sheet.label}: header in row {row}; {sheet.names}; {len(sheet.entries)} rows with an address"
            )
    for level, title in (("note", "Notes"), ("question", "Questions"), ("unclear", "Unclear, left out")):
        remarks = [remark for remark in made.remarks if remark.level == level]
        if remarks:
            click.echo(f"{title} ({len(remarks)}):")
        for remark in remarks[:_SHOWN]:
            click.echo(f"  {_line(remark)}")
        if len(remarks) > _SHOWN:
            click.echo(f"  … and {len(remarks) - _SHOWN} more")
    click.echo(
        f"Understood: {len(made.mailboxes)} new mailboxes, {len(made.agencies)} new agencies, {made.known} known"
    )


def _line(remark: Remark) -> str:
    text = f"{remark.place}: {remark.text}" if remark.place else remark.text
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _target(loaded: Loaded, out: Path | None) -> Path:
    register = loaded.settings.register_
    if out is None and (register is None or not register.is_dir()):
        raise UsageError("the setting register names no folder; say where to write with --out DIR")
    return out if out is not None else cast("Path", register)


def _answers(given: tuple[str, ...]) -> dict[str, str]:
    answers = {}
    for one in given:
        text, equals, slug = one.rpartition("=")
        if not equals:
            raise UsageError(f"--agency {one}: write TEXT=SLUG")
        answers[text.strip()] = slug.strip()
    return answers


def _standing(lists: Providers, domain: str) -> planning.Standing:
    found = lists.classify(domain).class_
    return "official" if found in _OFFICIAL else "public" if found in _PUBLIC else "other"


def _providers(loaded: Loaded, register: Register) -> Providers:
    settings = loaded.settings
    assert settings.providers is not None, "settings.load fills in the shipped folder"
    return load_providers(
        settings.providers,
        official=settings.own.domains,
        register=register.domains,
        government=settings.government.domains,
    )
