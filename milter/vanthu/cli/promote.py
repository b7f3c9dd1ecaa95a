"""``vanthu policy promote``: the next stage of a rule, after looking at what it would do and whether it is right."""

from __future__ import annotations

import difflib
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from .. import shipped
from ..errors import UsageError
from ..harmless import printable
from ..inspection.snapshot import Snapshot
from ..policy.load import PolicyContext, load
from ..settings.load import Loaded
from ..tuning import backtest, review
from ..tuning.labels import Labels
from ..tuning.promotion import Change, Plan, Stage, doubts, everywhen, next_stage, propose, write
from ..tuning.replay import Job, run
from ..validation import did_you_mean
from .backtest import Progress, facts_in, journal_in, mail_files, since_of
from .house import open_house
from .review import HITS, draw, path_of


@click.command("promote")
@click.argument("rule")
@click.option("--to", "stage", type=click.Choice(["shadow", "warn", "enforce"]), help="Otherwise the next one.")
@click.option("--agencies", metavar="SLUG,…", help="Only for mail of these agencies; elsewhere it stays in shadow.")
@click.option("--everywhere", is_flag=True, help="For all agencies.")
@click.option("--from", "starts", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Not before this day.")
@click.option("--journal", metavar="DIR", type=click.Path(path_type=Path), help="Otherwise that of the settings.")
@click.option("--messages", "mails", metavar="PATH", multiple=True, help="Kept mail instead of the journal.")
@click.option("--since", metavar="AGE", default="30d", show_default=True, help="What to look back on.")
@click.option("--yes", is_flag=True, help="Change the file. Without it, nothing is changed.")
@click.pass_obj
def promote(
    loaded: Loaded, rule: str, stage: Stage | None, agencies: str | None, everywhere: bool, starts: datetime | None,
    journal: Path | None, mails: tuple[str, ...], since: str, yes: bool,
) -> int:  # fmt: skip
    """Show what RULE would do at its next stage (shadow, warn, enforce), then change its file.

    Tells first what mail would be decided otherwise, what people said of its hits (vanthu review), and at most how
    many honest mails it stops. With --yes its mode and rollout are changed in the file where it stands, comments and
    all else untouched; a copy of the old file stays beside it. The daemon takes it up with its next reload.

    Example: vanthu policy promote official-to-public --agencies so-y-te --from 2026-12-01
    """
    if agencies is not None and everywhere:
        raise UsageError("give either --agencies or --everywhere")
    snapshot = open_house(loaded)
    old = snapshot.policy
    if rule not in old.by_id:
        raise UsageError(f"no rule is named {rule}{did_you_mean(rule, old.by_id)}")
    wanted = tuple(filter(None, (agencies or "").replace(" ", "").split(","))) if agencies is not None else None
    for slug in wanted or ():
        if slug not in snapshot.house.register.agencies:
            hint = did_you_mean(slug, snapshot.house.register.agencies) or "; check register in the settings"
            raise UsageError(f"the register has no agency {slug}{hint}")
    plan = Plan(
        rule, stage or next_stage(old.by_id[rule]), () if everywhere else wanted, starts.date() if starts else None
    )
    folder = loaded.settings.policies
    assert folder is not None, "settings.load fills in the shipped folder"
    if yes and folder == shipped.policies():
        raise UsageError(f"{folder} is what vanthu ships; copy it, name the copy in the settings, and promote there")
    today = datetime.now(loaded.settings.zone).date()
    change = propose(folder, plan, old, PolicyContext.of(loaded.settings, today=today))
    _backtest(loaded, snapshot, change, plan, journal, mails, since)
    against = list(_review(loaded, snapshot, plan, journal, mails, since))
    _difference(change)
    for doubt in against:
        click.echo(f"Not recommended: {doubt}")
    if not against:
        click.echo("Recommended: nothing in these figures speaks against it")
    if not yes:
        click.echo("Nothing was changed; the same again with --yes changes the file")
        return 0
    backup = write(change, datetime.now(UTC))
    load(folder, PolicyContext.of(loaded.settings, today=today))
    click.echo(f"{change.file}: {rule} is now {plan.stage}; the old file is {backup.name}")
    click.echo("In force with the next reload: systemctl reload vanthu")
    return 0


def _backtest(
    loaded: Loaded, snapshot: Snapshot, change: Change, plan: Plan, journal: Path | None, mails: tuple[str, ...],
    since: str,
) -> None:  # fmt: skip
    """What mail of the past the change alone decides otherwise; the day it begins is not waited for."""
    start = since_of(since)
    pieces = mail_files(mails) if mails else journal_in(journal or loaded.settings.journal.path, start)
    new, old = everywhen(change.policy, plan.rule), everywhen(snapshot.policy, plan.rule)
    job = Job(new, old, (), None if mails else start, partial(facts_in, snapshot))
    found = backtest.summary(run(job, pieces, Progress(shown=sys.stderr.isatty())), new, None)
    found["rules"] = {id_: one for id_, one in found["rules"].items() if id_ == plan.rule}
    click.echo(f"What would change ({plan.rule} at {plan.stage}, over {', '.join(mails) or since})\n")
    click.echo(backtest.text(found))


def _review(
    loaded: Loaded, snapshot: Snapshot, plan: Plan, journal: Path | None, mails: tuple[str, ...], since: str
) -> list[str]:  # fmt: skip
    """What people said of it; the same sample as in the last review."""
    labels = Labels(path_of(loaded, plan.rule))
    last = labels.outcomes[-1].figures if labels.outcomes else {}
    hits, near = int(last.get("drawn", HITS)), int(last.get("near_drawn", 20))
    sample = draw(loaded, snapshot, plan.rule, hits, near, journal, mails, None if mails else since)
    found = review.figures(sample, review.questions(sample, hits, near), labels)
    click.echo(review.text(plan.rule, found))
    return list(doubts(snapshot.policy.by_id[plan.rule], plan.stage, found))


def _difference(change: Change) -> None:
    lines = difflib.unified_diff(
        change.before.splitlines(), change.after.splitlines(), change.file.name, change.file.name, lineterm="", n=2
    )
    for line in lines:
        click.echo(printable(line))
    click.echo()
