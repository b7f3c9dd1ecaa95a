"""What could not be written is written later, in order, and nothing is written twice."""

from __future__ import annotations

from collections.abc import Callable

from vanthu.errors import JournalError
from vanthu.service.owed import MOST, Owed


class Disk:
    """A place that may be full."""

    def __init__(self) -> None:
        self.full = True
        self.written: list[str] = []
        self.troubles: list[str] = []
        self.owed = Owed(lambda name, queue_id, error: self.troubles.append(name))

    def write(self, text: str) -> Callable[[], None]:
        def act() -> None:
            if self.full:
                raise JournalError("no room")
            self.written.append(text)

        return act


def test_what_succeeds_is_done_at_once_and_once() -> None:
    disk = Disk()
    disk.full = False
    disk.owed.do("journal", disk.write("a"))
    disk.owed.again()
    assert (disk.written, disk.troubles) == (["a"], [])


def test_what_failed_is_done_later_in_order() -> None:
    disk = Disk()
    for text in "abc":
        disk.owed.do("journal", disk.write(text))
    disk.owed.again()
    assert disk.written == []
    disk.full = False
    disk.owed.do("journal", disk.write("d"))
    disk.owed.again()
    assert disk.written == ["a", "b", "c", "d"]
    assert disk.troubles == ["journal"]


def test_one_name_does_not_wait_for_another() -> None:
    disk, other = Disk(), Disk()
    other.full = False
    disk.owed.do("journal", disk.write("a"))
    disk.owed.do("status", other.write("b"))
    assert other.written == ["b"]


def test_of_the_latest_only_the_newest_is_done() -> None:
    disk = Disk()
    for text in "abc":
        disk.owed.latest("status", disk.write(text))
    disk.full = False
    disk.owed.again()
    assert (disk.written, disk.troubles) == (["c"], ["status"])


def test_what_waits_is_bounded() -> None:
    disk = Disk()
    for number in range(MOST + 5):
        disk.owed.do("journal", disk.write(str(number)))
    disk.full = False
    disk.owed.again()
    assert disk.written == [str(number) for number in range(MOST)]
