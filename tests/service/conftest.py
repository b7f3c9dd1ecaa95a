"""A steward in a laboratory: a process of its own over a journal that the test writes."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support import books
from support.places import free_port
from vanthu.directory.model import Register
from vanthu.journal.writer import Writer
from vanthu.service import steward
from vanthu.settings.model import Settings


def describe(rule: str) -> tuple[str, str, tuple[str, ...]]:
    return f"Quy tắc {rule}", f"Rule {rule}", ("4504/UBND-CBTH (1)",)


class Lab:
    """A steward as a process of its own, forked as the supervisor does it."""

    def __init__(self, folder: Path, **changes: object) -> None:
        self.journal = folder / "journal"
        self.journal.mkdir()
        self.port = free_port()
        self.said = folder / "log"
        self.said.touch()
        self.store = folder / "store.db"
        settings: dict[str, object] = {
            "node": "mx1",
            "milter": {"socket": f"unix:{folder}/milter.sock"},
            "journal": {"path": str(self.journal), "sync": "none"},
            "state": {"path": str(folder / "state")},
            "store": {"url": f"sqlite:///{self.store}"},
            "metrics": {"listen": f"127.0.0.1:{self.port}"},
            "notices": {"smtp": "127.0.0.1:9"},
        }
        self.settings = Settings.model_validate(settings | changes)
        self.writer = Writer(self.journal, "mx1", sync="none")
        self.pid = 0

    def log(self, text: str) -> None:
        with self.said.open("a") as file:
            file.write(text + "\n")

    def start(self) -> None:
        self.control, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.control.close()
                steward.main(self.settings, describe, Register({}, {}), theirs, self.log, [(("rule", "unless"), 1e9)])
                os._exit(0)
            except BaseException as error:
                self.log(f"died: {error!r}")
            finally:
                os._exit(1)
        theirs.close()

    def stop(self) -> int:
        self.control.close()
        return self.wait()

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.control.close()
        self.wait()

    def wait(self) -> int:
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def metric(self, name: str) -> float:
        """The only sample of a metric whose name begins so; -1 where there is no page."""
        lines = [line for line in self.get("/metrics")[1].splitlines() if line.startswith(name)]
        return float(lines[0].split()[1]) if len(lines) == 1 else -1.0

    def agrees(self) -> bool:
        status, page = self.get("/metrics")
        return status == 200 and books.differences(self.journal, page) == []

    def loaded(self) -> int:
        try:
            with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as store:
                (count,) = store.execute("SELECT count(*) FROM records WHERE kind = 'message'").fetchone()
                return int(count)
        except sqlite3.OperationalError:
            return -1


@pytest.fixture
def open_lab(tmp_path: Path) -> Iterator[Callable[..., Lab]]:
    """Makes the one of a test, not started; arguments are changes of its settings."""
    made: list[Lab] = []

    def make(**changes: object) -> Lab:
        made.append(Lab(tmp_path, **changes))
        return made[-1]

    yield make
    for lab in made:
        if lab.pid:
            lab.kill()


@pytest.fixture
def lab(open_lab: Callable[..., Lab]) -> Lab:
    """With the settings of the laboratory."""
    return open_lab()
