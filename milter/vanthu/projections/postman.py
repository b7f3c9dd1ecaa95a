"""Sends what is in the outbox, by SMTP with the null envelope sender (RFC 5321 §4.5.5, RFC 3834 §3.3).

At least once: a notice leaves the outbox after the server has taken it, and its Message-ID never changes. A
temporary failure is tried again with a growing pause for five days; a lasting refusal ends it. Raises sqlite3.Error.
"""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Callable
from pathlib import Path

from .notices import count
from .state import State

_FIRST_PAUSE, _LONGEST_PAUSE = 30.0, 3600.0  # seconds between two tries of one notice
_GIVE_UP = 5 * 86_400.0
_TIMEOUT = 20.0  # seconds that a silent server is waited for
_BATCH = 50
_PERMANENT = 500


class Postman:
    """Delivers through the server at ``smtp`` (HOST:PORT). Belongs to the thread that opened ``state``.

    ``stamp`` gets each mail right before it is sent, and gives what is sent.
    """

    def __init__(
        self, state: State, smtp: str, log: Callable[[str], None], clock: Callable[[], float] = time.time,
        stamp: Callable[[bytes], bytes] = bytes,
    ) -> None:  # fmt: skip
        host, _, port = smtp.rpartition(":")
        self._server = (host.strip("[]"), int(port))
        self._state = state
        self._log = log
        self._clock = clock
        self._away = False
        self._stamp = stamp

    def sweep(self) -> int:
        """Tries every notice that is due, over one connection; how many were sent."""
        now = self._clock()
        due = self._state.connection.execute(
            "SELECT message_id, kind, target, mail, attempts, made FROM notices WHERE due <= ? ORDER BY due LIMIT ?",
            (now, _BATCH),
        ).fetchall()
        if not due:
            return 0
        try:
            with smtplib.SMTP(*self._server, timeout=_TIMEOUT) as server:
                sent = sum(self._send(server, *row) for row in due)
        except (OSError, smtplib.SMTPException) as error:
            self._unreachable(error)
            for message_id, kind, _, _, attempts, made in due:
                if self._still_there(message_id):
                    self._again(message_id, kind, attempts, made)
            return 0
        if self._away:
            self._away = False
            self._log("notices: the mail server takes mail again")
        return sent

    def _send(
        self, server: smtplib.SMTP, message_id: str, kind: str, target: str, mail: bytes, attempts: int, made: float
    ) -> bool:  # fmt: skip
        options = [] if target.isascii() else ["SMTPUTF8"]
        try:
            server.sendmail("", [target], self._stamp(mail), mail_options=options)
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError):
            raise
        except smtplib.SMTPException as error:
            code = _code(error)
            self._log(f"notices: {message_id}: the mail server answered {code}")
            if code >= _PERMANENT:
                self._end(message_id, kind, "refused")
            else:
                self._again(message_id, kind, attempts, made)
            return False
        self._end(message_id, kind, "sent")
        return True

    def _end(self, message_id: str, kind: str, status: str) -> None:
        with self._state.transaction() as connection:
            connection.execute("DELETE FROM notices WHERE message_id = ?", (message_id,))
            count(connection, kind, status)

    def _again(self, message_id: str, kind: str, attempts: int, made: float) -> None:
        now = self._clock()
        if now - made > _GIVE_UP:
            self._end(message_id, kind, "expired")
            return
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(attempts, 20))
        with self._state.transaction() as connection:
            connection.execute(
                "UPDATE notices SET attempts = attempts + 1, due = ? WHERE message_id = ?", (now + pause, message_id)
            )
            count(connection, kind, "retry")

    def _still_there(self, message_id: str) -> bool:
        found = self._state.connection.execute("SELECT 1 FROM notices WHERE message_id = ?", (message_id,))
        return found.fetchone() is not None

    def _unreachable(self, error: Exception) -> None:
        if not self._away:
            self._away = True
            self._log(f"notices: {self._server[0]}:{self._server[1]}: {error}; notices wait")


def deliver(
    folder: Path, smtp: str, digests: Callable[[State], Callable[[], int]], log: Callable[[str], None],
    stop: threading.Event, stamp: Callable[[bytes], bytes] = bytes,
) -> None:  # fmt: skip
    """A thread's life: once a second whatever is due, until ``stop``; trouble is logged and outlived."""
    state: State | None = None
    while not stop.wait(1.0):
        try:
            if state is None:
                state = State(folder)
                postman, make_digests = Postman(state, smtp, log, stamp=stamp), digests(state)
            make_digests()
            postman.sweep()
        except Exception as error:
            log(f"notices: {type(error).__name__}: {error}")
            stop.wait(5.0)
    if state is not None:
        state.close()


def _code(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _PERMANENT
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 400
