"""Only our own processes are seen and hit, and what they hold is counted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest

from chaos.processes import Processes

_PROGRAM = "import tempfile; file = tempfile.TemporaryFile(dir='/tmp'); print(file.fileno(), flush=True); input()"


@pytest.fixture
def token() -> str:
    return uuid4().hex


@pytest.fixture
def child(token: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=os.environ | {"VANTHU_CHAOS": token},
    ) as one:  # fmt: skip
        assert one.stdout is not None
        one.stdout.readline()
        yield one
        one.kill()


def test_ours_are_seen_and_others_are_left_alone(token: str, child: subprocess.Popen[str]) -> None:
    ours, others = Processes(token), Processes(uuid4().hex)
    assert ours.living() == {child.pid: os.getpid()}
    assert others.living() == {}
    assert not others.send(child.pid, signal.SIGKILL)
    assert not ours.send(os.getpid(), signal.SIGKILL)
    assert child.poll() is None
    ours.kill_all()
    assert child.wait() == -signal.SIGKILL


def test_what_a_process_holds_is_counted(token: str, child: subprocess.Popen[str]) -> None:
    processes = Processes(token)
    (stranger,) = processes.holdings(0, {}).values()
    assert (stranger.kind, stranger.deleted, stranger.threads) == ("stranger", 1, 1)
    assert stranger.descriptors >= 4
    assert stranger.rss > 1 << 20
    (known,) = processes.holdings(0, {"children": [{"pid": child.pid, "kind": "worker"}]}).values()
    assert known.kind == "worker"


def test_who_was_started_without_the_token_is_known_by_its_parent_and_stays_known(token: str) -> None:
    program = (
        "import subprocess; other = subprocess.Popen(['sleep', '60'], env={}); print(other.pid, flush=True); input()"
    )
    processes = Processes(token)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"VANTHU_CHAOS": token},
    ) as parent:  # fmt: skip
        assert parent.stdout is not None
        other = int(parent.stdout.readline())
        assert processes.living() == {parent.pid: os.getpid(), other: parent.pid}
        assert processes.send(parent.pid, signal.SIGKILL)
        parent.wait()
        assert list(processes.living()) == [other]
        processes.kill_all()
        assert processes.living() == {}
