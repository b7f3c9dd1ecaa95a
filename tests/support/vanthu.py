"""The real daemon as our own child: settings, policies and register in a temporary folder, everything on loopback.

with Vanthu(policies=Path("policies"), register=Path("register.yaml")) as vanthu:
    Listener("submission", milters=milter(vanthu.socket), …)
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import yaml

from .places import free_port, open_folder
from .process import Daemon, accepts
from .running import Running

ROOT = Path(__file__).resolve().parents[2]


class Vanthu(Running):
    """One daemon. ``settings`` are merged over those that a laboratory needs.

    ``small`` are folders below its own, each with a size such as ``1m``: the daemon has them as file systems of that
    size, in a mount namespace of its own; ``inside`` leads there. ``store``, ``journal`` and ``state`` hold what
    their names say.
    """

    def __init__(
        self, *, policies: Path, register: Path | None = None, settings: Mapping[str, Any] | None = None,
        env: Mapping[str, str] | None = None, small: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._exit = ExitStack()
        self.folder = self._exit.enter_context(open_folder("daemon"))
        self.socket = f"unix:{self.folder}/milter.sock"
        self.metrics_port = free_port()
        self.journal = self.folder / "journal"
        self.state = self.folder / "state"
        self.config = self.folder / "vanthu.yaml"
        self.output = self.folder / "output"
        self.env = {**os.environ, **(env or {})}
        self._daemon: Daemon | None = None
        self._small = dict(small or {})
        store = self.folder / "store" if "store" in self._small else self.folder
        base: dict[str, Any] = {
            "version": 1,
            "installation": "demo",
            "node": "lab",
            "policies": str(policies),
            "own": {"domains": ["hathanh.gov.vn"]},
            "milter": {"socket": self.socket, "mode": "0666", "workers": 2, "drain": 20},
            "journal": {"path": str(self.journal)},
            "state": {"path": str(self.state)},
            "store": {"url": f"sqlite:///{store}/store.db"},
            "metrics": {"listen": f"127.0.0.1:{self.metrics_port}"},
            "notices": {"enabled": False},
            "dns": {"enabled": False},
        }
        if register is not None:
            base["register"] = str(register)
        self.write(merged(base, settings or {}))

    def write(self, settings: Mapping[str, Any]) -> None:
        """Replaces the settings file."""
        self.settings = dict(settings)
        self.config.write_text(yaml.safe_dump(self.settings, allow_unicode=True), encoding="utf-8")

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "vanthu", "--config", str(self.config)]

    def start(self) -> None:
        """Raises RuntimeError, with what it said, if it does not come up."""
        self.launch()
        path = Path(self.socket.removeprefix("unix:"))
        assert self._daemon is not None
        self._daemon.wait_until(lambda: accepts(path) and self.status().get("pid") == self.pid)

    def launch(self) -> None:
        """Begins to start, as a service manager does it; what was there before is given up."""
        if self._daemon is not None:
            self._daemon.kill()
        self._daemon = Daemon([*self._within(), *self.command, "run"], output=self.output, env=self.env)

    def _within(self) -> list[str]:
        """The words before the command that mount its small file systems."""
        if not self._small:
            return []
        lines = []
        for name, size in self._small.items():
            (self.folder / name).mkdir(exist_ok=True)
            lines.append(f"mount -t tmpfs -o size={size} none {self.folder / name}")
        return ["unshare", "--mount", "--propagation", "private", "sh", "-ec", "\n".join([*lines, 'exec "$@"']), "sh"]

    def inside(self, name: str) -> Path:
        """A folder of the daemon's own as the daemon sees it."""
        return Path(f"/proc/{self.pid}/root{self.folder / name}")

    def _seen(self, name: str) -> Path:
        return self.inside(name) if name in self._small and self.running else self.folder / name

    @property
    def pid(self) -> int:
        assert self._daemon is not None
        return self._daemon.pid

    @property
    def running(self) -> bool:
        return self._daemon is not None and self._daemon.running

    def signal(self, number: signal.Signals) -> None:
        assert self._daemon is not None
        self._daemon.signal(number)

    def stop(self, seconds: float = 30.0) -> int:
        """SIGTERM and the drain; the exit code."""
        daemon, self._daemon = self._daemon, None
        return daemon.stop(seconds) if daemon is not None else 0

    def kill_supervisor(self) -> None:
        """SIGKILL to the supervisor alone; its children notice by themselves."""
        os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon = None
        # Workers lead sessions of their own: they leave when they see that the supervisor is gone.
        for child in self.children():
            _end(child["pid"])
        self._exit.close()

    def status(self) -> dict[str, Any]:
        """What the supervisor publishes; empty before the first time."""
        try:
            content: dict[str, Any] = json.loads((self._seen("state") / "status.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content

    def children(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The children as last published, of one kind or all."""
        return [child for child in self.status().get("children", []) if kind in (None, child["kind"])]

    def records(self, kind: str | None = "message") -> list[dict[str, Any]]:
        """All complete lines of the journal, in order of their ids."""
        found = []
        for file in sorted(self._seen("journal").glob("*.jsonl")):
            for line in file.read_bytes().split(b"\n")[:-1]:
                record = json.loads(line)
                if kind in (None, record["kind"]):
                    found.append(record)
        return sorted(found, key=lambda record: str(record["id"]))

    def wait_for_records(self, count: int, kind: str = "message", seconds: float = 20.0) -> list[dict[str, Any]]:
        """All records of a kind, once there are ``count``. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while len(found := self.records(kind)) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(found)} of {count} records: {self.said()[-2000:]}")
            time.sleep(0.02)
        return found

    def page(self, path: str = "/metrics", seconds: float = 20.0) -> str:
        """A page of the steward; while it changes places with its successor (a reload), try again."""
        end = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}{path}", timeout=5) as answer:
                    text: str = answer.read().decode("utf-8")
                return text
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def wait_for_metric(self, name: str, total: float, seconds: float = 20.0) -> None:
        """Returns when the samples of a metric add up to ``total``. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while True:
            lines = [line for line in self.page().splitlines() if line.startswith((f"{name}{{", f"{name} "))]
            found = sum(float(line.rpartition(" ")[2]) for line in lines)
            if found == total:
                return
            if time.monotonic() > end:
                raise TimeoutError(f"{name}: {found}, not {total}")
            time.sleep(0.1)

    def said(self) -> str:
        """The log so far."""
        return self.output.read_text(encoding="utf-8", errors="replace") if self.output.exists() else ""


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with others laid over them, block by block."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result


def _end(pid: int) -> None:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"vanthu" in command:
            os.kill(pid, signal.SIGKILL)
    except OSError:
        return
