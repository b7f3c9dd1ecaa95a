"""A real broker with real children as our own process, and questions for it.

with Broker(children=2, limits=DocumentLimits(seconds=1)) as broker:
    (answer,) = broker.ask(b"SLEEP 1")

Run as a program (``python -m support.broker FD PLAN``) it is that process.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from vanthu.documents import broker, wire
from vanthu.documents.broker_client import Enquiry, statistics
from vanthu.documents.broker_plan import Plan
from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.wire import Answer, Item, Statistics

from .places import open_folder

TESTS = Path(__file__).parents[1]


class Broker:
    """One broker. ``reader`` is the module that its children read with."""

    def __init__(
        self, *, limits: DocumentLimits | None = None, children: int = 2, cache_bytes: int = 1 << 20,
        queue_bytes: int = 8 << 20, reader: str = "support.bad_reader",
    ) -> None:  # fmt: skip
        self._exit = ExitStack()
        self.state = self._exit.enter_context(open_folder("broker"))
        self._plan = {
            "state": str(self.state),
            "limits": msgspec.to_builtins(limits or DocumentLimits(seconds=1.0, ocr_seconds=2.0, memory=256 << 20)),
            "children": children,
            "cache_bytes": cache_bytes,
            "queue_bytes": queue_bytes,
            "reader": reader,
        }
        self.output = self.state / "output"

    def __enter__(self) -> Broker:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.control.close()
        self.process.kill()
        self.process.wait()
        self._exit.close()

    def start(self) -> None:
        """Starts it (again); returns when its readers are loaded."""
        self.control, theirs = socket.socketpair()
        with theirs, self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "support.broker", str(theirs.fileno()), json.dumps(self._plan)],
                cwd=TESTS, pass_fds=[theirs.fileno()], stdout=output, stderr=output,
            )  # fmt: skip
        end = time.monotonic() + 20
        while (found := self.statistics()) is None or found.ocr is None:
            assert time.monotonic() < end, self.output.read_text()
            time.sleep(0.02)

    def statistics(self) -> Statistics | None:
        return statistics(self.state)

    def counts(self) -> dict[str, int]:
        found = self.statistics()
        assert found is not None
        return found.counts

    def now(self) -> dict[str, int]:
        found = self.statistics()
        assert found is not None
        return found.now

    def enquire(self, *documents: bytes, seconds: float = 20.0, names: Sequence[str | None] = ()) -> Enquiry:
        """Puts the question; ``finish`` waits for the answers."""
        named = [*names, *[None] * (len(documents) - len(names))]
        items = [
            Item(hashlib.sha256(one).hexdigest(), len(one), name) for one, name in zip(documents, named, strict=True)
        ]
        return Enquiry(self.state, items, documents, time.monotonic() + seconds)

    def ask(self, *documents: bytes, seconds: float = 20.0) -> tuple[Answer, ...]:
        return self.enquire(*documents, seconds=seconds).finish()

    @property
    def fork_server(self) -> int:
        (pid,) = children(self.process.pid)
        return pid

    def children(self) -> list[int]:
        """The processes that read at the moment."""
        return children(self.fork_server)

    def wait_for_child(self) -> int:
        """A process that reads, as soon as there is one."""
        end = time.monotonic() + 10
        while not (found := self.children()):
            assert time.monotonic() < end
            time.sleep(0.005)
        return found[0]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def text_of(answer: Answer) -> str:
    """What was read, whole."""
    assert answer.payload is not None, answer
    return " ".join(one.text for one in msgspec.msgpack.decode(answer.payload, type=Extraction).texts)


def reason_of(answer: Answer) -> str | None:
    """Why not all of it was read."""
    if answer.reason is not None or answer.payload is None:
        return answer.reason
    return msgspec.msgpack.decode(answer.payload, type=Extraction).reason


def children(pid: int) -> list[int]:
    """Who lives below a process; nobody below one that has ended meanwhile."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def main() -> int:
    control = socket.socket(fileno=int(sys.argv[1]))
    told = json.loads(sys.argv[2])
    state = Path(told["state"])
    plan = Plan(
        msgspec.convert(told["limits"], DocumentLimits), state / "readers", told["children"], told["cache_bytes"],
        told["queue_bytes"], told["reader"],
    )  # fmt: skip
    return broker.main(plan, wire.listen(state), control, lambda message: print(message, flush=True))


if __name__ == "__main__":
    os._exit(main())
