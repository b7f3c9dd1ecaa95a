"""Readers that share what they have read find what each would have found alone."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import records
from vanthu.journal import reader as reading
from vanthu.journal.batch import Damage, Line
from vanthu.journal.cursor import START, Cursor
from vanthu.journal.reader import Reader
from vanthu.journal.recent import Recent
from vanthu.journal.writer import Writer


def written(folder: Path, counts: list[int]) -> None:
    for count in counts:
        writer = Writer(folder, "mx1", sync="none")
        for _ in range(count):
            writer.append(records.message())
        writer.close()


@given(
    steps=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), min_size=1, max_size=40),
    spoilt=st.none() | st.integers(0, 4000),
)
@settings(max_examples=40, deadline=None)
def test_whatever_their_steps_each_finds_what_it_would_find_alone(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]], spoilt: int | None
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    written(folder, [5, 0, 3])
    first = min(folder.iterdir())
    if spoilt is not None:
        content = bytearray(first.read_bytes())
        content[spoilt % len(content)] ^= 1
        first.write_bytes(content)
    recent = Recent()
    sharing = [Reader(folder, recent=recent) for _ in range(3)]
    found: list[list[Line | Damage]] = [[], [], []]
    cursors: list[Cursor] = [START, START, START]
    for who, most in [*steps, (0, 100), (1, 100), (2, 100)]:
        batch = sharing[who].read(cursors[who], most)
        assert sum(isinstance(item, Line) for item in batch.items) <= most
        found[who] += batch.items
        cursors[who] = batch.cursor
    alone = Reader(folder).read(START, 100)
    for who in range(3):
        assert found[who] == list(alone.items)
        assert cursors[who] == alone.cursor


def test_a_line_is_decoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    monkeypatch.setattr(reading, "decode", lambda raw, real=reading.decode: decoded.append(raw) or real(raw))
    recent = Recent()
    readers = [Reader(tmp_path, recent=recent) for _ in range(3)]
    cursors: list[Cursor] = [START, START, START]
    writer = Writer(tmp_path, "mx1", sync="none")
    for _ in range(4):  # each of them comes when there is a little more than the one before has seen
        for who, one in enumerate(readers):
            writer.append(records.message())
            cursors[who] = one.read(cursors[who]).cursor
    writer.close()
    assert all(sum(1 for _ in one.read(cursors[who]).records) for who, one in enumerate(readers))
    assert len(decoded) == len(set(decoded)) == 4 * 3 + 2


def test_no_more_is_remembered_than_was_said(tmp_path: Path) -> None:
    written(tmp_path, [40])
    size = next(tmp_path.iterdir()).stat().st_size
    recent = Recent(size // 4)
    cursor: Cursor = START
    reader = Reader(tmp_path, recent=recent)
    seen = 0
    while not (batch := reader.read(cursor, 3)).complete:
        seen += len(batch.items)
        cursor = batch.cursor
        kept = sum(len(item.raw) + 1 for one in recent._stretches.values() for item in one.items)
        assert kept == recent._size <= size // 4
    assert seen + len(batch.items) == 42


def test_a_file_that_became_shorter_is_reported_to_the_one_who_had_read_more(tmp_path: Path) -> None:
    written(tmp_path, [6])
    (path,) = tmp_path.iterdir()
    recent = Recent()
    first, second = Reader(tmp_path, recent=recent), Reader(tmp_path, recent=recent)
    cursor = first.read(START, 5).cursor
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]))
    assert [item.kind for item in first.read(cursor, 5).items if isinstance(item, Damage)] == ["cut"]
    # The other one may be told from memory what stood there, but then it hears of the loss as well.
    cursor, kinds = START, []
    for _ in range(3):
        batch = second.read(cursor, 5)
        cursor = batch.cursor
        kinds += [item.kind for item in batch.items if isinstance(item, Damage)]
    assert kinds == ["cut"]
