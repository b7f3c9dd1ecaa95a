"""Port 25 fails open; so a service where users log in is refused, and nothing is changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "postfix" / "inbound.py"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    etc, queue = tmp_path / "etc", tmp_path / "queue"
    etc.mkdir()
    queue.mkdir()
    shutil.chown(queue, "postfix")
    shutil.copy("/usr/share/postfix/master.cf.dist", etc / "master.cf")
    shutil.copy("/etc/postfix/dynamicmaps.cf", etc)
    (etc / "main.cf").write_text(f"compatibility_level = 3.6\nqueue_directory = {queue}\ndata_directory = {queue}\n")
    return etc


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, "apply", "--unchecked", "--config-dir", folder, *arguments],
        capture_output=True,
        text=True,
    )


def files(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in ("main.cf", "master.cf")]


@pytest.mark.parametrize("where", ["main.cf", "the service"])
def test_a_service_where_users_log_in_is_refused(folder: Path, where: str) -> None:
    edit = (
        ["-e", "smtpd_sasl_auth_enable = yes"]
        if where == "main.cf"
        else ["-Pe", "smtp/inet/smtpd_sasl_auth_enable=yes"]
    )
    subprocess.run(["postconf", "-c", folder, *edit], check=True)
    before = files(folder)
    refused = run(folder)
    assert refused.returncode == 1
    assert "users log in at smtp/inet" in refused.stderr
    assert files(folder) == before


def test_a_service_of_the_outside_is_taken(folder: Path) -> None:
    assert run(folder).returncode == 0
    told = subprocess.run(["postconf", "-c", folder, "-h", "vanthu_inbound_milter"], capture_output=True, text=True)
    assert "default_action=accept" in told.stdout
