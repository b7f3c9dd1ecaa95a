"""An SMTP client that tells what the server said, and the queue id that it named."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass

_QUEUED = re.compile(r"queued as ([0-9A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class Reply:
    """The server's word on a mail: code 0 means that the connection broke before it came."""

    code: int
    text: str

    @property
    def queue_id(self) -> str | None:
        """The id under which Postfix took the mail, if it did."""
        found = _QUEUED.search(self.text)
        return found[1] if found else None


class Client:
    """Sends mails over connections of its own; a broken connection is a reply of code 0, not an exception."""

    def __init__(
        self, port: int, *, login: str | None = None, password: str = "secret", patience: float = 60.0
    ) -> None:  # fmt: skip
        self.port = port
        self.patience = patience  # seconds without a word after which a connection is given up
        self.login = login
        self.password = password

    def send(
        self, sender: str, recipients: Sequence[str], raw: bytes, *, options: Sequence[str] = (),
        outside: str | None = None,
    ) -> Reply:  # fmt: skip
        """One mail on a connection of its own. ``outside``: the client address that Postfix is to believe."""
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=self.patience) as connection:
                connection.ehlo("client.example")
                if self.login is not None:
                    connection.login(self.login, self.password)
                if outside is not None:
                    connection.docmd("XCLIENT", f"ADDR={outside} NAME=mail.example")
                    connection.ehlo("mail.example")
                return _converse(connection, sender, recipients, raw, options)
        except (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError) as error:
            return Reply(0, str(error))
        except smtplib.SMTPResponseException as error:
            return Reply(error.smtp_code, str(error.smtp_error))


def _converse(
    connection: smtplib.SMTP, sender: str, recipients: Sequence[str], raw: bytes, options: Sequence[str]
) -> Reply:
    code, text = connection.mail(sender, options)
    for recipient in recipients:
        if code != 250:
            break
        code, text = connection.rcpt(recipient)
    if code == 250:
        code, text = connection.data(raw)
    return Reply(code, text.decode("utf-8", "replace"))
