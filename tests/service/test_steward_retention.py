import os
import time
from pathlib import Path

from support import records
from vanthu.journal.cursor import START, Cursor
from vanthu.journal.reader import read_new
from vanthu.journal.verify import verify
from vanthu.journal.writer import Writer
from vanthu.service.steward_retention import retire

DAY = 86_400.0


def journal(folder: Path) -> list[str]:
    """Three files of one process, all a hundred days old but the last."""
    writer = Writer(folder, "mx1", sync="none", max_file_bytes=1500)
    files: dict[str, None] = {}  # in the order in which they were opened; time stamps of files may be equal
    for _ in range(3):
        writer.append(records.message())
        files[str(writer.file)] = None
    writer.close()
    *old, _ = files
    for name in old:
        os.utime(folder / name, (time.time() - 100 * DAY,) * 2)
    return list(files)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.jsonl")}


def everything(folder: Path) -> Cursor:
    return read_new(folder, START, 10_000).cursor


def test_old_files_that_everybody_has_read_are_deleted_and_noted(tmp_path: Path) -> None:
    *old, young = journal(tmp_path)
    cursor = everything(tmp_path)
    assert sorted(retire(tmp_path, [cursor, cursor], 90 * DAY)) == sorted(old)
    assert names(tmp_path) == {young}
    assert list(verify(tmp_path)) == []
    assert read_new(tmp_path, cursor).items == ()


def test_a_file_that_one_projection_has_not_finished_stays(tmp_path: Path) -> None:
    files = journal(tmp_path)
    behind = {name: place for name, place in everything(tmp_path).items() if name != files[0]}
    unfinished = read_new(tmp_path, START, 1).cursor
    for slow in (behind, unfinished, START):
        retire(tmp_path, [everything(tmp_path), slow], 90 * DAY)
        assert files[0] in names(tmp_path)


def test_a_file_stays_its_time(tmp_path: Path) -> None:
    journal(tmp_path)
    before = names(tmp_path)
    assert retire(tmp_path, [everything(tmp_path)], 120 * DAY) == []
    assert names(tmp_path) == before


def test_a_stolen_file_is_not_taken_for_a_retired_one(tmp_path: Path) -> None:
    *_, young = files = journal(tmp_path)
    retire(tmp_path, [everything(tmp_path)], 90 * DAY)
    assert len(files) >= 3
    (tmp_path / "retired").unlink()
    assert [finding.file for finding in verify(tmp_path)] == [young]
