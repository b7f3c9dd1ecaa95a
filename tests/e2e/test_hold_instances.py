"""Two Postfix instances on one host whose held mails have the same queue id: who frees one never gets the other."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.client import Client
from support.places import open_folder
from support.postfix import Listener, Postfix, milter
from support.process import Daemon, accepts
from support.waiting import wait_until

from .conftest import LOGIN, House
from .test_hold import HELPER, TO

NAME = "postfix-out"
SAME = "4jXvXv4STMzMKnZ"


@dataclass(frozen=True, slots=True)
class Two:
    """The house, whose Postfix is the first instance, and the one beside it."""

    house: House
    second: Postfix

    def vanthu(self, *arguments: str, code: int = 0) -> str:
        done = subprocess.run([*self.house.vanthu.command, "hold", *arguments], capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def listed(self) -> dict[str, dict[str, Any]]:
        return {one["instance"]: one for one in json.loads(self.vanthu("list", "--json"))}

    def held(self) -> list[int]:
        """How many mails are on hold in each."""
        return [
            sum(entry["queue_name"] == "hold" for entry in one.queue()) for one in (self.house.postfix, self.second)
        ]


@pytest.fixture
def two(open_house: Callable[..., House]) -> Iterator[Two]:
    house = open_house({"postfix": {"helper": str(HELPER)}})
    yield from beside(house)


def beside(house: House) -> Iterator[Two]:
    """Puts the second instance beside the first, and mail of one queue id on hold in both."""
    listener = Listener("egress", milters=milter(house.vanthu.socket), daemon_name="egress")
    names = {"multi_instance_name": NAME, "multi_instance_enable": "yes", "myhostname": "out.hathanh.gov.vn"}
    with Postfix([listener], next_hop=house.sink.port, parameters=names) as second:
        house.postfix.command("postconf", "-e", f"multi_instance_directories = {second.config}")
        house.vanthu.write(
            house.vanthu.settings
            | {"postfix": {**house.vanthu.settings["postfix"], "config_dir": str(house.postfix.config)}}
        )
        for subject, client, postfix in (
            ("hold first", house.client(), house.postfix), ("hold second", Client(second.ports["egress"]), second),
        ):  # fmt: skip
            mail = f"From: {LOGIN}\r\nTo: {TO}\r\nSubject: {subject}\r\n\r\nx\r\n".encode()
            queue_id = client.send(LOGIN, [TO], mail).queue_id
            assert queue_id
            rename(house, postfix, queue_id)
        yield Two(house, second)


def rename(house: House, postfix: Postfix, queue_id: str) -> None:
    """As if chance had given this mail the id: in the queue, and in what was journalled of it."""
    (file,) = (postfix.queue_folder / "hold").rglob(queue_id)
    place = Path(file)
    place.rename(place.with_name(SAME))
    for journal in house.vanthu.journal.glob("*.jsonl"):
        journal.write_bytes(journal.read_bytes().replace(f'"{queue_id}"'.encode(), f'"{SAME}"'.encode()))


def test_each_is_listed_with_its_own_record(two: Two) -> None:
    found = two.listed()
    assert set(found) == {"-", NAME}
    assert [one["queue_id"] for one in found.values()] == [SAME, SAME]
    records = {one["facts"]["subject"]: one for one in two.house.vanthu.records()}
    assert found["-"]["record"] == records["hold first"]["id"]
    assert found[NAME]["record"] == records["hold second"]["id"]
    assert records["hold first"]["instance"] != records["hold second"]["instance"] == "out.hathanh.gov.vn"
    text = two.vanthu("list").splitlines()
    assert [line.split()[0] for line in text] == ["-", NAME]
    assert "hold second" not in two.vanthu("show", SAME, "--instance", "-")


def test_nothing_is_freed_as_long_as_two_could_be_meant(two: Two) -> None:
    said = two.vanthu("release", SAME, "--why", "agreed by phone", code=1)
    assert f"--instance - or --instance {NAME}" in said
    assert "in the instance egress" in two.vanthu(
        "release", SAME, "--why", "agreed by phone", "--instance", "egress", code=1
    )
    assert two.held() == [1, 1]
    assert not two.house.vanthu.records("hold")


@pytest.mark.parametrize(("name", "left"), [("-", [0, 1]), (NAME, [1, 0])])
def test_the_one_that_is_named_is_freed(two: Two, name: str, left: list[int]) -> None:
    record = two.listed()[name]["record"]
    two.vanthu("delete", SAME, "--why", "agreed by phone", "--instance", name)
    assert two.held() == left
    done = two.house.vanthu.records("hold")[-1]
    assert (done["details"]["action"], done["details"]["record"]) == ("delete", record)
    assert done["instance"] == next(one["instance"] for one in two.house.vanthu.records() if one["id"] == record)


def test_by_the_socket_with_two_persons(open_house: Callable[..., House]) -> None:
    """The unit names the first instance; the helper knows the other one by the first one's word."""
    with open_folder("door") as folder:
        (folder / "requests").mkdir(mode=0o700)
        socket = folder / "hold.sock"
        house = open_house({"postfix": {"helper": f"unix:{socket}"}})
        serve = ["systemd-socket-activate", "--accept", "--inetd", "-l", socket, HELPER, "-c", house.postfix.config]
        daemon = Daemon([*serve, "--socket"], output=folder / "said")
        try:
            daemon.wait_until(lambda: accepts(socket))
            for two in beside(house):
                two.vanthu("release", SAME, "--why", "agreed by phone", "--instance", NAME)
                (delivery,) = house.sink.wait_for(1)
                assert b"hold second" in delivery.raw
                wait_until(lambda two=two: two.held() == [1, 0])  # type: ignore[misc]
                two.vanthu("delete", SAME, "--why", "agreed by phone")
                assert two.held() == [0, 0]
        finally:
            daemon.stop()


@pytest.mark.parametrize("name", ["postfix-other", "..", "-"])
def test_the_helper_knows_only_instances_beside_the_first(two: Two, name: str) -> None:
    command = [HELPER, "-c", two.house.postfix.config, "release", SAME, name]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout[:9]) == (1, "refused: ")
    assert two.held() == [1, 1]
