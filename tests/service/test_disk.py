"""The probe of the journal's disk: what it says of disks that take all, a part, nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from vanthu.service.disk import writable


def test_a_folder_that_takes_files(tmp_path: Path) -> None:
    assert writable(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert not writable(tmp_path / "gone")


def test_a_disk_that_takes_only_a_part(tmp_path: Path) -> None:
    """A limit on file size cuts a write as a full disk does; it is a process's own, so a child takes it."""
    script = (
        "import resource, sys; from pathlib import Path; from vanthu.service.disk import writable;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); sys.exit(writable(Path(sys.argv[1])))"
    )
    assert subprocess.run([sys.executable, "-c", script, tmp_path], check=False).returncode == 0
    assert list(tmp_path.iterdir()) == []
