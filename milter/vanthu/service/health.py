"""The steward's small web server: /metrics for Prometheus, /healthz and /readyz for whoever supervises hosts.

/healthz: the steward reads the journal. /readyz: a worker answers a milter handshake, so mail is judged. Both answer
200 or 503 with one line of text. GET and HEAD only; it is meant for loopback or a management network.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Check = Callable[[], str | None]
"""What is wrong, in a few words; None when all is well."""

_TEXT = "text/plain; charset=utf-8"
_EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
_PATIENCE = 10.0  # seconds for a client to ask


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is none of our business."""


class _Server6(_Server):
    address_family = socket.AF_INET6


def serve(listen: str, metrics: Callable[[], bytes | None], healthy: Check, ready: Check) -> ThreadingHTTPServer:
    """A server on HOST:PORT, running in a thread of its own until ``shutdown``; OSError if it cannot be opened."""
    host, _, port = listen.rpartition(":")
    kind = _Server6 if ":" in host else _Server
    server = kind((host.strip("[]"), int(port)), _handler(metrics, healthy, ready))
    threading.Thread(target=server.serve_forever, args=(0.5,), name="health", daemon=True).start()
    return server


def _handler(metrics: Callable[[], bytes | None], healthy: Check, ready: Check) -> type[BaseHTTPRequestHandler]:
    def check(asked: Check) -> tuple[int, str, bytes]:
        wrong = asked()
        return (200, _TEXT, b"ok\n") if wrong is None else (503, _TEXT, f"{wrong}\n".encode())

    def scrape() -> tuple[int, str, bytes]:
        page = metrics()
        return (503, _TEXT, b"no metrics yet; the log says why\n") if page is None else (200, _EXPOSITION, page)

    pages: dict[str, Callable[[], tuple[int, str, bytes]]] = {
        "/metrics": scrape,
        "/healthz": lambda: check(healthy),
        "/readyz": lambda: check(ready),
    }

    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE
        server_version = "vanthu"
        sys_version = ""

        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            status, kind, body = page() if page is not None else (404, _TEXT, b"not here; try /metrics\n")
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Scrapes are not news."""

    return Handler
