"""A filter that writes down every frame an MTA sends, and lets everything pass: to compare MTAs with each other."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from .milter_wire import frame

_ANSWERED = {b"C": 0x1000, b"H": 0x2000, b"M": 0x4000, b"R": 0x8000, b"T": 0x10000, b"L": 0x80, b"N": 0x40000,
             b"B": 0x80000, b"E": 0}  # fmt: skip


class Recorder:
    """The filter on a Unix socket. ``sessions`` holds, by connection, its frames: command and data.

    ``flags`` are the protocol flags it asks for; ``at_end`` is called before the answer to each end of message.
    """

    def __init__(self, path: Path, flags: int, at_end: Callable[[], object] = lambda: None) -> None:
        self.sessions: list[list[tuple[bytes, bytes]]] = []
        self._flags = flags
        self._at_end = at_end
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        path.chmod(0o777)
        self._listening.listen()

    def __enter__(self) -> Recorder:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def wait_for_end(self, sessions: int, seconds: float = 20.0) -> None:
        """Return when so many sessions have said QUIT. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while sum(frames[-1:] == [(b"Q", b"")] for frames in self.sessions) < sessions:
            if time.monotonic() > end:
                raise TimeoutError(f"{self.sessions}")
            time.sleep(0.01)

    def _serve(self) -> None:
        while True:
            try:
                session, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._record, args=(session,), daemon=True).start()

    def _record(self, session: socket.socket) -> None:
        frames: list[tuple[bytes, bytes]] = []
        self.sessions.append(frames)
        with session, session.makefile("rb") as stream, suppress(ConnectionError):  # an MTA may go
            while got := _read(stream):
                frames.append(got)
                command = got[0]
                if command == b"E":
                    self._at_end()
                if command == b"O":
                    session.sendall(frame(b"O", struct.pack("!III", 6, 0x1FF, self._flags)))
                elif command in _ANSWERED and not self._flags & _ANSWERED[command]:
                    session.sendall(frame(b"c"))


def _read(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    head = stream.read(5)
    if len(head) < 5:
        return None
    return head[4:], stream.read(struct.unpack_from("!I", head)[0] - 1)
