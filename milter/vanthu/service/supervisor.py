"""The supervisor: opens the socket, forks everything else, owns signals, never touches mail.

A *generation* of workers is forked from one loaded, compiled, frozen snapshot. Reload, recycling and replacement of a
crashed worker are one mechanism: fork from a snapshot; a worker that is not wanted any more drains. A bad edit keeps
the running snapshot. An upgrade (SIGUSR2) is the same across execve(2): ``succession``. The process is
single-threaded, and signal handlers only wake its loop.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import selectors
import signal
import socket
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ..documents import broker, wire
from ..errors import Problems
from ..inspection import policy_texts
from ..inspection import snapshot as snapshots
from ..inspection.snapshot import Snapshot
from ..inspection.suspects import Suspects
from ..journal.record import Kind, Record
from ..journal.writer import Writer
from ..settings.load import load as load_settings
from . import briefing, log, status, succession, worker
from .children import Child, Children
from .children import Kind as ChildKind
from .notify import Notifier
from .owed import Owed
from .signals import Signals
from .successors import Successors

_TICK = 1.0  # seconds between two looks at the clock


class Supervisor:
    """One running vanthu. ``run`` returns when everything has drained."""

    def __init__(self, settings_file: Path | None, snapshot: Snapshot) -> None:
        self._settings_file = settings_file
        self._snapshot = snapshot
        self._children = Children()
        self._generation = 0
        self._successors = Successors()
        self._stopping: float | None = None  # when draining must be over
        self._selector = selectors.DefaultSelector()
        self._notifier = Notifier()
        self._writer = Writer(snapshot.settings.journal.path, snapshot.node, sync=snapshot.settings.journal.sync)
        self._owed = Owed(log.trouble)
        self._suspects = Suspects(snapshot.settings.state.path / "mail" / "suspects")
        self._last_reload = status.reload()

    def run(self) -> int:
        """Serves until SIGTERM or SIGINT has been obeyed; the exit code."""
        milter = self._snapshot.settings.milter
        os.umask(0o027)  # the journal tells who wrote to whom
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # mail and keys are in memory
        before = succession.inherit()
        self._signals = Signals()
        self._selector.register(self._signals.reader, selectors.EVENT_READ)
        self._listener = succession.listener(before, milter.socket, int(milter.mode, 8), milter.group)
        # Held here, so that workers who ask while the broker is replaced wait for its successor.
        self._documents = wire.listen(self._snapshot.settings.state.path)
        self._in_force(start=before is None)
        self._suspects.sweep()
        leaving = before is not None and self._adopt(before)
        self._new_generation()
        self._fork_broker()
        if not leaving:
            self._fork_steward()
        log.started(milter.socket, milter.workers, self._snapshot.digests.policy)
        self._notifier.ready()
        while not self._finished():
            self._turn()
        self._journal("worker", event="stopped", reason="stopped", child="supervisor")
        self._owed.again()
        self._writer.close()
        return 0

    def _turn(self) -> None:
        for key, _ in self._selector.select(self._patience()):
            if key.fileobj is self._signals.reader:
                self._obey(self._signals.come())
            else:
                self._hear(key.data)
        self._bury()
        self._owed.again()
        for kind in self._successors.due():
            if (self._stopping is None or kind == "broker") and self._lacks(kind):
                {"worker": self._fork_worker, "steward": self._fork_steward, "broker": self._fork_broker}[kind]()
                self._publish()
        self._notifier.alive()

    def _patience(self) -> float:
        return max(0.0, min(_TICK, self._successors.wait(), self._notifier.wait()))

    def _obey(self, numbers: set[int]) -> None:
        if signal.SIGTERM in numbers or signal.SIGINT in numbers:
            self._stop()
        elif self._stopping is None:
            # The successor reads all files, so a reload that came with it is done, too; it does not come back then.
            if signal.SIGUSR2 in numbers:
                self._succeed()
            if signal.SIGHUP in numbers:
                self._reload()

    def _finished(self) -> bool:
        if self._stopping is None:
            return False
        if time.monotonic() > self._stopping:
            for child in self._children.living.values():
                log.worker_ended(child.pid, f"{child.kind} overdue")
                os.kill(child.pid, signal.SIGKILL)
            self._stopping = time.monotonic() + 5
        if not any(child.kind == "worker" for child in self._children.living.values()):
            # They leave last: the steward still has the records of the last mail to count.
            for child in (*self._children.of("steward"), *self._children.of("broker")):
                child.dismiss()
        return not self._children.living

    # Children.

    def _fork_worker(self) -> Child:
        def live(control: socket.socket) -> None:
            self._documents.close()
            worker.start(self._snapshot, self._listener, control)

        child = self._children.fork("worker", self._generation, live)
        self._selector.register(child.control, selectors.EVENT_READ, child)
        log.worker_started(child.pid, child.generation)
        return child

    def _fork_steward(self) -> None:
        snapshot = self._snapshot

        def live(control: socket.socket) -> None:
            wire.keep_only(control.fileno())  # it answers nobody, and has a journal to read, not to write
            from . import steward  # noqa: PLC0415 (its libraries stay out of supervisor and workers)

            ends = briefing.expiries(snapshot.policy, snapshot.settings.zone)
            describe = briefing.describer(snapshot.policy)
            steward.main(snapshot.settings, describe, snapshot.house.register, control, log.said, ends)

        self._children.fork("steward", self._generation, live)
        self._publish()

    def _fork_broker(self) -> None:
        """The broker serves every generation, and is replaced when its own settings have changed."""
        plan = briefing.reading(self._snapshot.settings, self._snapshot.reading)

        def live(control: socket.socket) -> None:
            os._exit(broker.main(plan, self._documents, control, log.documents))

        self._children.fork("broker", self._generation, live)
        self._publish()

    def _new_generation(self) -> None:
        """Forks workers from the present snapshot; the old ones drain when the new ones are ready."""
        self._generation += 1
        gc.collect()
        gc.freeze()  # the snapshot is shared copy-on-write; the collector must not touch its pages
        for _ in range(self._snapshot.settings.milter.workers):
            self._fork_worker()
        self._publish()

    def _hear(self, child: Child) -> None:
        try:
            said = child.control.recv(4096)
        except OSError:
            said = b""
        if not said:
            self._selector.unregister(child.control)
            return
        if b"ready" in said:
            child.ready = True
            self._retire()
        if b"recycle" in said and not child.draining and self._stopping is None:
            self._journal("worker", event="recycled", pid=child.pid, reason="recycled")
            child.draining = True  # it goes on until its successor is ready
            self._fork_worker()

    def _retire(self) -> None:
        """Drains whoever is not wanted any more, once enough of the present generation accept connections."""
        fresh = [child for child in self._children.of("worker") if child.generation == self._generation]
        if len(fresh) < self._snapshot.settings.milter.workers or not all(child.ready for child in fresh):
            return
        for child in list(self._children.living.values()):
            if child.kind == "worker" and (child.draining or child.generation != self._generation):
                child.drain()

    def _bury(self) -> None:
        for child, how in self._children.reap():
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(child.control)
            crashed = how != "exit 0"
            marked = self._suspects.bury(child.pid) if child.kind == "worker" else []
            if crashed or not child.draining:
                log.worker_ended(child.pid, f"{child.kind} {how}", len(marked))
                self._journal("worker", event="ended", pid=child.pid, reason=how.replace(" ", "_"), child=child.kind)
            # Workers that drain have documents read too: the broker is replaced to the last.
            current = child.kind == "broker" or (self._stopping is None and child.generation == self._generation)
            if not child.draining and current:
                self._successors.of(child)
            elif self._stopping is None and child.kind == "steward" and not self._children.of("steward"):
                self._fork_steward()
            self._publish()

    def _lacks(self, kind: ChildKind) -> bool:
        """Whether a successor is still needed: a reload may have brought it already."""
        there = [one for one in self._children.of(kind) if kind != "worker" or one.generation == self._generation]
        return len(there) < (self._snapshot.settings.milter.workers if kind == "worker" else 1)

    # Reload and stop.

    def _reload(self) -> None:
        self._notifier.reloading()
        try:
            loaded = load_settings(self._settings_file)
            gc.unfreeze()
            fresh = snapshots.load(loaded, datetime.now(loaded.settings.zone).date(), self._snapshot.node)
        except Problems as problems:
            log.refused(problems.problems)
            self._last_reload = status.reload(problems)
            self._journal("reload", ok=False, problems=len(problems.problems), policy=self._snapshot.digests.policy)
        else:
            before, self._snapshot = self._snapshot, fresh
            self._last_reload = status.reload()
            self._new_generation()
            if (fresh.settings.documents, fresh.reading) != (before.settings.documents, before.reading):
                for child in self._children.of("broker"):
                    child.dismiss()
                self._fork_broker()
            for child in self._children.of("steward"):
                child.dismiss()
            self._in_force()
            log.reloaded(fresh.digests.policy, self._generation)
        self._publish()
        self._notifier.ready()

    def _succeed(self) -> None:
        """Goes on as the program that is on the disk now; returns only if that would not start."""
        self._notifier.reloading()
        refusal = succession.refusal()
        if refusal is None:
            self._owed.again()
            self._writer.close()
            address, children = self._snapshot.settings.milter.socket, self._children.living.values()
            refusal = succession.succeed(address, self._listener, self._generation, children)
        log.succession_refused(refusal)
        self._notifier.ready()

    def _adopt(self, before: succession.Estate) -> bool:
        """Takes over the children of who was supervisor before; whether a steward is among them, who leaves first."""
        self._generation = before.generation
        for child in before.grown():
            self._children.adopt(child)
            if child.kind == "worker":
                self._selector.register(child.control, selectors.EVENT_READ, child)
            else:
                child.dismiss()
        return any(child.kind == "steward" for child in self._children.living.values())

    def _stop(self) -> None:
        if self._stopping is not None:
            return
        log.stopping("signal")
        self._notifier.stopping()
        self._stopping = time.monotonic() + self._snapshot.settings.milter.drain + 10
        for child in self._children.living.values():
            if child.kind == "worker":
                child.drain()

    # What others may know.

    def _in_force(self, **details: object) -> None:
        """The journal tells by digest which policy is in force; its text is kept beside."""
        policy = self._snapshot.policy
        self._journal("reload", ok=True, policy=policy.digest, **details)
        self._owed.do("policy-text", partial(policy_texts.keep, self._snapshot.settings.state.path, policy))

    def _journal(self, kind: Kind, **details: object) -> None:
        now, node = datetime.now(UTC), self._snapshot.node

        def write() -> None:  # a new id at each try: a file that was given up may hold the one before
            self._writer.append(Record(kind=kind, id=self._writer.ids.new(), time=now, node=node, details=details))

        self._owed.do("journal", write)

    def _publish(self) -> None:
        now = (self._snapshot, self._generation, self._children.table(), self._last_reload)
        self._owed.latest("status", partial(status.publish, *now))
