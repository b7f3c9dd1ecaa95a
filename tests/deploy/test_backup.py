"""docs/backup.md as written: kept while it runs, everything lost, brought back, and nothing counted twice."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.load import HOA
from support.milter_client import Mail, MilterSession
from support.vanthu import ROOT, Vanthu

pytestmark = pytest.mark.e2e

PAGE = ROOT / "docs" / "backup.md"
LOGIN = b"annv@soyte.hathanh.gov.vn"


def commands(title: str) -> list[str]:
    """What an operator types under a heading."""
    section = PAGE.read_text("utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]
    return [line.strip() for line in section.splitlines() if re.match(r" {4,}\S", line)]


def run(line: str, vanthu: Vanthu, root: Path) -> None:
    """One of them with another root; what systemd and chown would do is left to the test."""
    own = re.sub(r"(?<![\w.])/(root|var/lib/vanthu)\b", rf"{root}/\1", line).replace("tar -C /", f"tar -C {root}")
    if line.startswith("vanthu "):
        own = " ".join([*vanthu.command, line.removeprefix("vanthu ")])
    done = subprocess.run(["sh", "-c", own], capture_output=True, text=True)
    assert done.returncode == 0, (own, done.stdout + done.stderr)


def send(vanthu: Vanthu, count: int) -> None:
    with MilterSession(vanthu.socket) as session:
        for number in range(count):
            raw = f"From: {LOGIN.decode()}\r\nSubject: letter {number}\r\n\r\nchao\r\n".encode()
            outcome = session.send(Mail(sender=LOGIN, recipients=[HOA.encode()], raw=raw))
            assert outcome is not None
            assert outcome.verdict == "accept"


def test_what_is_kept_while_it_runs_comes_back(tmp_path: Path) -> None:
    for folder in ("var/lib", "etc/vanthu", "root"):
        (tmp_path / folder).mkdir(parents=True)
    with Vanthu(policies=ROOT / "tests/e2e/policies") as vanthu:
        (tmp_path / "var/lib/vanthu").symlink_to(vanthu.folder)
        shutil.copy(vanthu.config, tmp_path / "etc/vanthu/vanthu.yaml")
        send(vanthu, 7)
        vanthu.wait_for_metric("vanthu_messages_total", 7)
        keys = {path.name: path.read_bytes() for path in vanthu.state.glob("*.key*")}
        for line in commands("Keep"):
            run(line, vanthu, tmp_path)
        send(vanthu, 2)
        vanthu.stop()
        for line in commands("Bring back"):
            if line.startswith("systemctl start"):
                assert len(vanthu.records()) == 7
                vanthu.start()
                vanthu.wait_for_metric("vanthu_messages_total", 7)  # the steward is up, too
            elif not line.startswith(("systemctl", "chown")):
                run(line, vanthu, tmp_path)
        vanthu.wait_for_metric("vanthu_messages_total", 7)
        send(vanthu, 3)
        vanthu.wait_for_metric("vanthu_messages_total", 10)
        assert {path.name: path.read_bytes() for path in vanthu.state.glob("*.key*")} == keys
