from pathlib import Path

from support import records
from vanthu.journal.verify import verify
from vanthu.journal.writer import Writer


def journal(folder: Path, count: int = 12) -> list[Path]:
    """A process that rolled a few times, files in the order in which they were written."""
    writer = Writer(folder, "mx1", sync="none", max_file_bytes=4000)
    files: dict[Path, None] = {}  # time stamps of files may be equal
    for _ in range(count):
        writer.append(records.message())
        files[folder / str(writer.file)] = None
    writer.close()
    return list(files)


def texts(folder: Path) -> list[str]:
    return [str(finding) for finding in verify(folder)]


def test_a_whole_journal_has_no_findings(tmp_path: Path) -> None:
    assert len(journal(tmp_path)) > 2
    assert texts(tmp_path) == []


def test_a_journal_in_use_has_no_findings(tmp_path: Path) -> None:
    writer = Writer(tmp_path, "mx1")
    writer.append(records.message())
    assert texts(tmp_path) == []


def test_an_edit_is_found(tmp_path: Path) -> None:
    path = journal(tmp_path)[1]
    path.write_bytes(path.read_bytes().replace(b'"size":2048', b'"size":9999', 1))
    assert any("changed or lost" in text for text in texts(tmp_path))


def test_an_edit_of_the_very_last_line_of_a_file_is_found_by_the_next_file(tmp_path: Path) -> None:
    path = journal(tmp_path)[0]
    lines = path.read_bytes().splitlines(keepends=True)
    lines[-1] = lines[-1].replace(b'"node":"mx1"', b'"node":"mx2"')
    path.write_bytes(b"".join(lines))
    assert any("tail was cut or changed" in text for text in texts(tmp_path))


def test_a_tail_cut_at_a_line_end_is_found(tmp_path: Path) -> None:
    path = journal(tmp_path)[0]
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    assert any("tail was cut or changed" in text for text in texts(tmp_path))


def test_a_tail_cut_within_a_line_is_found(tmp_path: Path) -> None:
    path = journal(tmp_path)[-1]
    path.write_bytes(path.read_bytes()[:-5])
    other = path.rename(path.with_name("20261120T050000Z-mx1-99999999.jsonl"))
    assert any(text.startswith(other.name) and "no whole line" in text for text in texts(tmp_path))


def test_a_missing_file_is_found_unless_it_was_retired(tmp_path: Path) -> None:
    path = journal(tmp_path)[0]
    path.unlink()
    (missing,) = texts(tmp_path)
    assert path.name in missing
    (tmp_path / "retired").write_text(f"{path.name} ?\n")
    assert all("missing" not in text for text in texts(tmp_path))


def test_a_copied_file_is_found(tmp_path: Path) -> None:
    path = journal(tmp_path, 1)[0]
    path.with_name("20261120T050000Z-mx1-1.jsonl").write_bytes(path.read_bytes())
    assert any("already" in text for text in texts(tmp_path))
    assert any("was written as" in text for text in texts(tmp_path))


def test_a_removed_line_is_found(tmp_path: Path) -> None:
    path = journal(tmp_path)[0]
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[1]
    path.write_bytes(b"".join(lines))
    assert texts(tmp_path) != []
