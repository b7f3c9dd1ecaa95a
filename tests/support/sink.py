"""An SMTP server on 127.0.0.1 that keeps what it is given: the far end of the laboratory's Postfix.

It speaks enough of RFC 5321 for Postfix and smtplib, with PIPELINING (RFC 2920), SIZE (1870), 8BITMIME (6152),
SMTPUTF8 (6531) and ENHANCEDSTATUSCODES (2034). ``python -m support.sink PORT FOLDER`` is a process of its
own, one file a mail.
"""

from __future__ import annotations

import json
import re
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

_GREETING = b"220 sink.example ESMTP"
_EXTENSIONS = (b"sink.example", b"PIPELINING", b"SIZE 104857600", b"8BITMIME", b"SMTPUTF8", b"ENHANCEDSTATUSCODES")
_PATH = re.compile(rb"\s*<([^>]*)>\s*(.*)\Z")
# The first Received field is that of the Postfix that delivered: "by mail.lab.example (Postfix) with ESMTP id 4Zz…".
_QUEUE_ID = re.compile(rb"^Received:.*?\sby\s.*?\sid\s+([0-9A-Za-z]+)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail as it arrived. ``raw`` has CRLF line ends, dots unstuffed. ``time`` is seconds since the epoch."""

    sender: bytes
    recipients: tuple[bytes, ...]
    raw: bytes
    parameters: bytes
    time: float

    @property
    def queue_id(self) -> str | None:
        """The queue id that the delivering Postfix wrote in its Received field."""
        found = _QUEUE_ID.search(self.raw)
        return found[1].decode("ascii") if found else None


class Sink:
    """The server, in a thread; ``with Sink(port) as sink: … sink.deliveries``.

    ``replies`` refuses by recipient: address in lower case to the whole reply line. ``on_delivery`` is called for
    each mail before the client gets its 250, and an exception in it ends that session. After ``stop`` the port is
    closed and open sessions are cut, as if the server had been killed; ``start`` opens it again, memory kept.
    """

    def __init__(
        self,
        port: int,
        *,
        replies: dict[bytes, bytes] | None = None,
        on_delivery: Callable[[Delivery], None] | None = None,
    ) -> None:
        self.port = port
        self.replies = replies if replies is not None else {}
        self.deliveries: list[Delivery] = []
        self._on_delivery = on_delivery
        self._server: _Server | None = None

    def start(self) -> None:
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.cut()
            server.server_close()

    def __enter__(self) -> Sink:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def keep(self, delivery: Delivery) -> None:
        if self._on_delivery is not None:
            self._on_delivery(delivery)
        self.deliveries.append(delivery)

    def wait_for(self, count: int, seconds: float = 20.0) -> list[Delivery]:
        """All deliveries, once there are ``count``. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while len(self.deliveries) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self.deliveries)} of {count} mails arrived")
            time.sleep(0.01)
        return list(self.deliveries)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self._open: set[socketserver.BaseRequestHandler] = set()
        super().__init__(("127.0.0.1", sink.port), _Session)

    def opened(self, session: socketserver.BaseRequestHandler) -> None:
        self._open.add(session)

    def closed(self, session: socketserver.BaseRequestHandler) -> None:
        self._open.discard(session)

    def cut(self) -> None:
        for session in list(self._open):
            self.shutdown_request(session.request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news; Postfix logs it on its side."""


class _Session(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        cast("_Server", self.server).opened(self)

    def finish(self) -> None:
        cast("_Server", self.server).closed(self)
        super().finish()

    def handle(self) -> None:
        sink = cast("_Server", self.server).sink
        sender: bytes | None = None
        parameters = b""
        recipients: list[bytes] = []
        self._say(_GREETING)
        while line := self.rfile.readline():
            verb, argument = line[:4].upper(), line.rstrip(b"\r\n")[4:].lstrip()
            if verb == b"EHLO":
                self._say(*_EXTENSIONS, code=b"250")
            elif verb in (b"HELO", b"RSET", b"NOOP"):
                sender, recipients = None, []
                self._say(b"250 2.0.0 Ok")
            elif verb == b"MAIL" and (path := _PATH.match(argument.partition(b":")[2])):
                sender, parameters, recipients = path[1], path[2], []
                self._say(b"250 2.1.0 Ok")
            elif verb == b"RCPT" and sender is not None and (path := _PATH.match(argument.partition(b":")[2])):
                reply = sink.replies.get(path[1].lower(), b"250 2.1.5 Ok")
                if reply.startswith(b"2"):
                    recipients.append(path[1])
                self._say(reply)
            elif verb == b"DATA" and sender is not None and recipients:
                self._say(b"354 End with a dot")
                raw = _read_data(cast("BinaryIO", self.rfile))
                sink.keep(Delivery(sender, tuple(recipients), raw, parameters, time.time()))
                sender, recipients = None, []
                self._say(b"250 2.0.0 Ok")
            elif verb == b"QUIT":
                self._say(b"221 2.0.0 Bye")
                return
            else:
                self._say(b"503 5.5.1 Not now")

    def _say(self, *lines: bytes, code: bytes | None = None) -> None:
        if code is not None:
            last = len(lines) - 1
            lines = tuple(code + (b" " if at == last else b"-") + line for at, line in enumerate(lines))
        self.wfile.write(b"".join(line + b"\r\n" for line in lines))


def _read_data(stream: BinaryIO) -> bytes:
    lines: list[bytes] = []
    while (line := stream.readline()) != b".\r\n":
        if not line:
            raise ConnectionError("the client went away within DATA")
        lines.append(line[1:] if line.startswith(b".") else line)
    return b"".join(lines)


def _main(port: int, folder: Path) -> None:
    """Write each mail to ``folder`` as NUMBER.eml with its envelope in NUMBER.json, until killed."""
    lock = threading.Lock()
    number = 0

    def write(delivery: Delivery) -> None:
        nonlocal number
        with lock:
            number += 1
            name = f"{number:06}"
        envelope = {
            "sender": delivery.sender.decode("utf-8", "surrogateescape"),
            "recipients": [one.decode("utf-8", "surrogateescape") for one in delivery.recipients],
            "queue_id": delivery.queue_id,
            "time": delivery.time,
        }
        (folder / f"{name}.eml").write_bytes(delivery.raw)
        (folder / f"{name}.json").write_text(json.dumps(envelope))

    with Sink(port, on_delivery=write):
        threading.Event().wait()


if __name__ == "__main__":
    _main(int(sys.argv[1]), Path(sys.argv[2]))
