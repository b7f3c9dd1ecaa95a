"""What vanthu.service expects of the daemon: it needs no capability, tells systemd how it is, and obeys signals."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.places import free_port, open_folder

pytestmark = pytest.mark.e2e

UNIT = (Path(__file__).parents[2] / "deploy" / "systemd" / "vanthu.service").read_text()
VANTHU = Path(sys.executable).parent / "vanthu"
# UMask, and MemoryDenyWriteExecute as prctl(PR_SET_MDWE) has it; both are inherited by what is executed.
WRAPPED = """\
import ctypes, os, sys
ctypes.CDLL(None).prctl(65, 1, 0, 0, 0)
os.umask(0o077)
os.execv(sys.argv[1], sys.argv[1:])
"""


class Systemd:
    """The part of systemd that a service talks to: starts it as the unit says and hears its notifications."""

    def __init__(self, folder: Path) -> None:
        self.spool = folder / "spool"
        self.spool.mkdir()
        shutil.chown(self.spool, group="postfix")
        self.spool.chmod(0o2750)
        settings = folder / "vanthu.yaml"
        settings.write_text(
            f"own: {{domains: [x.gov.vn]}}\nmilter: {{socket: 'unix:{self.spool}/milter.sock', drain: 5}}\n"
            f"journal: {{path: journal}}\nstate: {{path: state}}\nstore: {{url: 'sqlite:///{folder}/store.db'}}\n"
            f"metrics: {{listen: '127.0.0.1:{free_port()}'}}\n"
        )
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / "notify"))
        start = re.search(r"^ExecStart=/opt/vanthu/bin/vanthu (.*)$", UNIT, re.MULTILINE)
        assert start
        dropped = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
        self.process = subprocess.Popen(
            [*dropped, sys.executable, "-c", WRAPPED, str(VANTHU), *start[1].split()],
            env={
                "PATH": os.environ["PATH"],
                "NOTIFY_SOCKET": str(folder / "notify"),
                "WATCHDOG_USEC": "2000000",
                "VANTHU_CONFIG": str(settings),
            },
        )

    def wait_for(self, word: str, seconds: float = 60.0) -> None:
        """Returns when the service has said ``word`` since the last call."""
        end = time.monotonic() + seconds
        while word not in self.heard:
            self._socket.settimeout(max(0.01, end - time.monotonic()))
            self.heard += self._socket.recv(4096).decode().splitlines()
        del self.heard[: self.heard.index(word) + 1]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._socket.close()


@pytest.fixture
def systemd() -> Iterator[Systemd]:
    with open_folder("unit") as folder:
        made = Systemd(folder)
        try:
            yield made
        finally:
            made.close()


def test_start_watch_reload_stop(systemd: Systemd) -> None:
    systemd.wait_for("READY=1")
    milter = systemd.spool / "milter.sock"
    assert stat.S_IMODE(milter.stat().st_mode) == 0o660
    assert milter.group() == "postfix"
    capabilities = Path(f"/proc/{systemd.process.pid}/status").read_text()
    assert re.search(r"^CapEff:\s*0+$", capabilities, re.MULTILINE)

    systemd.wait_for("WATCHDOG=1")

    systemd.process.send_signal(signal.SIGHUP)
    systemd.wait_for("READY=1")

    systemd.process.send_signal(signal.SIGTERM)
    systemd.wait_for("STOPPING=1")
    assert systemd.process.wait(60) == 0
    for kept in (milter.parent.parent / "journal").iterdir():
        assert stat.S_IMODE(kept.stat().st_mode) & 0o007 == 0, "others cannot read the journal"
