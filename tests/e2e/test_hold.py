"""Held mail, freed by people: real daemon, real Postfix, the real helper, and the journal that tells who did it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.places import open_folder
from support.process import Daemon, accepts
from support.waiting import wait_until

from .conftest import LOGIN, House

HELPER = Path(__file__).parents[2] / "deploy" / "postfix" / "hold-helper"
TO = "canbo@ngoaivu.danang.gov.vn"
MAIL = f"From: {LOGIN}\r\nTo: {TO}\r\nSubject: hold this\r\n\r\nnoi dung bi mat\r\n".encode()
BY_HAND = ["--why", "checked with the head"]


@pytest.fixture
def hold_house(open_house: Callable[..., House]) -> House:
    return open_house({"postfix": {"helper": str(HELPER)}})


def vanthu(house: House, *arguments: str, code: int = 0) -> str:
    command = [*house.vanthu.command, "hold", *arguments, "--config-dir", str(house.postfix.config)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def listed(house: House, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(vanthu(house, "list", "--json", *arguments))
    return found


def put_on_hold(house: House, raw: bytes = MAIL, sender: str = LOGIN) -> str:
    reply = house.client().send(sender, [TO], raw)
    assert reply.code == 250
    assert reply.queue_id
    assert reply.queue_id in {entry["queue_id"] for entry in house.postfix.queue() if entry["queue_name"] == "hold"}
    return reply.queue_id


def actions(house: House, queue_id: str) -> list[str]:
    return [line["details"]["action"] for line in house.vanthu.records("hold") if line["queue_id"] == queue_id]


def gone(house: House, queue_id: str) -> bool:
    return queue_id not in {entry["queue_id"] for entry in house.postfix.queue()}


def test_release_delivers_once_without_a_second_verdict(hold_house: House) -> None:
    house = hold_house
    queue_id = put_on_hold(house)
    (entry,) = listed(house)
    assert (entry["queue_id"], entry["sender"], entry["recipients"]) == (queue_id, LOGIN, 1)
    assert entry["rules"] == ["lab-hold"]
    assert entry["record"] == house.vanthu.records()[0]["id"]
    house.vanthu.wait_for_metric("vanthu_held_messages", 1)
    vanthu(house, "release", queue_id, "--by", "Trần Thị Bình", *BY_HAND)
    (delivery,) = house.sink.wait_for(1)
    assert delivery.recipients == (TO.encode(),)
    wait_until(lambda: gone(house, queue_id))
    house.vanthu.wait_for_metric("vanthu_held_messages", 0)
    assert len(house.vanthu.records()) == 1, "the milter is not asked again"
    assert len(house.sink.deliveries) == 1
    attempt, done = house.vanthu.records("hold")
    assert (attempt["details"]["action"], done["details"]["action"]) == ("attempt", "release")
    assert done["queue_id"] == queue_id
    assert done["node"] == "lab"
    assert done["details"]["by"] == "Trần Thị Bình"
    assert done["details"]["why"] == "checked with the head"
    assert done["details"]["record"] == entry["record"]
    assert done["details"]["login"]


def test_return_goes_back_to_the_sender(hold_house: House) -> None:
    queue_id = put_on_hold(hold_house)
    vanthu(hold_house, "return", queue_id, *BY_HAND)
    (delivery,) = hold_house.sink.wait_for(1)
    assert (delivery.sender, delivery.recipients) == (b"", (LOGIN.encode(),))
    assert b"multipart/report" in delivery.raw
    hold_house.vanthu.wait_for_metric("vanthu_held_messages", 0)
    assert actions(hold_house, queue_id) == ["attempt", "return"]


def test_delete_tells_nobody(hold_house: House) -> None:
    keep, queue_id = put_on_hold(hold_house), put_on_hold(hold_house)
    vanthu(hold_house, "delete", queue_id, *BY_HAND)
    assert gone(hold_house, queue_id)
    assert [one["queue_id"] for one in listed(hold_house)] == [keep]
    hold_house.vanthu.wait_for_metric("vanthu_held_messages", 1)
    assert actions(hold_house, queue_id) == ["attempt", "delete"]
    assert not hold_house.sink.deliveries


def test_mail_of_the_null_sender_cannot_be_returned(hold_house: House) -> None:
    queue_id = put_on_hold(hold_house, sender="")
    assert "null sender" in vanthu(hold_house, "return", queue_id, *BY_HAND, code=1)
    assert [one["queue_id"] for one in listed(hold_house)] == [queue_id]
    assert actions(hold_house, queue_id) == []


def test_show_tells_facts_and_rule_but_no_content(hold_house: House) -> None:
    queue_id = put_on_hold(hold_house)
    page = vanthu(hold_house, "show", queue_id)
    whole = vanthu(hold_house, "show", queue_id, "--json")
    assert "lab-hold" in page
    assert TO in page
    assert json.loads(whole)["decision"]["verdict"] == "hold"
    assert json.loads(whole)["facts"]["recipients"][0]["address"] == TO
    for text in (page, whole):
        assert "noi dung" not in text
    looked = [record["details"] for record in hold_house.vanthu.records("lookup")]
    assert [(one["what"], one["queue_id"]) for one in looked] == [("hold show", queue_id)] * 2
    assert "not on hold" in vanthu(hold_house, "show", "4jXvXv4STMzMKnZ", code=1)


def test_mail_that_others_put_on_hold_is_listed_without_a_rule(hold_house: House) -> None:
    hold_house.sink.stop()
    queue_id = hold_house.client().send(LOGIN, [TO], MAIL.replace(b"hold this", b"plain")).queue_id
    assert queue_id
    wait_until(lambda: any(entry["queue_name"] == "deferred" for entry in hold_house.postfix.queue()))
    hold_house.postfix.command("postsuper", "-h", queue_id)
    (entry,) = listed(hold_house)
    assert entry["queue_id"] == queue_id
    assert entry["rules"] == []
    assert "not held by vanthu" in vanthu(hold_house, "list")


def test_only_old_mail_where_asked(hold_house: House) -> None:
    put_on_hold(hold_house)
    assert listed(hold_house, "--older", "7d") == []
    assert len(listed(hold_house)) == 1
    assert "write 30m, 12h or 7d" in vanthu(hold_house, "list", "--older", "soon", code=2)


def test_a_reason_is_needed(hold_house: House) -> None:
    queue_id = put_on_hold(hold_house)
    assert "--why" in vanthu(hold_house, "release", queue_id, code=2)
    assert "--why" in vanthu(hold_house, "release", queue_id, "--why", " \n ", code=2)
    assert actions(hold_house, queue_id) == []


def test_nothing_is_freed_when_the_journal_cannot_be_written(hold_house: House) -> None:
    queue_id = put_on_hold(hold_house)
    hold_house.vanthu.write(hold_house.vanthu.settings | {"journal": {"path": "/proc/self/fdinfo"}})
    assert "cannot open a journal file" in vanthu(hold_house, "release", queue_id, *BY_HAND, code=1)
    assert not gone(hold_house, queue_id)


def test_a_helper_that_is_not_there_leaves_an_attempt_and_the_mail(hold_house: House) -> None:
    queue_id = put_on_hold(hold_house)
    hold_house.vanthu.write(hold_house.vanthu.settings | {"postfix": {"helper": "/nowhere/hold-helper"}})
    assert "hold helper" in vanthu(hold_house, "release", queue_id, *BY_HAND, code=1)
    assert actions(hold_house, queue_id) == ["attempt"]
    assert not gone(hold_house, queue_id)


def test_two_persons(open_house: Callable[..., House]) -> None:
    house = open_house({"postfix": {"helper": str(HELPER), "two_persons": True}})
    queue_id = put_on_hold(house)

    def ask(uid: str, by: str, verb: str = "release", code: int = 0) -> str:
        # What sudo tells of its caller; the audit id is not set in a test run without a login.
        program = "import os, sys; os.environ['SUDO_UID'] = sys.argv.pop(1); from vanthu.cli.main import main; main()"
        arguments = ["hold", verb, queue_id, "--by", by, *BY_HAND, "--config-dir", str(house.postfix.config)]
        done = subprocess.run(
            [sys.executable, "-c", program, uid, "--config", str(house.vanthu.config), *arguments],
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    assert "second person" in ask("1", "An")
    assert "request" in json.loads(vanthu(house, "show", queue_id, "--json"))
    assert "asked for" in vanthu(house, "show", queue_id)
    assert "somebody else" in ask("1", "Bình", code=1)
    assert "somebody else" in ask("2", "an", code=1)
    assert not house.sink.deliveries
    assert "released" in ask("2", "Bình")
    house.sink.wait_for(1)
    assert actions(house, queue_id) == ["request", "attempt", "release"]
    done = house.vanthu.records("hold")[-1]["details"]
    assert (done["asked_by"], done["by"]) == ("An", "Bình")


def test_two_persons_by_the_socket_are_told_apart_by_the_kernel(open_house: Callable[..., House]) -> None:
    with open_folder("door") as folder:
        (folder / "requests").mkdir(mode=0o700)
        socket = folder / "hold.sock"
        house = open_house({"postfix": {"helper": f"unix:{socket}", "two_persons": True}})
        queue_id = put_on_hold(house)
        helper = [HELPER, "-c", house.postfix.config, "--two-persons", folder / "requests", "--socket"]
        serve = ["systemd-socket-activate", "--accept", "--inetd", "-l", socket]
        daemon = Daemon([*serve, *helper], output=folder / "said")
        try:
            daemon.wait_until(lambda: accepts(socket))

            def ask(person: int, by: str, code: int = 0) -> str:
                program = (
                    "import sys; open('/proc/self/loginuid', 'w').write(sys.argv.pop(1));"
                    "from vanthu.cli.main import main; main()"
                )
                arguments = ["hold", "release", queue_id, "--by", by, *BY_HAND]
                arguments += ["--config-dir", str(house.postfix.config)]
                done = subprocess.run(
                    [sys.executable, "-c", program, str(person), "--config", str(house.vanthu.config), *arguments],
                    capture_output=True, text=True,
                )  # fmt: skip
                assert done.returncode == code, done.stdout + done.stderr
                return done.stdout + done.stderr

            assert "second person" in ask(1, "An")
            assert "somebody else" in ask(1, "Bình", code=1)
            # Whoever forges the request that the command keeps still does not get past the helper.
            (request,) = (house.vanthu.state / "hold").glob("*.json")
            request.write_text(request.read_text().replace('"login":"daemon"', '"login":"nobody"'))
            assert "who asked to release" in ask(1, "Bình", code=1)
            assert not house.sink.deliveries
            assert "released" in ask(2, "Bình")
            house.sink.wait_for(1)
        finally:
            daemon.stop()
