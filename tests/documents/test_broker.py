"""The broker with real children: what is read once, what dies alone, what has to wait, what is never lost."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.broker import Broker, reason_of, text_of
from support.waiting import wait_until
from vanthu.documents import wire
from vanthu.documents.model import DocumentLimits


@pytest.fixture
def broker() -> Iterator[Broker]:
    with Broker() as running:
        yield running


def pages(pid: int) -> int:
    """Resident pages of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1])


def at_rest(pid: int) -> int:
    """Open descriptors, when what has just been done is closed."""
    counts = []
    for _ in range(20):
        counts.append(len(list(Path(f"/proc/{pid}/fd").iterdir())))
        time.sleep(0.01)
    return min(counts)


# What is read once.


def test_a_document_is_read_once_and_then_known_at_once(broker: Broker) -> None:
    (first,) = broker.ask(b"one document")
    assert (first.how, text_of(first)) == ("read", "one document")
    enquiry = broker.enquire(b"one document")
    assert enquiry.answers is not None  # nothing was handed over, nobody waited
    assert (enquiry.answers[0].how, text_of(enquiry.answers[0])) == ("cached", "one document")
    assert broker.counts() == {"enquiries": 2, "documents": 2, "read": 1, "cached": 1}


def test_the_same_document_in_fifty_mails_at_once_is_read_once(broker: Broker) -> None:
    enquiries = [broker.enquire(b"SLEEP 0.5 same", b"other") for _ in range(50)]
    assert {text_of(enquiry.finish()[0]) for enquiry in enquiries} == {"same"}
    assert broker.counts()["read"] == 2


def test_the_suffix_of_a_name_is_a_hint_that_may_change_what_is_read(broker: Broker) -> None:
    for name in ("a.csv", "b.csv", "c.txt", None):
        broker.enquire(b"1;2", names=[name]).finish()
    assert broker.counts()["read"] == 3


def test_long_answers_come_in_a_memory_file(broker: Broker) -> None:
    for how in ("read", "cached"):
        (answer,) = broker.ask(b"LONG 400000")
        assert (answer.how, len(text_of(answer))) == (how, 400_000)


def test_one_mail_gets_a_bounded_answer(broker: Broker) -> None:
    answers = broker.ask(*(b"LONG %d" % (4_000_000 + number) for number in range(6)))
    assert [answer.reason for answer in answers].count(None) == 4
    assert {answer.reason for answer in answers} == {None, "too_large"}


# What dies alone.


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"HANG", "timeout"),
        (b"SPIN", "timeout"),
        (b"EAT", "too_large"),
        (b"EAT-NATIVELY", "crashed"),
        (b"SEGFAULT", "crashed"),
        (b"EXIT 0", "crashed"),
        (b"EXIT 3", "crashed"),
        (b"LONG 30000000", "too_large"),
    ],
)
def test_what_breaks_its_reader_costs_one_document(broker: Broker, document: bytes, reason: str) -> None:
    bad, good = broker.ask(document, b"honest")
    assert reason_of(bad) == reason
    assert text_of(good) == "honest"
    read = broker.counts()["read"]
    (again,) = broker.ask(document)  # a hostile file in fifty mails costs one reading
    assert (again.how, reason_of(again)) == ("cached", reason)
    assert broker.counts()["read"] == read
    assert broker.now()["in_hand"] == 0


def test_a_child_killed_in_mid_read_costs_one_document(broker: Broker) -> None:
    enquiry = broker.enquire(b"SLEEP 30")
    child = broker.wait_for_child()
    assert text_of(broker.ask(b"honest")[0]) == "honest"  # the second of two children
    os.kill(child, signal.SIGKILL)
    (killed,) = enquiry.finish()
    assert (killed.how, killed.reason) == ("failed", "crashed")


def test_a_fork_server_that_dies_ends_the_broker_and_its_children(broker: Broker) -> None:
    broker.enquire(b"HANG").close()
    child = broker.wait_for_child()
    os.kill(broker.fork_server, signal.SIGKILL)
    assert broker.process.wait(10) == 1
    wait_until(lambda: not Path(f"/proc/{child}").exists())
    broker.start()
    assert text_of(broker.ask(b"after")[0]) == "after"


def test_a_broker_killed_takes_its_children_with_it_and_is_asked_again(broker: Broker) -> None:
    broker.enquire(b"HANG").close()
    server, child = broker.fork_server, broker.wait_for_child()
    broker.kill()
    wait_until(lambda: not Path(f"/proc/{child}").exists() and not Path(f"/proc/{server}").exists())
    (answer,) = broker.ask(b"nobody there", seconds=1.0)
    assert (answer.how, answer.reason) == ("failed", "unavailable")
    broker.start()
    assert text_of(broker.ask(b"nobody there")[0]) == "nobody there"


# The cage.


def test_a_child_can_do_nothing_but_read_and_answer(broker: Broker) -> None:
    (answer,) = broker.ask(b"ESCAPE")
    assert text_of(answer) == "possible: "


def test_a_child_is_born_into_an_empty_house(broker: Broker) -> None:
    (answer,) = broker.ask(b"STATE")
    text = text_of(answer)
    assert "seccomp=2 nnp=1 nice=5" in text
    assert "descriptors=['/dev/null', '/dev/null', '/dev/null', 'pipe']" in text
    assert "home=0o700 tmpdir=True cwd=True" in text


def test_what_libraries_print_goes_nowhere(broker: Broker) -> None:
    assert text_of(broker.ask(b"CHATTER")[0]) == "said nothing"
    assert "quoting" not in broker.output.read_text()


# Who has to wait.


def test_at_the_deadline_the_asker_gets_what_there_is_and_the_next_copy_gets_it_all(broker: Broker) -> None:
    asked = time.monotonic()
    slow, quick = broker.ask(b"SLEEP 1 late", b"quick", seconds=0.5)
    assert time.monotonic() - asked < 1.0
    assert (slow.how, slow.reason, slow.payload) == ("late", "timeout", None)
    assert text_of(quick) == "quick"
    wait_until(lambda: broker.now()["in_hand"] == 0)
    (again,) = broker.ask(b"SLEEP 1 late")
    assert (again.how, text_of(again)) == ("cached", "late")


def test_late_pictures_leave_the_text_and_land_in_the_cache(broker: Broker) -> None:
    (now,) = broker.ask(b"PICTURE 1.0", seconds=0.6)
    assert (now.how, now.reason, text_of(now)) == ("late", "timeout", "page one")
    wait_until(lambda: broker.now()["in_hand"] == 0)
    (again,) = broker.ask(b"PICTURE 1.0")
    assert (again.how, again.reason, text_of(again)) == ("cached", None, "page one seen")


def test_pictures_that_take_for_ever_leave_the_text(broker: Broker) -> None:
    (answer,) = broker.ask(b"PICTURE 60")
    assert (answer.how, answer.reason, text_of(answer)) == ("failed", "timeout", "page one")


def test_ocr_takes_half_of_the_children_and_text_comes_first(broker: Broker) -> None:
    broker.enquire(*(b"PICTURE 1.0 %d" % number for number in range(3))).close()
    for number in range(5):  # while pictures are seen for three seconds
        asked = time.monotonic()
        assert text_of(broker.ask(b"text %d" % number)[0]) == f"text {number}"
        assert time.monotonic() - asked < 0.9
        # The other child is free: of two pictures at a time neither would be gone before half a second
        wait_until(lambda: len(broker.children()) <= 1, 0.4)
        time.sleep(0.1)
    assert broker.now()["running"] == 1
    assert broker.counts()["ocr"] < 3


def test_more_than_the_queue_holds_is_unavailable() -> None:
    with Broker(queue_bytes=3000) as broker:
        answers = broker.ask(*(b"SLEEP 0.2 %d\n" % number + b"x" * 1000 for number in range(5)))
        assert [answer.reason for answer in answers] == [None, None, "unavailable", "unavailable", "unavailable"]
        assert broker.counts()["refused"] == 3


def test_what_is_too_large_is_not_even_asked_for(broker: Broker) -> None:
    enquiry = wire.connect(broker.state, 2)
    with enquiry:
        wire.send(enquiry, wire.Enquiry(time.monotonic() + 5, (wire.Item("00", (100 << 20) + 1),)))
        reply = wire.receive_reply(enquiry)
    assert isinstance(reply, wire.Answers)
    assert reply.answers == (wire.Answer("failed", "too_large"),)


# The end, and liars.


def test_a_broker_that_has_to_go_answers_first(broker: Broker) -> None:
    enquiry = broker.enquire(b"SLEEP 0.5 last-words")
    broker.control.close()
    assert text_of(enquiry.finish()[0]) == "last-words"
    assert broker.process.wait(10) == 0


def test_whoever_talks_nonsense_is_hung_up_on_and_nobody_else(broker: Broker) -> None:
    def hung_up(say: Callable[[socket.socket], object]) -> bool:
        with wire.connect(broker.state, 5) as liar:
            say(liar)
            try:
                while liar.recv(4096):
                    pass
            except ConnectionError:
                return True
            return True

    document = b"told"
    item = wire.Item(hashlib.sha256(document).hexdigest(), len(document))
    enquiry = wire.Enquiry(time.monotonic() + 5, (item,))
    sealed, other = wire.seal(document), wire.seal(b"another length")
    soft = os.memfd_create("soft")
    os.write(soft, document)

    def asks_and_sends(descriptor: int, index: int = 0) -> Callable[[socket.socket], object]:
        def say(liar: socket.socket) -> None:
            wire.send(liar, enquiry)
            wire.send(liar, wire.Content(index), [descriptor])

        return say

    assert hung_up(lambda liar: liar.send(b"\xc1nonsense"))
    assert hung_up(lambda liar: wire.send(liar, wire.Content(0)))
    assert hung_up(lambda liar: [wire.send(liar, enquiry), wire.send(liar, enquiry)])
    for descriptor, index in ((soft, 0), (other, 0), (sealed, 7), (0, 0)):
        assert hung_up(asks_and_sends(descriptor, index))
    assert broker.counts().get("read", 0) == 0
    assert text_of(broker.ask(document)[0]) == "told"
    wire.close(sealed, other, soft)


def test_the_cache_keeps_its_bound() -> None:
    with Broker(cache_bytes=200_000) as broker:
        for number in range(40):
            broker.ask(b"LONG %d" % (20_000 + number))
            assert broker.now()["cache_bytes"] <= 200_000
        assert 5 <= broker.now()["cache_entries"] <= 10
        assert broker.ask(b"LONG 20039")[0].how == "cached"
        assert broker.ask(b"LONG 20000")[0].how == "read"


def test_a_thousand_requests_leave_no_descriptor_and_no_memory_behind() -> None:
    with Broker(cache_bytes=50_000, limits=DocumentLimits(seconds=5.0, memory=256 << 20)) as broker:
        processes = (broker.process.pid, broker.fork_server)

        def storm(first: int, count: int) -> None:
            for number in range(first, first + count, 10):
                broker.ask(*(b"document %d" % (number + one) for one in range(8)), b"EXIT 1", b"document 0")

        storm(0, 200)
        before = [(at_rest(pid), pages(pid)) for pid in processes]
        storm(200, 1000)
        for pid, (opened, then) in zip(processes, before, strict=True):
            assert at_rest(pid) == opened
            assert pages(pid) - then < 256  # one megabyte
        assert broker.now()["in_hand"] == 0
