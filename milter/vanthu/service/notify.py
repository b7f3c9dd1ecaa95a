"""Tells systemd how we are (sd_notify(3)); does nothing where systemd did not start us."""

from __future__ import annotations

import contextlib
import os
import socket
import time

_PATIENCE = 1.0  # seconds


class Notifier:
    """Speaks to ``$NOTIFY_SOCKET``. ``interval`` is how often to call ``alive`` (seconds; None: never)."""

    def __init__(self) -> None:
        self._path = os.environ.get("NOTIFY_SOCKET", "")
        microseconds = os.environ.get("WATCHDOG_USEC", "")
        self.interval = int(microseconds) / 2_000_000 if self._path and microseconds.isdigit() else None
        self._due = 0.0

    def ready(self) -> None:
        """Started, or finished reloading."""
        self._send("READY=1")

    def reloading(self) -> None:
        """A reload begins; systemd wants to know when (Type=notify-reload)."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """A drain begins."""
        self._send("STOPPING=1")

    def alive(self) -> None:
        """The main loop still turns. Said at most twice an interval, however often the loop does."""
        now = time.monotonic()
        if self.interval is not None and now >= self._due:
            self._due = now + self.interval / 2
            self._send("WATCHDOG=1")

    def wait(self) -> float:
        """Seconds in which ``alive`` should be called again."""
        return float("inf") if self.interval is None else self.interval / 2

    def status(self, text: str) -> None:
        """One line for ``systemctl status``."""
        self._send(f"STATUS={text}")

    def _send(self, message: str) -> None:
        if not self._path:
            return
        address = "\0" + self._path[1:] if self._path.startswith("@") else self._path
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(_PATIENCE)  # who does not read what we say must not keep us from working, or leaving
            sender.sendto(message.encode(), address)
