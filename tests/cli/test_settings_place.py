"""Where settings are looked for: a command works wherever it is typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vanthu.errors import UsageError
from vanthu.settings.load import find


def test_a_folder_that_one_may_not_look_into_has_no_settings(tmp_path: Path) -> None:
    """As ``sudo -u vanthu vanthu hold list`` in /root: the program starts there as somebody who may not look."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "vanthu.yaml").write_text("no: settings\n")
    code = (
        "import os; os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)\n"
        "from vanthu.settings.load import find\n"
        "print(find(None, {}))"
    )
    preload = "import vanthu.settings.load\n"  # from folders that nobody may not read, perhaps
    done = subprocess.run([sys.executable, "-c", preload + code], cwd=closed, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in ("None", "/etc/vanthu/vanthu.yaml")


def test_the_hosts_settings_that_one_may_not_read_are_not_taken_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is closed to others by the package (0750); defaults in its place would answer another question."""

    def closed(place: Path) -> bool:
        raise PermissionError(place)

    monkeypatch.setattr(Path, "is_file", closed)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"/etc/vanthu/vanthu.yaml: may not be read; run it as root"):
        find(None, {})
