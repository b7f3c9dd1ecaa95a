"""What is said to who types too little, or something else."""

from __future__ import annotations

import subprocess
import sys

import pytest


def typed(*words: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, "-m", "vanthu", *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("words", [(), ("report",), ("hold",)])
def test_no_command_shows_which_there_are(words: tuple[str, ...]) -> None:
    code, out, err = typed(*words)
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert lines[0].startswith("Usage: " + " ".join(("vanthu", *words)))
    assert "Commands:" in lines
    assert "try --help" not in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("reprot",), "vanthu: no such command reprot; did you mean report? (try --help)\n"),
        (("status", "--jsn"), "vanthu: No such option '--jsn'. Did you mean '--json'? (try --help)\n"),
        (("explain",), "vanthu: give either a message or --record ID\n"),
    ],
)
def test_wrong_words_get_one_line(words: tuple[str, ...], said: str) -> None:
    assert typed(*words) == (2, "", said)
