"""``vanthu backtest``: what another policy would have decided about mail that was already seen."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click

from ..errors import UsageError
from ..facts.model import Facts
from ..inspection.snapshot import Snapshot
from ..policy.detectors import detect
from ..policy.load import PolicyContext
from ..policy.load import load as load_policy
from ..policy.model import Policy
from ..settings.load import Loaded
from ..tuning import backtest
from ..tuning.backtest_page import page
from ..tuning.replay import Job, Piece, journal_pieces, run
from ..tuning.sweep import Sweep
from .facts import facts_of
from .house import open_house
from .sources import messages

_PERIOD = re.compile(r"([0-9]{1,5})([hdw])\Z")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@click.command("backtest")
@click.option("--new", "new", metavar="DIR", required=True, type=click.Path(path_type=Path), help="Policy to try.")
@click.option(
    "--old", metavar="DIR", type=click.Path(path_type=Path), help="Compare with it, not with what was decided."
)
@click.option("--journal", metavar="DIR", type=click.Path(path_type=Path), help="Records to judge again.")
@click.option("--messages", "mails", metavar="PATH", multiple=True, help="Mail files, folders or mboxes to judge.")
@click.option("--since", metavar="AGE", help="Only records of the last 30d, 12h, 4w.")
@click.option("--sweep", metavar="CONDITION=FROM..TO", help="Try a minimum at several values.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Processes; otherwise as many as there are cores.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option(
    "--html", "html", metavar="FILE", type=click.Path(path_type=Path), help="Also write one page with charts."
)
@click.option("--fail-on-change", is_flag=True, help="Exit 3 when a mail is decided otherwise.")
@click.pass_obj
def command(
    loaded: Loaded, new: Path, old: Path | None, journal: Path | None, mails: tuple[str, ...], since: str | None,
    sweep: str | None, jobs: int | None, as_json: bool, html: Path | None, fail_on_change: bool,
) -> int:  # fmt: skip
    """Tell which mail a new policy decides otherwise: by verdict, rule, agency and sender, with examples.

    The old decision is the recorded one, or that of --old; of --messages that of --old or of the policy in the
    settings. A mail that was tried several times counts once. Nothing is sent and nothing is changed.

    Example: vanthu backtest --new drafts/ --journal /var/lib/vanthu/journal --since 30d
    """
    if (journal is None) == (not mails):
        raise UsageError("give either --journal DIR or --messages PATH")
    parsed = Sweep.parse(sweep) if sweep else None
    policy = _policy(new, loaded)
    before = _policy(old, loaded) if old is not None else None
    variants = parsed.policies(policy) if parsed else ()
    if journal is not None:
        start = since_of(since)
        job, pieces = Job(policy, before, variants, start), journal_in(journal, start)
    else:
        snapshot = open_house(loaded)
        before = before or snapshot.policy
        job = Job(policy, before, variants, read_mail=partial(facts_in, _seeing(snapshot, policy, before)))
        pieces = mail_files(mails)
    tally = run(job, pieces, _progress(), jobs)
    found = backtest.summary(tally, policy, parsed)
    if html is not None:
        _write(html, page(found, f"{new} over {journal or ', '.join(mails)}"))
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else backtest.text(found), nl=as_json)
    return 3 if fail_on_change and found["changed"]["tries"] else 0


def _policy(folder: Path, loaded: Loaded) -> Policy:
    if not folder.exists():
        raise UsageError(f"{folder}: no such policy folder")
    return load_policy(folder, PolicyContext.of(loaded.settings)).policy


def since_of(age: str | None) -> datetime | None:
    """The time that an age such as 30d means; UsageError."""
    if age is None:
        return None
    found = _PERIOD.match(age)
    if found is None:
        raise UsageError(f"--since {age}: write a number and h, d or w, such as 30d")
    return datetime.now(UTC) - timedelta(**{_UNITS[found[2]]: int(found[1])})


def journal_in(folder: Path, since: datetime | None) -> list[Piece]:
    """A journal in pieces; UsageError where there is none."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such journal folder")
    return journal_pieces(folder, since)


def mail_files(paths: tuple[str, ...]) -> list[Piece]:
    """Mail files in pieces; UsageError for a path that is not there."""
    files: list[Path] = []
    for name in paths:
        path = Path(name)
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
        files += sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    return [Piece(file, 0, file.stat().st_size, mail=True) for file in files]


def _seeing(snapshot: Snapshot, *policies: Policy) -> Snapshot:
    """The house with the text detectors of all policies that will ask."""
    detectors = tuple({one.key: one for policy in policies for one in policy.detectors}.values())
    return replace(snapshot, house=replace(snapshot.house, detect=partial(detect, detectors)))


def facts_in(snapshot: Snapshot, file: Path) -> Iterator[Facts]:
    """The facts of every message of a file."""
    for source in messages((str(file),)):
        yield facts_of(source.raw, snapshot, source.path, None, (), None, None)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None


def _progress() -> Progress:
    return Progress(shown=sys.stderr.isatty())


class Progress:
    """A line on standard error that is only there when somebody looks."""

    def __init__(self, *, shown: bool) -> None:
        self.shown = shown

    def __call__(self, done: float) -> None:
        """``done`` goes from 0 to 1."""
        if self.shown:
            end = "\n" if done >= 1 else ""
            click.echo(f"\r{'#' * round(done * 40):<40} {done:4.0%}{end}", nl=False, err=True)
