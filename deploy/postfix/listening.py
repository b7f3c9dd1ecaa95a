"""Looks whether vanthu answers, because from Postfix's next reload on mail waits for it."""

from __future__ import annotations

import os
import socket as sockets

from postconf import Refused


def must_listen(address: str, otherwise: str) -> None:
    """Refused where nobody listens at ``milter.socket``; ``otherwise`` says what would become of the mail."""
    scheme, _, rest = address.partition(":")
    port, _, host = rest.partition("@")
    family = {"unix": sockets.AF_UNIX, "inet6": sockets.AF_INET6}.get(scheme, sockets.AF_INET)
    with sockets.socket(family, sockets.SOCK_STREAM) as probe:
        probe.settimeout(5)
        try:
            probe.connect(rest if scheme == "unix" else (host or "127.0.0.1", int(port)))
        except OSError as error:
            raise Refused(
                f"nothing answers at {address} ({os.strerror(error.errno or 0)}): {otherwise}. "
                "Start vanthu first (systemctl start vanthu), or use --unchecked"
            ) from None
