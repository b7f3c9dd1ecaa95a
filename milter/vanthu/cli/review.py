"""``vanthu review``: is a rule right? A random sample of its hits and near misses, labelled by people."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from msgspec import structs

from ..errors import UsageError
from ..inspection.snapshot import Snapshot
from ..postfix.ledger import as_owner
from ..postfix.persons import person
from ..settings.load import Loaded
from ..tuning import review, sheet
from ..tuning.drawing import REPORTED, Drawing, Drawn, Sample
from ..tuning.explanation import explain
from ..tuning.labels import Answer, Label, Labels, Outcome
from ..tuning.replay import Piece, run
from ..tuning.telling import tell
from ..validation import did_you_mean
from .backtest import Progress, facts_in, journal_in, mail_files, since_of
from .house import open_house
from .lookups import note, note_reviews

HITS = 50
_KEYS: dict[str, Answer] = {"y": "yes", "n": "no", "?": "unsure"}


@click.command("review")
@click.argument("rule")
@click.option("--journal", metavar="DIR", type=click.Path(path_type=Path), help="Otherwise that of the settings.")
@click.option("--messages", "mails", metavar="PATH", multiple=True, help="Kept mail: files, folders, mboxes.")
@click.option("--since", metavar="AGE", help="Only records of the last 30d, 12h, 4w.")
@click.option("--hits", type=click.IntRange(1, 2000), default=HITS, show_default=True, help="How many hits to draw.")
@click.option("--near", type=click.IntRange(0, 2000), default=20, show_default=True, help="How many near misses.")
@click.option("--by", help="Who labels (default: who is logged in).")
@click.option("--file", "file", metavar="FILE", type=click.Path(path_type=Path), help="Where labels are kept.")
@click.option("--show", is_flag=True, help="Ask nothing; tell what the labels say.")
@click.option(
    "--export", metavar="FILE.csv", type=click.Path(path_type=Path), help="Write the sample, to label it there."
)
@click.option("--label", "labelled", metavar="FILE.csv", type=click.Path(path_type=Path), help="Read it in again.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON; asks nothing.")
@click.pass_obj
def command(
    loaded: Loaded, rule: str, journal: Path | None, mails: tuple[str, ...], since: str | None, hits: int, near: int,
    by: str | None, file: Path | None, show: bool, export: Path | None, labelled: Path | None, lang: Any,
    as_json: bool,
) -> int:  # fmt: skip
    """Label a random sample of what RULE hits and nearly hits: y it should hit, n it should not, ? unsure, b back, q
    later.

    Tells the rule's precision with its 95 % interval, and at most how many honest mails it stops. The sample is the
    same for everybody, so several people can share the work; whoever comes next goes on where the last one stopped.

    Example: vanthu review official-to-public --since 30d; vanthu review official-to-public --export sample.csv
    """
    snapshot = open_house(loaded)
    if rule not in snapshot.policy.by_id:
        raise UsageError(f"no rule is named {rule}{did_you_mean(rule, snapshot.policy.by_id)}")
    sample = draw(loaded, snapshot, rule, hits, near, journal, mails, since)
    asked = review.questions(sample, hits, near)
    state = loaded.settings.state.path
    with _owned(state, file):
        if not (mails or show or as_json or labelled):
            note(loaded, "review", f"label what {rule} hits", rule=rule)
        labels = Labels(file or path_of(loaded, rule))
        before = labels.count
        login = person()
        who = by or login
        own = journal is None and not mails  # reports know the records of our own journal
        reported = {one.id for one in asked if own and one.stratum == REPORTED}
        keep = partial(_keep, loaded, labels, reported, rule)
        if labelled is not None:
            keep(list(sheet.read(_text(labelled), asked, who, login, datetime.now(UTC))))
        elif export is None and not (show or as_json):
            _ask(asked, labels, partial(_label, keep, who, login), snapshot, rule, lang)
        found = review.figures(sample, asked, labels)
        if labels.count > before:
            labels.add(
                Outcome(datetime.now(UTC), who, snapshot.policy.digest, found | {"drawn": hits, "near_drawn": near})
            )
    if export is not None:
        _write(export, sheet.write(asked, labels))
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else review.text(rule, found), nl=as_json)
    return 0


def path_of(loaded: Loaded, rule: str) -> Path:
    """Where the labels of a rule are kept."""
    return loaded.settings.state.path / "reviews" / f"{rule}.jsonl"


def draw(
    loaded: Loaded, snapshot: Snapshot, rule: str, hits: int, near: int, journal: Path | None,
    mails: tuple[str, ...], since: str | None,
) -> Sample:  # fmt: skip
    """The sample, out of the journal or of kept messages."""
    start = since_of(since)
    pieces: list[Piece]
    if mails:
        if journal is not None:
            raise UsageError("give either --journal DIR or --messages PATH")
        pieces = mail_files(mails)
    else:
        pieces = journal_in(journal or loaded.settings.journal.path, start)
    drawing = Drawing.of(
        snapshot.policy, rule, max(hits, near), start if not mails else None, partial(facts_in, snapshot)
    )
    return run(drawing, pieces, Progress(shown=sys.stderr.isatty()))


def _ask(
    asked: list[Drawn], labels: Labels, keep: Any, snapshot: Snapshot, rule: str, lang: Any
) -> None:  # fmt: skip
    """One mail after the other, until all have a label or somebody presses q."""
    todo = [one for one in asked if labels.last(one.id) is None]
    position = 0
    while position < len(todo):
        one = todo[position]
        click.echo(f"\n{'=' * 80}\n{position + 1}/{len(todo)}  {one.id}  [{one.stratum}]\n")
        told = explain(snapshot.policy, one.facts)
        mine = tuple(trace for trace in told.rules if trace.id == rule)
        click.echo(tell(structs.replace(told, rules=mine, off=()), lang, snapshot.settings.zone))
        answer = _key()
        if answer == "q":
            return
        if answer == "b":
            position = max(position - 1, 0)
            continue
        keep(one, _KEYS[answer])
        position += 1


def _key() -> str:
    """A key of y, n, ?, b and q; a line of standard input where no terminal is there, its end is q."""
    while True:
        click.echo("y hit rightly / n wrongly / ? unsure / b back / q later: ", nl=False, err=True)
        if sys.stdin.isatty():
            key = click.getchar(echo=True).lower()
            click.echo(err=True)
        else:
            key = (sys.stdin.readline() or "q").strip().lower()
        if key in (*_KEYS, "b", "q"):
            return key


def _label(keep: Callable[[list[Label]], None], who: str, login: str, one: Drawn, answer: Answer) -> None:
    keep([Label(one.id, answer, who, login, datetime.now(UTC))])


def _keep(loaded: Loaded, labels: Labels, reported: set[str], rule: str, new: list[Label]) -> None:
    """Labels to their file, and what they say of reported false alarms to the journal, for store and report."""
    note_reviews(loaded, rule, [one for one in new if one.record in reported])
    labels.add(*new)


def _owned(state: Path, file: Path | None) -> AbstractContextManager[None]:
    """Labels in the state folder belong to its owner; a file elsewhere to whoever asks."""
    if file is None and not state.is_dir():
        raise UsageError(f"{state}: no such folder; check state.path in the settings, or give --file")
    return as_owner(state) if file is None else nullcontext()


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None
