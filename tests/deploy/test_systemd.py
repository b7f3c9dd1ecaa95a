"""The units, as systemd itself reads them; nothing is started."""

from __future__ import annotations

import re
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
# What docs/security.md states.
EXPOSURE = 1.5


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a program that exists here, since systemd-analyze looks for it."""
    text = (UNITS / "vanthu.service").read_text().replace("/opt/vanthu/bin/vanthu", sys.executable)
    copy = tmp_path / "vanthu.service"
    copy.write_text(text)
    return copy


def test_systemd_finds_nothing_wrong(unit: Path) -> None:
    done = run("systemd-analyze", "verify", "--man=no", unit)
    about_us = [line for line in (done.stdout + done.stderr).splitlines() if "vanthu" in line]
    assert not about_us
    assert done.returncode == 0


def test_exposure_is_what_the_docs_say(unit: Path) -> None:
    done = run("systemd-analyze", "security", "--offline=yes", "--no-pager", unit)
    found = re.search(r"exposure level for vanthu\.service: ([0-9.]+)", done.stdout + done.stderr)
    assert found, done.stderr
    assert float(found[1]) <= EXPOSURE
    assert f"exposure {found[1]}" in (ROOT / "docs" / "security.md").read_text()


def test_user_and_folders_come_out_with_the_right_modes(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    postfix = tmp_path / "postfix.conf"
    postfix.write_text('u postfix - "Postfix" /var/spool/postfix\n')
    made = run("systemd-sysusers", f"--root={tmp_path}", postfix, UNITS / "vanthu.sysusers.conf")
    assert made.returncode == 0, made.stderr
    users = {line.split(":")[0]: line.split(":") for line in (tmp_path / "etc" / "passwd").read_text().splitlines()}
    assert users["vanthu"][6] == "/usr/sbin/nologin"
    (tmp_path / "var" / "spool" / "postfix").mkdir(parents=True)
    made = run("systemd-tmpfiles", "--create", f"--root={tmp_path}", UNITS / "vanthu.tmpfiles.conf")
    assert made.returncode == 0, made.stderr
    folder = (tmp_path / "var" / "spool" / "postfix" / "vanthu").stat()
    assert stat.S_IMODE(folder.st_mode) == 0o2750
    assert (folder.st_uid, folder.st_gid) == (int(users["vanthu"][2]), int(users["postfix"][3]))
    assert stat.S_IMODE((tmp_path / "etc" / "vanthu").stat().st_mode) == 0o750


def test_a_socket_in_the_setgid_folder_belongs_to_its_group(tmp_path: Path) -> None:
    folder = tmp_path / "vanthu"
    folder.mkdir()
    shutil.chown(folder, group="postfix")
    folder.chmod(0o2750)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "milter.sock.new"))
        (folder / "milter.sock.new").rename(folder / "milter.sock")
    assert (folder / "milter.sock").group() == "postfix"


def test_our_libraries_live_without_writable_code() -> None:
    """MemoryDenyWriteExecute: prctl(PR_SET_MDWE = 65, PR_MDWE_REFUSE_EXEC_GAIN = 1), Linux 6.3 and newer."""
    code = (
        "import ctypes; refused = ctypes.CDLL(None).prctl(65, 1, 0, 0, 0)\n"
        "import Milter, alembic, dns.resolver, msgspec, prometheus_client, pydantic, re2, sqlalchemy, sqlite3, yaml\n"
        "assert re2.search('b+', 'abb')\n"
        "with sqlalchemy.create_engine('sqlite://').connect() as store:\n"
        "    assert store.scalar(sqlalchemy.text('select 1')) == 1\n"
    )
    done = run(sys.executable, "-c", code)
    assert done.returncode == 0, done.stderr


def test_the_stop_time_covers_the_drain() -> None:
    from vanthu.settings.model import Milter

    stop = re.search(r"^TimeoutStopSec=(\d+)$", (UNITS / "vanthu.service").read_text(), re.MULTILINE)
    assert stop
    assert int(stop[1]) >= Milter().drain + 10
