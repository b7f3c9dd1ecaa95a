"""The disk of the state folder is full: mail is judged and delivered, workers can die and are replaced, and only what
has to be counted there waits for room.
"""

from __future__ import annotations

import signal
from collections.abc import Callable

from support.books import differences
from support.client import Reply
from support.load import HOA
from support.waiting import wait_until

from .conftest import LOGIN, House
from .test_store_away import fill
from .test_survival import kill_workers


def test_a_full_state_folder_stops_no_mail(open_house: Callable[..., House]) -> None:
    house = open_house(small={"state": "2m"})
    supervisor = house.vanthu.pid

    def send(subject: str) -> Reply:
        return house.client().send(LOGIN, [HOA], f"Subject: {subject}\r\n\r\nx\r\n".encode())

    def nothing_can_be_counted() -> bool:
        fill(house.vanthu.inside("state"))  # workers that end may give back room
        return send("hold").code == 451

    assert send("chào").code == 250
    filler = fill(house.vanthu.inside("state"))
    kill_workers(house)
    wait_until(lambda: send("chào").code == 250)
    accepted = [send(f"chào {number}").code for number in range(20)]
    assert accepted == [250] * 20
    wait_until(nothing_can_be_counted)
    (failure,) = house.vanthu.wait_for_records(1, "failure")
    assert failure["details"]["reason"] == "state"
    assert house.vanthu.running
    assert house.vanthu.pid == supervisor
    filler.unlink()
    assert send("hold").code == 250
    wait_until(lambda: not differences(house.vanthu.inside("journal"), house.vanthu.page()))


def test_what_the_supervisor_could_not_write_is_written_when_there_is_room(open_house: Callable[..., House]) -> None:
    """The journal tells which policy came into force, and the status who runs, though both disks were full then."""
    house = open_house(small={"state": "2m", "journal": "2m"})
    fillers = [fill(house.vanthu.inside(name)) for name in ("state", "journal")]
    house.vanthu.signal(signal.SIGHUP)
    wait_until(lambda: "reloaded" in house.vanthu.said())
    assert house.vanthu.status()["generation"] == 1
    for filler in fillers:
        filler.unlink()
    wait_until(lambda: house.vanthu.status()["generation"] == 2)
    assert len(house.vanthu.wait_for_records(2, "reload")) == 2
