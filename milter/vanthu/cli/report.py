"""``vanthu report``: what the agencies did in a month, as a page, a spreadsheet, a letter, or data."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from ..directory.model import Register
from ..errors import UsageError
from ..policy.model import Policy
from ..projections.store_queries import Questions
from ..reports.closing import close, read
from ..reports.letter import Letterhead, letter
from ..reports.monthly import Place, make
from ..reports.months import Month
from ..reports.write import FORMATS, write
from ..settings.load import Loaded
from .house import open_house

_PLAIN = tuple(form for form in FORMATS if form != "docx")


def _month(_context: click.Context, _option: click.Parameter, value: str) -> Month:
    try:
        return Month.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.group("report")
def group() -> None:
    """Reports on the use of official mail, from the store and the register.

    Example: vanthu report monthly --month 2026-10 -o 2026-10.html
    """


@group.command("monthly")
@click.option("--month", required=True, metavar="YYYY-MM", callback=_month, help="Which month, in local time.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Otherwise by the name of FILE; else html.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Otherwise standard output.")
@click.option(
    "--by-mailbox", is_flag=True, help="Add a table of persons; not in docx. Only for those who may see it."
)
@click.option(
    "--from", "issuer", metavar="SLUG", help="docx: the agency that reports; the one above it is its superior."
)
@click.option("--to", default="", help="docx: whom the letter addresses (Kính gửi).")
@click.option("--place", default="", help="docx: the place beside the date.")
@click.option("--symbol", default="", help="docx: ký hiệu, such as SKHCN-CNTT.")
@click.option("--title", default="", help="docx: the position of who signs.")
@click.option("--signer", default="", help="docx: the name of who signs.")
@click.pass_obj
def monthly(
    loaded: Loaded, month: Month, form: str | None, output: Path | None, by_mailbox: bool, issuer: str | None,
    to: str, place: str, symbol: str, title: str, signer: str,
) -> int:  # fmt: skip
    """Report a month by agency: mailboxes in use, official documents, public mailboxes, forwards, what to act on.

    docx is an official letter by Decree 30, ready to be signed. Nobody is named without --by-mailbox; agencies with
    fewer than 20 mailboxes are not ranked.

    Example: vanthu report monthly --month 2026-10 --from so-khcn --to "UBND tỉnh" -o bao-cao.docx
    """
    form = form or (output.suffix.removeprefix(".").lower() if output is not None else "html")
    if form not in FORMATS:
        raise UsageError(f"{output}: name the file .html, .xlsx, .docx, .csv or .json, or give --format")
    if output is None and form in ("xlsx", "docx") and sys.stdout.isatty():
        raise UsageError(f"{form} is no text: give -o FILE")
    house = open_house(loaded)
    now = datetime.now(UTC)
    if month.first > now.astimezone(loaded.settings.zone).date():
        raise UsageError(f"--month {month}: has not begun yet")
    register = house.house.register
    head = _letterhead(
        register, month, issuer, Letterhead(to=to, place=place, symbol=symbol, title=title, signer=signer)
    )
    where = Place(loaded.settings.installation, house.policy.calendar, _owners(house.policy))
    with Questions(loaded.settings.store.url) as store:
        report = make(store, register, month, where, now, by_mailbox=by_mailbox)
    data = letter(report, head) if form == "docx" else write(report, form)
    if output is None:
        click.echo(data, nl=False)
        return 0
    try:
        output.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
    return 0


@group.command("close")
@click.option("--month", required=True, metavar="YYYY-MM", callback=_month, help="Which month; it must be over.")
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder of closed months.")
@click.option("--correct", "reason", metavar="REASON", help="Close it again, as the next version.")
@click.pass_obj
def close_(loaded: Loaded, month: Month, out: Path, reason: str | None) -> int:
    """Freeze a month with its digest. Corrections are versions that name the one before; nothing is overwritten.

    Example: vanthu report close --month 2026-10 --out /var/lib/vanthu/reports
    """
    house = open_house(loaded)
    now = datetime.now(UTC)
    where = Place(loaded.settings.installation, house.policy.calendar, _owners(house.policy))
    with Questions(loaded.settings.store.url) as store:
        report = make(store, house.house.register, month, where, now)
    file = close(report, out, now, reason)
    click.echo(f"{read(file).digest}  {file}")
    return 0


@group.command("show")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(_PLAIN), default="html", show_default=True, help="As for monthly."
)
@click.pass_obj
def show(_loaded: Loaded, file: Path, form: str) -> int:
    """Print a closed month in any format but docx, after its digest was checked.

    Example: vanthu report show /var/lib/vanthu/reports/2026-10.1.json > 2026-10.html
    """
    click.echo(write(read(file).report, form), nl=False)
    return 0


def _letterhead(register: Register, month: Month, issuer: str | None, given: Letterhead) -> Letterhead:
    """The names of the agency that reports, and of the one above it, as they were in that month."""
    if issuer is None:
        return given
    agency = register.agency(issuer, month.last)
    if agency is None:
        raise UsageError(f"--from {issuer}: the register has no such agency in {month}")
    above = register.agency(agency.parent or "", month.last)
    return Letterhead(
        agency.name, above.name if above else "", given.place, given.to, given.symbol, given.title, given.signer
    )


def _owners(policy: Policy) -> dict[str, tuple[str, str]]:
    """Owner and last day of what lifts rules, by its id."""
    return {
        lifter.id: (lifter.owner, lifter.expires.isoformat())
        for rule in policy.by_id.values()
        for lifter in rule.lifters
    }
