"""The journal: what a reader hands out, what it calls damaged, and what ``verify`` finds."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from fuzz.target import Target, is_text, text_of
from support import records
from vanthu.journal import cursor
from vanthu.journal.batch import Batch, Line
from vanthu.journal.reader import Reader
from vanthu.journal.recent import Recent
from vanthu.journal.record import Record
from vanthu.journal.verify import verify

_GONE = 4_194_305  # one more than the greatest process id that Linux gives
_FIRST, _SECOND = (f"20260101T00000{number}Z-lab-{_GONE}.jsonl" for number in (0, 1))


@cache
def _journal_files() -> tuple[bytes, bytes]:
    """Two files of one writer, the second of which names the head of the first."""
    first, head = _written(_FIRST, None)
    return first, _written(_SECOND, {"file": _FIRST, "head": head})[0]


def _written(name: str, previous: object) -> tuple[bytes, str]:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    said = records.a_day(7, 3)
    every = [
        Record(kind="open", id="0", time=moment, node="lab", details={"file": name, "previous": previous}),
        *said,
        Record(kind="close", id="9", time=moment, node="lab", details={"lines": len(said) + 2}),
    ]
    lines: list[bytes] = []
    head = None
    for number, record in enumerate(every):
        chained = msgspec.structs.replace(record, id=f"{name[:16]}{number}", prev=head)
        lines.append(msgspec.json.encode(chained))
        head = sha256(lines[-1]).hexdigest()
    assert head is not None
    return b"\n".join(lines) + b"\n", head


def _journal(data: bytes) -> None:
    """What a reader hands out and what it calls damaged is all that stands in the file; any change is found."""
    genuine, second = _journal_files()
    with contextlib.suppress(msgspec.DecodeError):
        place = cursor.from_text(text_of(data))
        assert cursor.from_text(cursor.to_text(place)) == place
    with tempfile.TemporaryDirectory(prefix="vanthu-fuzz-") as name:
        folder = Path(name)
        (folder / _FIRST).write_bytes(data)
        read, recent = _all(folder), Recent()
        _accounted(data, read)
        assert [_all(folder, recent) for _ in range(2)] == [read, read], "who shares reads as who is alone"
        (folder / _SECOND).write_bytes(second)
        found = list(verify(folder))
    assert bool(found) == (data != genuine), "an edit is found, and only an edit"
    is_text(*map(str, found))


def _all(folder: Path, recent: Recent | None = None) -> Batch:
    """Everything in one folder, three lines at a time, or more where that would be many times."""
    reader = Reader(folder, quiet=-1.0, recent=recent)
    lines = sum(file.read_bytes().count(b"\n") for file in folder.iterdir())
    items: list[object] = []
    at = cursor.START
    while True:
        batch = reader.read(at, max(3, lines // 100))
        items += batch.items
        if batch.cursor == at and batch.complete:
            return Batch(tuple(items), at, True)  # type: ignore[arg-type]
        at = batch.cursor


def _accounted(data: bytes, read: Batch) -> None:
    *whole, torn = data.split(b"\n")
    lines = [item for item in read.items if isinstance(item, Line)]
    wrong = [item for item in read.items if not isinstance(item, Line)]
    closed = next((number for number, line in enumerate(lines) if line.record.kind == "close"), None)
    garbage = [item for item in wrong if item.kind == "garbage" and "after the close" not in item.text]
    seen = len(lines) + len(garbage)
    for line in lines:
        assert data[line.offset : line.offset + len(line.raw)] == line.raw
    assert read.cursor[_FIRST].done
    if closed is None:
        assert seen == len(whole)
        assert bool(torn) == any(item.kind == "torn" for item in wrong)
    else:
        assert closed == len(lines) - 1
        rest = len(data) - read.cursor[_FIRST].offset
        assert bool(rest) == any("after the close" in item.text for item in wrong)


TARGETS = {
    "journal": Target(
        _journal,
        (
            _journal_files()[0], _journal_files()[0][:-1], _journal_files()[0] + b"x\n",
            b'{"version":1,"kind":"open","id":"1","time":"2026-01-01T00:00:00Z","node":"a"}\n', b"{}\nx\n",
            b'{"offset":3,"head":"a","done":false}',
        ),
        (
            "\n", '"kind":"close"', '"kind":"open"', '"prev":', '"details":{', '"lines":', '"file":', '"previous":',
            "null", "[[[[",
            '{"a":', "\\ud800", '"time":"9999-12-31T23:59:59Z"', "1e999",
        ),
    ),
}  # fmt: skip
