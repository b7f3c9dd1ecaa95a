"""Who is next."""

from __future__ import annotations

from vanthu.documents.broker_queue import Queue, Work


def work(name: str, position: int = 0, size: int = 1, waiter: str | None = "somebody") -> Work[str]:
    made: Work[str] = Work(name.encode(), name, size, -1, position)
    if waiter is not None:
        made.waiters.add((waiter, position))
    return made


def queue(children: int = 2, most_bytes: int = 100, most_works: int = 10) -> Queue[str]:
    return Queue(children, most_bytes, most_works)


def order(line: Queue[str]) -> list[str]:
    """Names in the order in which one child after another begins."""
    found = []
    while (one := line.take()) is not None:
        found.append(one.name or "")
        line.stopped(one)
        line.done(one)
    return found


def test_first_attachments_of_all_mails_come_before_second_ones() -> None:
    line = queue()
    for name, position in (("a0", 0), ("a1", 1), ("a2", 2), ("b0", 0), ("b1", 1)):
        line.admit(work(name, position))
    assert order(line) == ["a0", "b0", "a1", "b1", "a2"]


def test_what_nobody_waits_for_comes_last_but_comes() -> None:
    line = queue()
    for name, waiter in (("left", None), ("a", "x"), ("gone", None), ("b", "y")):
        line.admit(work(name, waiter=waiter))
    assert order(line) == ["a", "b", "left", "gone"]


def test_text_comes_before_pictures_and_pictures_take_half_of_the_children() -> None:
    line = queue(children=4)
    for number in range(6):
        picture = work(f"picture{number}")
        line.admit(picture)
        assert line.take() is picture
        line.stopped(picture)
        picture.stage = "ocr"
        line.wait(picture)
    line.admit(work("text"))
    begun = [one.name for _ in range(10) if (one := line.take()) is not None]
    assert begun == ["text", "picture0", "picture1"]
    assert (line.running, line.waiting()) == (3, 4)


def test_with_two_children_one_may_see_pictures() -> None:
    line = queue()
    for number in range(2):
        picture = work(f"picture{number}")
        picture.stage = "ocr"
        line.admit(picture)
    assert line.take() is not None
    assert line.take() is None


def test_room_is_made_of_what_nobody_waits_for_and_of_nothing_else() -> None:
    line = queue(most_bytes=100)
    assert line.admit(work("wanted", size=60)) == []
    assert line.admit(work("left", size=40, waiter=None)) == []
    dropped = line.admit(work("new", size=40))
    assert dropped is not None
    assert [one.name for one in dropped] == ["left"]
    assert line.admit(work("too much", size=40)) is None
    assert (len(line), line.bytes) == (2, 100)
    assert line.find(b"left") is None


def test_a_document_larger_than_the_queue_is_read_when_nothing_else_is_in_hand() -> None:
    line = queue(most_bytes=100)
    assert line.admit(work("huge", size=500)) == []
    assert line.admit(work("small")) is None
    assert order(line) == ["huge"]
    assert line.bytes == 0


def test_the_number_of_documents_is_bounded_too() -> None:
    line = queue(most_works=3)
    assert [line.admit(work(str(number))) for number in range(4)] == [[], [], [], None]


def test_what_is_being_read_is_never_dropped() -> None:
    line = queue(most_bytes=100)
    reading = work("reading", size=90, waiter=None)
    line.admit(reading)
    assert line.take() is reading
    assert line.admit(work("new", size=20)) is None
    assert line.find(b"reading") is reading


def test_what_was_read_before_ocr_counts_as_in_hand() -> None:
    line = queue(most_bytes=100)
    scan = work("scan", size=20)
    line.admit(scan)
    assert line.take() is scan
    line.stopped(scan)
    line.set_back(scan, b"x" * 70)
    assert line.bytes == 90
    assert line.admit(work("other", size=20)) is None
    assert line.take() is scan
    line.stopped(scan)
    line.done(scan)
    assert line.bytes == 0
