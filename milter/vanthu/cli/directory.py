"""``vanthu directory``: the register of agencies and mailboxes, from the lists that offices send."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import click

from ..directory import plan as planning
from ..directory.entries import Remark, Understood
from ..directory.lint import lint
from ..directory.load import load as load_register
from ..directory.model import Register
from ..directory.save import save
from ..directory.sheets import read
from ..directory.understand import understand
from ..errors import UsageError
from ..harmless import printable
from ..mail.address import fold_domain, key
from ..postfix.logins import logins
from ..projections.store_logins import put
from ..projections.store_queries import Questions
from ..providers.load import load as load_providers
from ..providers.model import Providers
from ..reports import mailbox_list, stale
from ..settings.load import Loaded
from .logs import lines
from .output import chosen, give

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


@group.command("lint")
@click.pass_obj
def lint_(loaded: Loaded) -> int:
    """Name what is likely wrong: duplicates, foreign domains, orphans, dates that do not fit, names nearly the same.

    What cannot be loaded at all is told by ``vanthu check``. Exit 1: something was found.

    Example: vanthu directory lint
    """
    register = load_register(loaded.settings.register_)
    lists = _providers(loaded, register)
    findings = lint(register, _today(loaded), lambda domain: _standing(lists, domain) == "official")
    for finding in findings:
        click.echo(str(finding))
    return 1 if findings else 0


@group.command("export")
@click.option("--format", "form", type=click.Choice(["xlsx", "csv"]), help="Otherwise by the name of FILE; else csv.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Otherwise standard output.")
@click.option("--on", metavar="YYYY-MM-DD", type=click.DateTime(["%Y-%m-%d"]), help="As of that day, not today.")
@click.option("--offices", is_flag=True, help="Mailboxes of offices and desks too, not only of persons.")
@click.pass_obj
def export(loaded: Loaded, form: str | None, output: Path | None, on: datetime | None, offices: bool) -> int:
    """Write the list of 506/BTTTT-UDCNTT §2: name, office, position, address, down to the commune.

    Schools, hospitals and other public service units of education and health are left out (kind of the agency).

    Example: vanthu directory export -o danh-muc.xlsx
    """
    wanted = chosen(form, output, ("xlsx", "csv"), "csv")
    day = on.date() if on is not None else _today(loaded)
    listed = mailbox_list.rows(load_register(loaded.settings.register_), day, offices=offices)
    give(mailbox_list.as_xlsx(listed, day) if wanted == "xlsx" else mailbox_list.as_csv(listed), output)
    return 0


@group.command("logins")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--domain", help="Domain of users that the log names without one.")
@click.pass_obj
def logins_(loaded: Loaded, files: tuple[Path, ...], domain: str | None) -> int:
    """Read who logged in on which day from logs of Dovecot or Zimbra (plain or gzip) into the store.

    Reports then count such days as use, and ``stale`` tells who only reads. A log may be read again. Kept are
    mailbox, day and time; not from where.

    Example: vanthu directory logins /var/log/mail.log /var/log/mail.log.1
    """
    zone = loaded.settings.zone
    found: dict[tuple[str, date], datetime] = {}
    for one in logins(lines(files), zone, datetime.now(UTC)):
        address = key(one.user if "@" in one.user or domain is None else f"{one.user}@{domain}")
        if "@" in address:
            place = address, one.time.astimezone(zone).date()
            found[place] = max(one.time, found.get(place, one.time))
    put(loaded.settings.store.url, found)
    mailboxes = {address for address, _ in found}
    click.echo(f"{len(found)} days with a login, of {len(mailboxes)} mailboxes")
    return 0


@group.command("stale")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3660), help="How far to look back.")
@click.pass_obj
def stale_(loaded: Loaded, days: int) -> int:
    """List mailboxes that were issued but neither sent nor got mail, and senders that were never issued one.

    Who only logged in is told apart (reads), where ``directory logins`` has read the logs; the last column is the day
    of the last login. Ask before a mailbox is taken away.

    Example: vanthu directory stale --days 90
    """
    settings = loaded.settings
    register = load_register(settings.register_)
    with Questions(settings.store.url) as store:
        own = frozenset(map(fold_domain, settings.own.domains))
        found = stale.find(store, register, _today(loaded), days, settings.zone, own)
    for kind, mailboxes in (("unused", found.unused), ("reads", found.reading)):
        for one in mailboxes:
            last = found.last_logins.get(key(one.address))
            seen = f"{last.astimezone(settings.zone):%Y-%m-%d}" if last is not None else "-"
            click.echo(f"{kind}\t{one.address}\t{one.agency or '-'}\t{one.name}\t{seen}")
    for address in found.unissued:
        click.echo(f"unissued\t{printable(address, ' ')}")
    if not found.complete:
        click.echo(f"vanthu: the store does not reach {days} days back: much will look unused that is not", err=True)
    return 0


def _today(loaded: Loaded) -> date:
    return datetime.now(loaded.settings.zone).date()


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
    return printable(text, " ")


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
