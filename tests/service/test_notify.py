"""What systemd is told, and that a listener who does not listen stops nothing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.places import open_folder
from vanthu.service.notify import Notifier


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with open_folder("notify") as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        path = Path(folder) / "socket"
        made.bind(str(path))
        made.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        monkeypatch.setenv("WATCHDOG_USEC", "2000000")
        yield made


def test_ready_and_alive(listener: socket.socket) -> None:
    notifier = Notifier()
    assert notifier.interval == 1.0
    notifier.ready()
    for _ in range(50):
        notifier.alive()  # a busy loop says it once
    notifier.stopping()
    assert [listener.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_a_full_socket_does_not_hold_us_up(listener: socket.socket) -> None:
    notifier = Notifier()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as flood:
        flood.setblocking(False)
        with pytest.raises(BlockingIOError):
            for _ in range(100_000):
                flood.sendto(b"x", listener.getsockname())
    started = time.monotonic()
    notifier.stopping()
    assert time.monotonic() - started < 10


def test_nobody_is_told_where_nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notifier = Notifier()
    assert notifier.interval is None
    notifier.alive()
    notifier.ready()
