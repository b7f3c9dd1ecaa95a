"""Keys in the state folder: made once, read by all, refused when they are none."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from vanthu.errors import Problems
from vanthu.inspection.keys import CHALLENGE, make_keys, read_keys


def test_without_a_file_there_are_no_keys(tmp_path: Path) -> None:
    assert read_keys(tmp_path / "nowhere", CHALLENGE) == ()


def test_a_key_is_made_once_and_for_the_daemon_only(tmp_path: Path) -> None:
    make_keys(tmp_path, CHALLENGE)
    (key,) = read_keys(tmp_path, CHALLENGE)
    make_keys(tmp_path, CHALLENGE)
    assert read_keys(tmp_path, CHALLENGE) == (key,)
    assert len(key) == 32
    assert [path.name for path in tmp_path.iterdir()] == [CHALLENGE]
    assert stat.S_IMODE((tmp_path / CHALLENGE).stat().st_mode) == 0o600


def test_several_keys_keep_their_order(tmp_path: Path) -> None:
    (tmp_path / CHALLENGE).write_text("ab" * 32 + "\n" + "cd" * 32 + "\n")
    assert read_keys(tmp_path, CHALLENGE) == (b"\xab" * 32, b"\xcd" * 32)


@pytest.mark.parametrize("content", [b"", b"short", b"zz" * 32, b"\xff\xfe"])
def test_what_is_no_key_is_a_problem_with_its_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CHALLENGE).write_bytes(content + b"\n")
    with pytest.raises(Problems) as caught:
        read_keys(tmp_path, CHALLENGE)
    assert caught.value.problems[0].line == 1
