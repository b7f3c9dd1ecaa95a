"""A real Prometheus of our own: one scrape target, our rules, data in a temporary folder, a free port of 127.0.0.1.

The packaged service is neither read nor touched; /usr/bin/prometheus runs as our child.

    with Prometheus(vanthu.metrics_port, rules=ROOT / "deploy/prometheus/vanthu.rules.yml") as prometheus:
        prometheus.wait_for("sum(vanthu_messages_total) == 3")
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from .places import free_port, open_folder
from .process import Daemon
from .running import Running

_PROGRAM = "/usr/bin/prometheus"


class Prometheus(Running):
    """The server. ``interval`` is that of scrapes and of rules, in seconds."""

    def __init__(self, target: int, *, rules: Path, job: str = "vanthu", interval: int = 1) -> None:
        self._exit = ExitStack()
        self.folder = self._exit.enter_context(open_folder("prometheus"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._daemon: Daemon | None = None
        every = f"{interval}s"
        config = {
            "global": {"scrape_interval": every, "scrape_timeout": every, "evaluation_interval": every},
            "rule_files": [str(rules)],
            "scrape_configs": [{"job_name": job, "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}],
        }
        (self.folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")

    def start(self) -> None:
        """Raises RuntimeError, with what it said, if it does not come up."""
        self._daemon = Daemon(
            [
                _PROGRAM,
                f"--config.file={self.folder}/prometheus.yml",
                f"--storage.tsdb.path={self.folder}/data",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--log.level=warn",
            ],
            output=self.folder / "output",
        )
        self._daemon.wait_until(self._ready)

    def close(self) -> None:
        if self._daemon is not None:
            self._daemon.stop()
            self._daemon = None
        self._exit.close()

    def ask(self, path: str, **parameters: str) -> Any:
        """``data`` of an answer of the HTTP API. Raises RuntimeError with Prometheus's own words where it says no."""
        address = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path} {parameters}: {error.read().decode('utf-8', 'replace')}") from error

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The samples of an expression now: each ``{"metric": labels, "value": [time, text]}``."""
        data = self.ask("query", query=expression)
        if data["resultType"] != "vector":
            raise RuntimeError(f"{expression}: {data['resultType']}")
        found: list[dict[str, Any]] = data["result"]
        return found

    def wait_for(self, expression: str, seconds: float = 20.0) -> None:
        """Return when an expression has a sample. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while not self.query(expression):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.1)

    def wait_for_rules(self, seconds: float = 20.0) -> None:
        """Return when every group of rules has been evaluated once more. Raises TimeoutError."""
        now = time.time()
        while True:
            groups = self.ask("rules")["groups"]
            if all(datetime.fromisoformat(group["lastEvaluation"]).timestamp() > now for group in groups):
                return
            if time.time() > now + seconds:
                raise TimeoutError("rules are not evaluated")
            time.sleep(0.1)

    def rules(self) -> list[dict[str, Any]]:
        """Every rule as Prometheus last evaluated it: name, type, health, lastError, state (of alerts)."""
        return [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]

    def active(self) -> set[str]:
        """The names of alerts that are pending (their ``for`` has not passed) or firing."""
        return {alert["labels"]["alertname"] for alert in self.ask("alerts")["alerts"]}

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
