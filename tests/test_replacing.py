"""A file is replaced as a whole: with the mode and owner asked for, through no link, with nothing left over."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from support.places import open_folder
from vanthu.replacing import replace_file


def test_the_mode_is_exact_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o600)
    replace_file(path, b"new", 0o666, durable=True)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o666
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    other.write_bytes(b"other")
    path.symlink_to(other)
    replace_file(path, b"new")
    assert not path.is_symlink()
    assert (path.read_bytes(), other.read_bytes()) == (b"new", b"other")


@pytest.mark.e2e
def test_root_gives_it_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_file(path, b"new", 0o640, owner=(4711, 4712))
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (4711, 4712, 0o640)


@pytest.mark.e2e
def test_who_may_not_give_files_away_keeps_it() -> None:
    with open_folder("replacing") as folder:
        path = folder / "file"
        folder.chmod(0o777)
        os.seteuid(4711)
        try:
            replace_file(path, b"new", 0o640, owner=(0, 0))
        finally:
            os.seteuid(0)
        assert path.read_bytes() == b"new"
        assert (path.stat().st_uid, stat.S_IMODE(path.stat().st_mode)) == (4711, 0o640)


def test_what_cannot_be_replaced_stays_and_the_draft_goes(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        replace_file(path, b"new")
    assert list(tmp_path.iterdir()) == [path]
