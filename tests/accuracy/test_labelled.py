"""``make accuracy ROOT=DIR`` measures samples by the folder that they lie in, positives and negatives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from facts.test_honest_work import LETTER

RUN = Path(__file__).with_name("run.py")
FORWARD = (
    "From: an@x.gov.vn\nTo: ban@gmail.com\nSubject: Fwd: Hop\nContent-Type: text/plain; charset=utf-8\n\n"
    "---------- Forwarded message ---------\nFrom: B <b@moh.gov.vn>\nDate: Mon, Sep 28, 2026 at 8:30 AM\n"
    "Subject: Hop\nTo: An <an@x.gov.vn>\n\nNoi dung\n"
)


def _put(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")


def _told(root: Path) -> tuple[int, str]:
    command = [sys.executable, str(RUN), "--only-labelled", "--root", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert not done.stderr
    return done.returncode, done.stdout


def test_what_is_right_is_counted_right(tmp_path: Path) -> None:
    _put(tmp_path / "official" / "yes" / "letters", "a.txt", LETTER)
    _put(tmp_path / "official" / "yes" / "letters", "a.txt.expected.yaml", "number: '815'\ndate: 2026-03-05\n")
    _put(tmp_path / "official" / "no", "b.txt", "Chào anh, mai họp lúc 8h.")
    _put(tmp_path / "secrecy" / "yes", "c.txt", LETTER.replace("\nKính", "\nMẬT\n\nKính"))
    _put(tmp_path / "secrecy" / "yes", "c.txt.expected.yaml", "level: mat\n")
    _put(tmp_path / "forward" / "yes", "d.eml", FORWARD)
    _put(tmp_path / "forward" / "yes", "d.eml.expected.yaml", "from: b@moh.gov.vn\nsubject: Hop\n")
    code, said = _told(tmp_path)
    assert code == 0, said
    assert "MISSED" not in said
    assert said.count("labelled folder: found ") == 6  # a table and a line each


def test_what_is_wrong_is_listed(tmp_path: Path) -> None:
    _put(tmp_path / "official" / "yes", "missed.txt", "Chào anh, mai họp lúc 8h.")
    _put(tmp_path / "official" / "no", "alarm.txt", LETTER)
    _put(tmp_path / "secrecy" / "yes", "level.txt", "TỐI MẬT\n\nNội dung")
    _put(tmp_path / "secrecy" / "yes", "level.txt.expected.yaml", "level: mat\n")
    code, said = _told(tmp_path)
    assert code == 1
    for wrong in ("missed.txt", "alarm.txt", "'mat' read as 'toi_mat'"):
        assert wrong in said
