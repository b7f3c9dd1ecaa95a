import os
import signal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from support import records
from vanthu.journal.batch import Damage, Line
from vanthu.journal.cursor import START, Cursor, Place, from_text, to_text
from vanthu.journal.reader import Reader, read_new
from vanthu.journal.writer import Writer


def write(folder: Path, count: int, *, close: bool = True) -> Path:
    before = set(folder.iterdir())
    writer = Writer(folder, "mx1", sync="none")
    for _ in range(count):
        writer.append(records.message())
    if close:
        writer.close()
    (path,) = set(folder.iterdir()) - before
    return path


def damages(folder: Path, quiet: float = 60.0) -> list[str]:
    return [item.kind for item in Reader(folder, quiet=quiet).read(START).items if isinstance(item, Damage)]


def orphan(path: Path) -> Path:
    """The same file as if a process that is gone had written it."""
    if (pid := os.fork()) == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return path.rename(path.with_name(f"20261120T050000Z-mx1-{pid}.jsonl"))


def test_small_steps_read_everything_once_and_in_order(tmp_path: Path) -> None:
    for _ in range(3):
        write(tmp_path, 7)
    whole = read_new(tmp_path, START, 10_000)
    cursor: Cursor = START
    ids = []
    complete = False
    while not complete:
        batch = read_new(tmp_path, cursor, 4)
        assert len(batch.items) <= 4
        cursor, complete = batch.cursor, batch.complete
        ids += [record.id for record in batch.records]
    assert ids == [record.id for record in whole.records]
    assert len(set(ids)) == 3 * 9
    assert all(place.done for place in cursor.values())
    assert read_new(tmp_path, cursor).items == ()


def test_a_cursor_survives_its_table(tmp_path: Path) -> None:
    write(tmp_path, 3)
    cursor = read_new(tmp_path, START, 2).cursor
    assert {name: from_text(to_text(place)) for name, place in cursor.items()} == dict(cursor)


def test_a_torn_line_waits_for_its_rest(tmp_path: Path) -> None:
    path = write(tmp_path, 3)
    raw = path.read_bytes()
    for cut in (1, 100, 2000):
        path.write_bytes(raw[:-cut])
        first = read_new(tmp_path, START)
        assert not any(isinstance(item, Damage) for item in first.items)
        path.write_bytes(raw)
        second = read_new(tmp_path, first.cursor)
        assert len(first.items) + len(second.items) == 5


def test_a_torn_line_of_a_process_that_is_gone_is_reported_once(tmp_path: Path) -> None:
    path = orphan(write(tmp_path, 3, close=False))
    path.write_bytes(path.read_bytes()[:-10])
    reader = Reader(tmp_path, quiet=0)
    first = reader.read(START)
    second = reader.read(first.cursor)
    assert [type(item) for item in first.items] == [Line] * 3
    assert [item.kind for item in second.items if isinstance(item, Damage)] == ["torn"]
    assert reader.read(second.cursor).items == ()


def test_garbage_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, 3)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = b"\xff\x00 nonsense\n"
    path.write_bytes(b"".join(lines))
    items = read_new(tmp_path, START).items
    assert [item.kind if isinstance(item, Damage) else "line" for item in items] == [
        "line", "line", "garbage", "line", "line",
    ]  # fmt: skip


def test_an_edit_shows_at_the_next_line(tmp_path: Path) -> None:
    path = write(tmp_path, 3)
    path.write_bytes(path.read_bytes().replace(b'"size":2048', b'"size":2049', 1))
    assert damages(tmp_path) == ["chain"]


def test_a_file_that_became_shorter_or_vanished_is_reported(tmp_path: Path) -> None:
    path = write(tmp_path, 3, close=False)
    cursor = read_new(tmp_path, START).cursor
    path.write_bytes(path.read_bytes()[:100])
    batch = read_new(tmp_path, cursor)
    assert [item.kind for item in batch.items if isinstance(item, Damage)] == ["cut"]
    assert read_new(tmp_path, batch.cursor).items == ()
    path.unlink()
    assert [item.kind for item in read_new(tmp_path, cursor).items if isinstance(item, Damage)] == ["missing"]


def test_a_file_that_was_taken_back_before_its_first_line_is_no_damage(tmp_path: Path) -> None:
    path = write(tmp_path, 1, close=False)
    path.write_bytes(b"")  # as a writer leaves it for a moment when the disk is full
    cursor = read_new(tmp_path, START).cursor
    path.unlink()
    batch = read_new(tmp_path, cursor)
    assert batch.items == ()
    assert batch.cursor == {}


def test_a_finished_file_may_be_deleted(tmp_path: Path) -> None:
    path = write(tmp_path, 3)
    cursor = read_new(tmp_path, START).cursor
    path.unlink()
    batch = read_new(tmp_path, cursor)
    assert batch.items == ()
    assert batch.cursor == {}


def test_a_new_file_is_found_by_a_reader_that_has_listed_before(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    os.utime(tmp_path, (1_000_000_000, 1_000_000_000))
    assert reader.read(START).items == ()
    write(tmp_path, 1)
    assert len(reader.read(START).items) == 3


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "retired").write_text("x y\n")
    assert read_new(tmp_path, START).cursor == {}


@settings(max_examples=80, deadline=None)
@given(st.binary(min_size=1, max_size=400), st.integers(0, 3000))
def test_whatever_is_put_into_a_file_is_reported_or_changes_nothing(junk: bytes, at: int) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = write(folder, 3)
        raw = path.read_bytes()
        written = list(read_new(folder, START).records)
        path.write_bytes(raw[:at] + junk + raw[at:])
        batch = read_new(folder, START)
        waiting = batch.cursor[path.name].offset < len(raw) + len(junk)
        assert damages(folder) or waiting or list(batch.records) == written


def test_kill_9_in_mid_append_never_shows_half_a_record(tmp_path: Path) -> None:
    for _ in range(5):
        if (pid := os.fork()) == 0:
            writer = Writer(tmp_path, "mx1")
            while True:
                writer.append(records.message(subject="x" * 50_000))
        cursor: Cursor = START
        while sum(place.offset for place in cursor.values()) < 500_000:
            batch = read_new(tmp_path, cursor)
            assert not any(isinstance(item, Damage) for item in batch.items)
            cursor = batch.cursor
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    final = Reader(tmp_path, quiet=0)
    first = final.read(START, 1_000_000)
    second = final.read(first.cursor, 1_000_000)
    assert {item.kind for item in (*first.items, *second.items) if isinstance(item, Damage)} <= {"torn"}
    assert all(isinstance(place, Place) and place.done for place in second.cursor.values())


def test_a_file_that_looks_old_is_not_finished_while_its_writer_has_it_open(tmp_path: Path) -> None:
    """The wall clock was set forward by some days between two records."""
    writer = Writer(tmp_path, "mx1", sync="none")
    first = writer.append(records.message())
    (path,) = tmp_path.iterdir()
    os.utime(path, (1_000_000_000, 1_000_000_000))
    reader = Reader(tmp_path)
    before = reader.read(START)
    quiet = reader.read(before.cursor)
    second = writer.append(records.message())
    after = reader.read(quiet.cursor)
    assert [record.id for record in (*before.records, *after.records)][1:] == [first.id, second.id]


def test_an_old_file_whose_process_id_is_somebody_elses_is_finished(tmp_path: Path) -> None:
    path = write(tmp_path, 1, close=False)
    path = path.rename(path.with_name(f"20261120T050000Z-mx1-{os.getppid()}.jsonl"))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    reader = Reader(tmp_path)
    cursor = reader.read(reader.read(START).cursor).cursor
    assert cursor[path.name].done
