"""``vanthu journal export``: records for other programs, without persons unless they are asked for."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import click
import msgspec

from ..errors import UsageError
from ..facts.model import Facts
from ..journal.batch import Damage
from ..journal.cursor import START
from ..journal.pseudonyms import pseudonymous
from ..journal.reader import Reader
from ..journal.record import Record
from ..journal.redaction import load_key
from ..policy.decision import Decision
from ..postfix.ledger import as_owner
from ..settings.load import Loaded
from .backtest import since_of
from .journal_files import folder_of, rest
from .lookups import note
from .output import chosen, csv_cell

_FORMS = ("jsonl", "csv")
_COLUMNS = (
    "time", "id", "node", "kind", "queue_id", "direction", "origin", "agency", "sender", "sender_class", "recipients",
    "classes", "verdict", "verdicts", "rules", "exempted", "official_score", "documents", "forward", "secrecy_level",
    "unread", "challenge",
)  # fmt: skip


@click.command("export")
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv"]), help="Otherwise by the name of FILE; else jsonl."
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Otherwise standard output.")
@click.option("--since", metavar="AGE", help="Only records of the last 30d, 12h, 4w.")
@click.option(
    "--persons", is_flag=True, help="Addresses and subjects as they are. The journal notes who asked, and --why."
)
@click.option("--why", default="", metavar="TEXT", help="With --persons: what they are for.")
@click.pass_obj
def command(
    loaded: Loaded, form: str | None, output: Path | None, since: str | None, persons: bool, why: str
) -> int:  # fmt: skip
    """Write records for other programs: JSON Lines with everything, or CSV with a message a row.

    Mailboxes become keyed hashes (equal ones stay equal, domains stay), and nothing quotes the mail, unless --persons
    asks for it; that is written to the journal first. State secrets have no content in either.

    Example: vanthu journal export --since 30d -o october.csv
    """
    wanted = chosen(form, output, _FORMS, "jsonl")
    folder, begin = folder_of(loaded), since_of(since)
    state = loaded.settings.state.path
    with as_owner(state) if state.is_dir() else nullcontext():  # who asks before the daemon has run makes it a key
        key = load_key(state)
    if persons:
        note(loaded, "journal export --persons", why, since=since or "")
    records = (one if persons else pseudonymous(one, key) for one in _records(folder, begin))
    write = _as_csv if wanted == "csv" else _as_lines
    try:
        with output.open("wb") if output is not None else nullcontext(sys.stdout.buffer) as stream:
            for part in write(records):
                stream.write(part)
    except OSError as error:
        if output is None:
            raise
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None
    return 0


def _records(folder: Path, since: datetime | None) -> Iterator[Record]:
    """Records in the order of the files; damage is told on standard error."""
    for batch in rest(Reader(folder), START):
        for item in batch.items:
            if isinstance(item, Damage):
                click.echo(f"damaged: {item}", err=True)
            elif item.record.kind not in ("open", "close") and (since is None or item.record.time >= since):
                yield item.record


def _as_lines(records: Iterable[Record]) -> Iterator[bytes]:
    encoder = msgspec.json.Encoder()
    return (encoder.encode(record) + b"\n" for record in records)


def _as_csv(records: Iterable[Record]) -> Iterator[bytes]:
    """UTF-8 with its mark, as spreadsheets want it; other kinds than messages have no row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    yield b"\xef\xbb\xbf"
    for record in records:
        if record.facts is not None:
            writer.writerow([csv_cell(value) for value in _row(record, record.facts)])
        yield text.getvalue().encode("utf-8", "replace")
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode("utf-8", "replace")


def _row(record: Record, facts: Facts) -> list[object]:
    decision = record.decision or Decision("accept", ())
    return [
        record.time.isoformat(), record.id, record.node, record.kind, record.queue_id, facts.direction, facts.origin,
        facts.sender.agency, facts.sender.address, facts.sender.class_,
        [one.address for one in facts.recipients], [one.class_ for one in facts.recipients],
        decision.verdict, decision.recipients,
        [hit.id for hit in decision.rules], [one.by for one in decision.exempted],
        facts.official.score, len(facts.official.documents), facts.forward.kind, facts.secrecy.level,
        sum(not one.inspected for one in facts.attachments), facts.challenge.status,
    ]  # fmt: skip
