"""``vanthu journal``: look at the journal, check that nobody changed it, and write it out for other programs."""

from __future__ import annotations

import time
from collections import deque

import click

from ..harmless import printable
from ..journal.batch import Damage, Line
from ..journal.cursor import START, Cursor
from ..journal.reader import Reader
from ..journal.record import Record
from ..journal.verify import verify
from ..settings.load import Loaded
from .journal_export import command as export
from .journal_files import folder_of, rest
from .lookups import note_if_possible

_POLL = 0.2  # seconds


@click.group("journal")
def group() -> None:
    """Look at the journal of decisions, check it, write it out.

    Example: vanthu journal tail -n 20
    """


group.add_command(export)


@group.command("tail")
@click.option("-n", "count", default=10, show_default=True, type=click.IntRange(min=0), help="How many records.")
@click.option("--follow", "-f", is_flag=True, help="Go on with new records until interrupted.")
@click.option("--json", "as_json", is_flag=True, help="The raw lines (JSON Lines) instead of one line of text each.")
@click.pass_obj
def tail(loaded: Loaded, count: int, follow: bool, as_json: bool) -> int:
    """Print the newest records: time, queue id, verdict, sender, recipients, rules. The journal notes who asked.

    Example: vanthu journal tail -n 20 --follow
    """
    reader = Reader(folder_of(loaded))
    newest: deque[Line] = deque(maxlen=count)
    cursor: Cursor = START
    for batch in rest(reader, cursor):
        cursor = batch.cursor
        newest.extend(item for item in batch.items if isinstance(item, Line) and _told(item.record, as_json))
    note_if_possible(loaded, "journal tail")
    # Files of several workers overlap in time; ids put them in order.
    for line in sorted(newest, key=lambda line: line.record.id):
        _print(line, as_json)
    while follow:
        for batch in rest(reader, cursor):
            cursor = batch.cursor
            for item in batch.items:
                if isinstance(item, Damage):
                    click.echo(f"damaged: {item}", err=True)
                elif _told(item.record, as_json):
                    _print(item, as_json)
        time.sleep(_POLL)
    return 0


@group.command("verify")
@click.pass_obj
def check(loaded: Loaded) -> int:
    """Check every file: edits, broken chains, cut tails, missing files, ids that came twice; exit 1 if any.

    Example: vanthu journal verify
    """
    findings = 0
    for finding in verify(folder_of(loaded)):
        click.echo(str(finding))
        findings += 1
    return 1 if findings else 0


def _told(record: Record, as_json: bool) -> bool:
    """Where files begin and end, and who looked, interests only those who want every line."""
    return as_json or record.kind not in ("open", "close", "lookup")


def _print(line: Line, as_json: bool) -> None:
    click.echo(line.raw.decode() if as_json else _text(line.record))


def _text(record: Record) -> str:
    words = [f"{record.time:%Y-%m-%dT%H:%M:%SZ}", record.queue_id or "-"]
    if record.facts is not None and record.decision is not None:
        rules = [
            hit.id if hit.mode == "enforce" else f"{hit.id}({hit.mode})" for hit in record.decision.rules
        ]  # fmt: skip
        words += [
            record.decision.verdict,
            f"<{record.facts.sender.address}>",
            ",".join(f"<{one.address}>" for one in record.facts.recipients),
            " ".join(rules) or "-",
        ]
    else:
        words += [record.kind, *(f"{key}={value}" for key, value in record.details.items())]
    # What comes from mail must not move the cursor of whoever reads this.
    return "  ".join(map(printable, words))
