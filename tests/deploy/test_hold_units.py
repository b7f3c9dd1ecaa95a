"""The hold helper's socket and service, as systemd itself reads them; nothing is started."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HELPER = "/opt/vanthu/deploy/postfix/hold-helper"


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """Both units, with the helper where it is here."""
    made = []
    for name in ("vanthu-hold.socket", "vanthu-hold@.service"):
        text = (ROOT / "deploy" / "systemd" / name).read_text("utf-8")
        made.append(tmp_path / name)
        made[-1].write_text(text.replace(HELPER, str(ROOT / "deploy/postfix/hold-helper")), encoding="utf-8")
    return made


def test_systemd_finds_nothing_wrong(units: list[Path]) -> None:
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    about_us = [line for line in (done.stdout + done.stderr).splitlines() if "vanthu" in line]
    assert not about_us
    assert done.returncode == 0


def test_exposure_is_what_the_page_says(units: list[Path]) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", units[1]], capture_output=True, text=True
    )
    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout + done.stderr)
    assert found, done.stderr
    assert f"gives its unit {found[1]}," in (ROOT / "docs" / "hold.md").read_text("utf-8")


def test_the_door_is_for_one_group_that_the_daemon_is_not_in() -> None:
    socket = (ROOT / "deploy/systemd/vanthu-hold.socket").read_text("utf-8")
    assert "SocketGroup=vanthu-hold\nSocketMode=0660\n" in socket
    users = (ROOT / "deploy/systemd/vanthu.sysusers.conf").read_text("utf-8")
    assert re.search(r"^g vanthu-hold -$", users, re.MULTILINE)
    assert not re.search(r"^m ", users, re.MULTILINE)
