"""``vanthu report``: what the agencies did in a month or a year, as a page, a spreadsheet, a letter, or data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import click

from ..directory.model import Register
from ..errors import UsageError
from ..inspection.snapshot import Snapshot
from ..policy.model import Policy
from ..projections.store_queries import Questions
from ..reports.closing import close, read
from ..reports.letter import Letterhead, letter
from ..reports.monthly import Place, make
from ..reports.months import Month
from ..reports.report import Report
from ..reports.write import FORMATS, write
from ..reports.yearly import make as make_year
from ..settings.load import Loaded
from .house import open_house
from .lookups import note
from .output import chosen, give

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


def _year(_context: click.Context, _option: click.Parameter, value: str) -> int:
    if not (len(value) == 4 and value.isascii() and value.isdecimal() and 1970 <= int(value) <= 9998):
        raise click.BadParameter(f"write a year as 2026, not {value!r}")
    return int(value)


def _options(command: Callable[..., int]) -> Callable[..., int]:
    """What all reports that are made take alike."""
    for option in reversed(
        (
            click.option(
                "--format", "form", type=click.Choice(FORMATS), help="Otherwise by the name of FILE; else html."
            ),
            click.option(
                "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Otherwise standard output."
            ),
            click.option(
                "--from", "issuer", metavar="SLUG",
                help="docx: the agency that reports; the one above it is its superior.",
            ),
            click.option("--to", default="", help="docx: whom the letter addresses (Kính gửi)."),
            click.option("--place", default="", help="docx: the place beside the date."),
            click.option("--symbol", default="", help="docx: ký hiệu, such as SKHCN-CNTT."),
            click.option("--title", default="", help="docx: the position of who signs."),
            click.option("--signer", default="", help="docx: the name of who signs."),
        )
    ):  # fmt: skip
        command = option(command)
    return command


@group.command("monthly")
@click.option("--month", required=True, metavar="YYYY-MM", callback=_month, help="Which month, in local time.")
@click.option(
    "--by-mailbox", is_flag=True, help="Add a table of persons; not in docx. The journal notes who asked, and --why."
)
@click.option("--why", default="", metavar="TEXT", help="With --by-mailbox: what the table of persons is for.")
@_options
@click.pass_obj
def monthly(
    loaded: Loaded, /, month: Month, by_mailbox: bool, why: str, form: str | None, output: Path | None, **head: str
) -> int:
    """Report a month by agency: mailboxes in use, official documents, public mailboxes, forwards, what to act on.

    docx is an official letter by Decree 30, ready to be signed. Nobody is named without --by-mailbox, and that is
    written to the journal; agencies with fewer than 20 mailboxes are not ranked.

    Example: vanthu report monthly --month 2026-10 --from so-khcn --to "UBND tỉnh" -o bao-cao.docx
    """
    wanted = chosen(form, output, FORMATS, "html")
    house = open_house(loaded)
    now = datetime.now(UTC)
    if month.first > now.astimezone(loaded.settings.zone).date():
        raise UsageError(f"--month {month}: has not begun yet")
    letterhead = _letterhead(house.house.register, month.last, head)
    if by_mailbox:
        note(loaded, "report monthly --by-mailbox", why, month=str(month))
    with Questions(loaded.settings.store.url) as store:
        report = make(store, house.house.register, month, _place(loaded, house), now, by_mailbox=by_mailbox)
    return _give(report, wanted, output, letterhead)


@group.command("yearly")
@click.option("--year", required=True, metavar="YYYY", callback=_year, help="Which year, in local time.")
@_options
@click.pass_obj
def yearly(loaded: Loaded, /, year: int, form: str | None, output: Path | None, **head: str) -> int:
    """Report a year by agency, beside the year before: for emulation, inspections and the ministry's yearly summary.

    Sums over the months; mailboxes issued are those of the last month, in use the mean of the months.

    Example: vanthu report yearly --year 2026 -o 2026.html
    """
    wanted = chosen(form, output, FORMATS, "html")
    house = open_house(loaded)
    now = datetime.now(UTC)
    today = now.astimezone(loaded.settings.zone).date()
    if year > today.year:
        raise UsageError(f"--year {year}: has not begun yet")
    letterhead = _letterhead(house.house.register, min(Month(year, 12).last, today), head)
    with Questions(loaded.settings.store.url) as store:
        report = make_year(store, house.house.register, year, _place(loaded, house), now)
    return _give(report, wanted, output, letterhead)


def _give(report: Report, form: str, output: Path | None, head: Letterhead) -> int:
    give(letter(report, head) if form == "docx" else write(report, form), output)
    return 0


def _place(loaded: Loaded, house: Snapshot) -> Place:
    return Place(loaded.settings.installation, house.policy.calendar, _owners(house.policy))


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
    with Questions(loaded.settings.store.url) as store:
        report = make(store, house.house.register, month, _place(loaded, house), now)
    file = close(report, out, now, reason)
    click.echo(f"{read(file).digest}  {file}")
    return 0


@group.command("show")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(_PLAIN), help="As for monthly.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Otherwise standard output.")
@click.pass_obj
def show(_loaded: Loaded, file: Path, form: str | None, output: Path | None) -> int:
    """Print a closed month in any format but docx, after its digest was checked.

    Example: vanthu report show /var/lib/vanthu/reports/2026-10.1.json -o 2026-10.html
    """
    wanted = chosen(form, output, _PLAIN, "html")
    give(write(read(file).report, wanted), output)
    return 0


def _letterhead(register: Register, on: date, given: Mapping[str, str]) -> Letterhead:
    """What was given, with the names of the agency that reports and of the one above it, as they were on a day."""
    issuer = given["issuer"]
    agency = register.agency(issuer, on) if issuer else None
    if issuer and agency is None:
        raise UsageError(f"--from {issuer}: the register has no such agency on {on:%Y-%m-%d}")
    above = register.agency(agency.parent or "", on) if agency else None
    names = ("place", "to", "symbol", "title", "signer")
    return Letterhead(
        issuer=agency.name if agency else "",
        superior=above.name if above else "",
        **{name: given[name] for name in names},
    )


def _owners(policy: Policy) -> dict[str, tuple[str, str]]:
    """Owner and last day of what lifts rules, by its id."""
    return {
        lifter.id: (lifter.owner, lifter.expires.isoformat())
        for rule in policy.by_id.values()
        for lifter in rule.lifters
    }
