"""The steward: the single reader of the journal, which feeds metrics, store and notices and answers on HTTP.

``main`` runs until ``control`` reads end of file (the supervisor dismissed it, or is gone), finishes what it has in
hand and returns. Each projection has its own cursor and its own troubles: one that fails is tried again later, with a
growing pause, and stops none of the others. A second steward on the same state folder does not start (JournalError).

Libraries of the projections are imported here and not above, so that supervisor and workers stay small.
"""

from __future__ import annotations

import fcntl
import gc
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from ..directory.model import Register
from ..errors import JournalError
from ..inspection.hops import stamped
from ..inspection.keys import HOP, read_keys
from ..journal.recent import Recent
from ..journal.redaction import load_key
from ..settings.model import Settings
from . import handshake, health
from . import steward_forwards as forwards
from .briefing import offices
from .disk import writable
from .steward_feed import Feed
from .steward_retention import retire
from .steward_rollups import tidy

Describe = Callable[[str], tuple[str, str, Sequence[str]]]
"""Rule id to its title in Vietnamese and English, and its bases as people quote them."""
Log = Callable[[str], None]
Expiry = tuple[tuple[str, str], float]
"""Rule and exception, and when it ends (seconds since 1970)."""

LOCK = "steward.lock"
_TICK = 1.0  # seconds between two looks at the house
_PATIENCE = 5.0  # seconds that leaving may take, us or the steward before us
_STUCK = 60.0  # seconds without a look at the journal after which /healthz says no
_SERVER_PAUSE = 5.0
_RETIRE_EVERY = 3600.0


class Steward:
    """The feeds (health is judged by the first) and the web server. ``page`` gives None until there are metrics."""

    def __init__(
        self, settings: Settings, feeds: Sequence[Feed], page: Callable[[], bytes | None], log: Log
    ) -> None:  # fmt: skip
        self._settings = settings
        self._feeds = feeds
        self._page = page
        self._log = log
        self._server: ThreadingHTTPServer | None = None
        self._server_due = 0.0
        self._retire_due = 0.0

    def run(self, control: socket.socket) -> None:
        """Serves until ``control`` is at its end; every feed then finishes what it has in hand."""
        for feed in self._feeds:
            feed.start()
        ended = False
        while not ended:
            now = time.monotonic()
            if self._server is None and now >= self._server_due:
                self._serve(now)
            if now >= self._retire_due:
                self._retire(now)
            ended = _ended(control, _TICK)
        deadline = time.monotonic() + _PATIENCE
        for feed in self._feeds:
            if not feed.stop(max(0.0, deadline - time.monotonic())):
                self._log(f"{feed.name}: left in the middle of a batch, which will be read again")
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _serve(self, now: float) -> None:
        listen = self._settings.metrics.listen
        try:
            self._server = health.serve(listen, self._page, self._healthy, self._ready)
        except OSError as error:
            self._server_due = now + _SERVER_PAUSE
            self._log(f"metrics: cannot listen on {listen}: {error.strerror}; next try in {_SERVER_PAUSE:g} s")

    def _retire(self, now: float) -> None:
        self._retire_due = now + _RETIRE_EVERY
        cursors = [feed.cursor for feed in self._feeds]
        if any(cursor is None for cursor in cursors):
            return  # somebody does not know yet what it has read
        journal = self._settings.journal
        try:
            retire(journal.path, [cursor for cursor in cursors if cursor], journal.retention_days * 86_400.0)
        except OSError as error:
            self._log(f"retention: {error}")

    def _healthy(self) -> str | None:
        silence = self._feeds[0].silence()
        return f"{self._feeds[0].name}: silent for {silence:.0f} s" if silence > _STUCK else None

    def _ready(self) -> str | None:
        address = self._settings.milter.socket
        return None if handshake.answers(address) else f"no milter answers on {address}"


def main(
    settings: Settings, describe: Describe, register: Register, control: socket.socket, log: Log,
    expiries: Iterable[Expiry] = (),
) -> None:  # fmt: skip
    """The steward's whole life; see above."""
    # Batches are thousands of small trees without cycles: at its usual pace the collector costs more than all else.
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    with _only_one(settings.state.path):
        _live(settings, describe, register, control, log, tuple(expiries))


def _live(
    settings: Settings, describe: Describe, register: Register, control: socket.socket, log: Log,
    expiries: tuple[Expiry, ...],
) -> None:  # fmt: skip
    from ..projections import postman  # noqa: PLC0415
    from ..projections.correspondence import Correspondence, forget  # noqa: PLC0415
    from ..projections.correspondents import Keys  # noqa: PLC0415
    from ..projections.metrics import Live, Metrics  # noqa: PLC0415
    from ..projections.notices import Notices, counts, pending  # noqa: PLC0415
    from ..projections.state import State  # noqa: PLC0415
    from ..projections.store import Store  # noqa: PLC0415

    node = settings.node or socket.gethostname()
    folder, state = settings.journal.path, settings.state.path
    metrics: list[Metrics] = []
    live = Live()

    def open_metrics() -> Metrics:
        metrics[:] = [Metrics(State(state), live, log)]
        return metrics[0]

    def open_notices(own: State) -> Notices:
        return Notices(own, settings.notices, describe, settings.zone, log, offices=offices(register))

    feed = partial(Feed, folder=folder, log=log, recent=Recent())
    feeds = [
        feed("metrics", open_metrics),
        feed("store", lambda: Store(settings.store.url, node, log), poll=1.0),
        feed("notices", lambda: open_notices(State(state))),
    ]
    known = settings.correspondence
    if known.enabled:
        keys = Keys(load_key(state))
        feeds.append(feed("correspondence", lambda: Correspondence(State(state), state, keys, known.days), poll=1.0))
    else:
        State.asked(state, lambda own: forget(own, state))
    live.sources |= {
        "vanthu_configured_forwards": lambda: forwards.counts(state),
        "vanthu_forwards_audit_timestamp_seconds": lambda: forwards.audited(state),
        "vanthu_journal_lag_seconds": lambda: [((), feeds[0].lag())],
        "vanthu_journal_writable": lambda: [((), float(writable(folder)))],
        "vanthu_store_lag_seconds": lambda: [((), feeds[1].lag())],
        "vanthu_exception_expiry_timestamp_seconds": lambda: expiries,
        "vanthu_notices_total": lambda: State.asked(state, counts) or (),
        "vanthu_notices_pending": lambda: State.asked(state, lambda own: [((), pending(own))]) or (),
    }
    stop = threading.Event()
    sender = threading.Thread(
        target=postman.deliver,
        args=(state, settings.notices.smtp, lambda own: open_notices(own).sweep, log, stop, _stamp(settings)),
        name="postman",
        daemon=True,  # a silent mail server must not keep the steward from leaving
    )
    sender.start()
    # A month is one transaction: whoever leaves in the middle of it has changed nothing.
    threading.Thread(target=tidy, args=(settings, register, log, stop), name="rollups", daemon=True).start()
    Steward(settings, feeds, lambda: metrics[0].page() if metrics else None, log).run(control)
    stop.set()
    sender.join(_PATIENCE)


def _stamp(settings: Settings) -> Callable[[bytes], bytes]:
    """What lets our own notices pass the second hop, where there is one."""
    keys = read_keys(settings.state.path, HOP) if settings.egress.enabled else ()
    return (lambda mail: stamped(mail, keys[0], time.time())) if keys else bytes


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    """Holds the lock of the state folder; the steward before us may take a moment to leave."""
    state.mkdir(parents=True, exist_ok=True)
    fd = os.open(state / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + _PATIENCE
    try:
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise JournalError(
                        f"{state / LOCK}: another steward is at work here; stop it, or use another state folder"
                    ) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(fd)


def _ended(control: socket.socket, patience: float) -> bool:
    """Whether the other end was closed; waits at most ``patience`` seconds to see it."""
    if not select.select([control], [], [], patience)[0]:
        return False
    try:
        return not control.recv(4096)
    except OSError:
        return True
