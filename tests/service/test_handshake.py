"""Whether a milter answers at all: what ``/readyz`` goes by."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from support.waiting import wait_until
from vanthu.service import handshake

from .conftest import Lab


@contextmanager
def milter(path: str, answer: bytes) -> Iterator[None]:
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client, suppress(ConnectionError):
                client.recv(1000)
                client.sendall(answer)
                client.recv(1000)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def test_ready_means_that_a_milter_negotiates(lab: Lab, tmp_path: Path) -> None:
    lab.start()
    wait_until(lambda: lab.get("/readyz")[0] == 503)
    with milter(f"{tmp_path}/milter.sock", struct.pack("!IcIII", 13, b"O", 6, 0, 0)):
        assert lab.get("/readyz") == (200, "ok\n")
    assert lab.get("/nothing")[0] == 404


@pytest.mark.parametrize("answer", [b"", b"\0\0\0\1c", struct.pack("!Ic", 2**31, b"O"), b"SSH-2.0-x\r\n"])
def test_nonsense_is_no_handshake(tmp_path: Path, answer: bytes) -> None:
    with milter(f"{tmp_path}/s", answer):
        assert not handshake.answers(f"unix:{tmp_path}/s", 0.5)


def test_silence_is_no_handshake(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{tmp_path}/s")
        server.listen()
        start = time.monotonic()
        assert not handshake.answers(f"unix:{tmp_path}/s", 0.3)
        assert time.monotonic() - start < 2
