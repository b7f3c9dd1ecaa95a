"""What is remembered, and for how long: the desk without processes."""

from __future__ import annotations

import hashlib
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from vanthu.documents import wire
from vanthu.documents.broker import Plan
from vanthu.documents.broker_desk import Desk
from vanthu.documents.broker_job import Outcome
from vanthu.documents.cache import FAILURE_SECONDS
from vanthu.documents.model import DocumentLimits

DOCUMENT = b"a document"
ITEM = wire.Item(hashlib.sha256(DOCUMENT).hexdigest(), len(DOCUMENT))


@pytest.fixture
def desk() -> Desk:
    return Desk(Plan(DocumentLimits(), Path("unused")), b"edition", Counter())


@pytest.fixture
def worker(desk: Desk) -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        theirs.setblocking(False)
        desk.open(theirs)
        yield ours, theirs


def read(desk: Desk, worker: socket.socket, outcome: Outcome) -> None:
    """The worker asks at 0.0, and the document has its outcome then."""
    desk.enquire(worker, wire.Enquiry(100.0, (ITEM,)), 0.0)
    desk.deliver(worker, wire.Content(0), wire.seal(DOCUMENT), 0.0)
    work = desk.queue.take()
    assert work is not None
    desk.finish(work, outcome, 0.0)


def known(desk: Desk, now: float) -> bool:
    """Whether one more worker would be answered at once."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        desk.open(theirs)
        desk.enquire(theirs, wire.Enquiry(now + 10, (ITEM,)), now)
        desk.close(theirs)
        return isinstance(wire.receive_reply(ours), wire.Answers)


@pytest.mark.parametrize(
    ("outcome", "for_good"),
    [
        (Outcome(None, b"all of it"), True),
        (Outcome(None, b"OCR ran out of time", passing=True), False),
        (Outcome("crashed"), False),
        (Outcome("timeout"), False),
    ],
)
def test_failures_are_tried_again_after_a_while(
    desk: Desk, worker: tuple[socket.socket, socket.socket], outcome: Outcome, for_good: bool
) -> None:
    read(desk, worker[1], outcome)
    assert known(desk, FAILURE_SECONDS - 1)
    assert known(desk, FAILURE_SECONDS + 1) == for_good


def test_at_the_deadline_the_worker_is_told_and_the_work_goes_on(
    desk: Desk, worker: tuple[socket.socket, socket.socket]
) -> None:
    desk.enquire(worker[1], wire.Enquiry(5.0, (ITEM,)), 0.0)
    assert desk.next_deadline() == 5.0
    desk.deliver(worker[1], wire.Content(0), wire.seal(DOCUMENT), 0.0)
    desk.expire(4.9)
    assert len(desk.queue) == 1
    desk.expire(5.0)
    assert isinstance(wire.receive_reply(worker[0]), wire.Wanted)
    assert wire.receive_reply(worker[0]) == wire.Answers((wire.Answer("late", "timeout"),))
    assert desk.next_deadline() == float("inf")
    work = desk.queue.take()
    assert work is not None
    desk.finish(work, Outcome(None, b"late"), 9.0)
    assert known(desk, 10.0)


def test_what_was_never_handed_over_is_unavailable_at_the_deadline(
    desk: Desk, worker: tuple[socket.socket, socket.socket]
) -> None:
    desk.enquire(worker[1], wire.Enquiry(5.0, (ITEM,)), 0.0)
    desk.expire(6.0)
    assert isinstance(wire.receive_reply(worker[0]), wire.Wanted)
    assert wire.receive_reply(worker[0]) == wire.Answers((wire.Answer("failed", "unavailable"),))
