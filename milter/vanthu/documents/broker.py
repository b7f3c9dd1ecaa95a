"""The extraction broker: the one process that knows which documents were read, and has the others read.

Workers ask it what hangs on a mail (``wire``). It answers from its cache, joins those who ask for the same document
while it is being read, and gives the rest to children (``child``) that a fork server makes: it never parses a
document itself, nor the answer of a child, beyond its frame. Single-threaded. It ends when its control socket is at
its end, after what is in hand; and at once when the fork server dies, so that the supervisor starts both again.
"""

from __future__ import annotations

import errno
import os
import resource
import selectors
import shutil
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable

from .. import __version__
from . import broker_job, cache, child_server, wire
from .broker_desk import Desk, Enquirer
from .broker_job import Job
from .broker_plan import Plan
from .broker_queue import Work
from .child import Job as Task

Log = Callable[[str], None]
_TICK = 1.0
_LEAVE = 25.0  # seconds that the mails in hand may take when it has to go
_MOST_CONNECTIONS = 1000
_DESCRIPTORS = 8192
_BREATH = 0.02


class Gone(Exception):
    """The fork server is gone; without it nothing can be read."""


class Broker:
    """One broker process. ``run`` returns when it has left."""

    def __init__(self, plan: Plan, listener: socket.socket, control: socket.socket, log: Log) -> None:
        self._plan = plan
        self._server, self._channel = child_server.start(plan.limits, plan.reader, str(plan.home))
        self._listener = listener
        self._control = control
        self._log = log
        self._up = False
        self._ocr: str | None = None
        self._leaving: float | None = None
        self._buffer = bytearray(wire.LARGEST)
        self._jobs: dict[int, tuple[Job, Work[Enquirer] | None]] = {}
        self._counts: Counter[str] = Counter()
        self._desk = Desk(plan, cache.edition(__version__, plan.limits), self._counts)
        self._selector = selectors.DefaultSelector()
        for source, act in ((listener, self._accept), (control, self._leave), (self._channel, self._report)):
            self._selector.register(source, selectors.EVENT_READ, act)

    def run(self) -> None:
        """Serves until it has to go. Raises Gone."""
        while not self._finished():
            for ready, _ in self._selector.select(self._patience()):
                ready.data()
            self._desk.expire(time.monotonic())
            self._begin()
        os.kill(self._server, signal.SIGKILL)
        os.waitpid(self._server, 0)

    def _patience(self) -> float:
        return max(0.0, min(_TICK, self._desk.next_deadline() - time.monotonic()))

    def _finished(self) -> bool:
        if self._leaving is None:
            return False
        return not self._desk.enquiries or time.monotonic() > self._leaving

    # Workers.

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except BlockingIOError:
            return  # somebody else was faster
        except OSError as error:
            self._counts["not_accepted"] += 1
            if error.errno in (errno.EMFILE, errno.ENFILE):
                time.sleep(_BREATH)  # the next look finds him still waiting
            return
        if len(self._desk.enquiries) >= _MOST_CONNECTIONS:
            connection.close()
            return
        connection.setblocking(False)
        self._desk.open(connection)
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._hear(connection))

    def _hear(self, connection: socket.socket) -> None:
        try:
            request, descriptor = wire.receive_request(connection, self._buffer)
            if request is None:
                self._hang_up(connection)
            elif isinstance(request, wire.Enquiry):
                self._desk.enquire(connection, request, time.monotonic())
            elif isinstance(request, wire.Content):
                self._desk.deliver(connection, request, descriptor, time.monotonic())
            else:
                wire.send(connection, self._statistics())
        except BlockingIOError:
            return
        except (wire.WireError, OSError) as error:
            self._counts["broken_connections"] += 1
            self._log(f"a worker's connection broke: {error}")
            self._hang_up(connection)

    def _hang_up(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        self._desk.close(connection)
        connection.close()

    def _statistics(self) -> wire.Statistics:
        return wire.Statistics(
            counts=dict(self._counts), now=self._desk.gauges() | {"children": len(self._jobs)}, ocr=self._ocr
        )

    # Children.

    def _begin(self) -> None:
        """Gives work to children that are free."""
        while self._up and (work := self._desk.queue.take()) is not None:
            task = Task(self._desk.number(), work.stage == "ocr", False, work.name, work.signature)
            self._counts["ocr" if task.ocr else "read"] += 1
            self._submit(Job(task, self._plan.limits.max_text), work)

    def _submit(self, job: Job, work: Work[Enquirer] | None) -> None:
        self._jobs[job.task.number] = job, work
        self._selector.register(job.pipe, selectors.EVENT_READ, lambda: self._listen(job))
        try:
            child_server.submit(self._channel, job.task, job.answer, None if work is None else work.content)
        except OSError:
            raise Gone from None
        job.handed_over()

    def _listen(self, job: Job) -> None:
        if job.listening and not job.read():
            self._deafen(job)

    def _deafen(self, job: Job) -> None:
        job.listening = False
        self._selector.unregister(job.pipe)

    def _report(self) -> None:
        packet = self._channel.recv(4096)
        if not packet:
            raise Gone
        report = child_server.reports.decode(packet)
        if isinstance(report, child_server.Up):
            if report.trouble is not None:
                self._log(f"the readers cannot be loaded: {report.trouble}")
                raise Gone
            if not report.narrowed:
                self._log("no Landlock here (docs/security.md): who takes over a reader can read what this user can")
            self._up = True
            self._submit(Job(Task(self._desk.number(), probe=True), 1000), None)
            return
        job, work = self._jobs.pop(report.number)
        if job.listening:
            self._deafen(job)
        outcome = job.finish(report.how)
        if work is None:
            self._ready(outcome)
        else:
            self._desk.finish(work, outcome, time.monotonic())

    def _ready(self, outcome: broker_job.Outcome) -> None:
        """OCR says whether it can work."""
        problem = outcome.failure or outcome.payload.decode("utf-8", "replace")
        self._ocr = "" if self._plan.limits.ocr == "off" else problem
        if self._ocr:
            self._log(f"OCR does not work: {self._ocr}; pictures and scans will not be read")

    # The end.

    def _leave(self) -> None:
        """Whoever asks from now on asks our successor; those who have asked get their answers."""
        self._selector.unregister(self._control)
        self._selector.unregister(self._listener)
        self._listener.close()
        self._leaving = time.monotonic() + _LEAVE


def main(plan: Plan, listener: socket.socket, control: socket.socket, log: Log) -> int:
    """The life of the broker, from just behind the fork; its exit code. What else the house has open is closed."""
    wire.keep_only(listener.fileno(), control.fileno())
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = _DESCRIPTORS if most == resource.RLIM_INFINITY else min(most, _DESCRIPTORS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    shutil.rmtree(plan.home, ignore_errors=True)
    plan.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        Broker(plan, listener, control, log).run()
    except Gone:
        log("the fork server has ended; it is started again")
        return 1
    return 0
