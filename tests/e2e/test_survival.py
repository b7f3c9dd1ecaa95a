"""Whatever dies, nothing is lost and nothing passes unfiltered: client, Postfix, sink and journal keep books."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from typing import Any

from support.accountant import findings
from support.books import differences
from support.ledger import Arrival, Books, Finding, Promise, Written
from support.load import HOA, RATE, Load
from support.postfix import Listener
from support.postfix_log import PostfixLog
from support.waiting import wait_until

from .conftest import LOGIN, House


def test_books_agree_after_every_kind_of_death(open_house: Callable[..., House]) -> None:
    house = open_house()
    with Load(house.client()) as load:
        for strike in (kill_workers, kill_steward, reload, kill_one_worker, reload, kill_supervisor, kill_one_worker):
            time.sleep(1.5)
            strike(house)
        time.sleep(2.0)
    house.postfix.wait_until_quiet(60)
    audit(house, load)


def kill_workers(house: House) -> None:
    for child in house.vanthu.children("worker"):
        kill(child)


def kill_one_worker(house: House) -> None:
    kill(house.vanthu.children("worker")[0])


def kill_steward(house: House) -> None:
    kill(house.vanthu.children("steward")[0])


def reload(house: House) -> None:
    house.vanthu.signal(signal.SIGHUP)


def kill_supervisor(house: House) -> None:
    """What systemd does next is start it again, while the orphans still drain."""
    house.vanthu.kill_supervisor()
    house.vanthu.start()


def kill(child: dict[str, Any]) -> None:
    try:
        os.kill(child["pid"], signal.SIGKILL)
    except ProcessLookupError:
        return


def audit(house: House, load: Load) -> None:
    """Client, Postfix, sink, journal, store and metrics tell the same story."""
    codes = Counter(reply.code for reply in load.replies)
    assert set(codes) <= {250, 451, 421}, codes
    assert codes[250] > RATE, codes
    wait_until(lambda: Counter(stored(house)) == Counter(record["id"] for record in house.vanthu.records()))
    wait_until(lambda: not differences(house.vanthu.journal, house.vanthu.page()))
    # A mail that was told to come again did not: nobody can miss it.
    found = [str(one) for one in examined(house, load) if "no answer for good" not in one.text]
    assert not found, "\n".join(found)


def examined(house: House, load: Load) -> list[Finding]:
    """What the accountant finds."""
    log = PostfixLog(house.postfix.maillog)
    log.read()
    return findings(
        Books(
            promises={key: Promise("pass", frozenset({HOA}), marked=True) for key in load.sent},
            tries=load.tries,
            postfix=log.entries,
            held=frozenset(),
            arrivals=[Arrival.of(delivery) for delivery in house.sink.deliveries],
            journal=[Written.of(record) for record in house.vanthu.records(None)],
            stored=Counter(stored(house)),
        )
    )


def stored(house: House) -> list[str]:
    """The ids of message records in the store."""
    with closing(sqlite3.connect(house.vanthu.folder / "store.db")) as store:
        return [row[0] for row in store.execute("select id from records where kind = 'message'")]


def test_the_accountant_sees_mail_that_went_round_the_filter(open_house: Callable[..., House]) -> None:
    """Postfix without our milter: everything is delivered, and nothing of it may be called clean."""
    house = open_house(more=[Listener("open")])
    with Load(house.client("open"), rate=20) as load:
        time.sleep(0.5)
    house.sink.wait_for(len(load.sent))
    house.postfix.wait_until_quiet(60)
    found = examined(house, load)
    assert Counter(one.kind for one in found) == {"unfiltered": 2 * len(load.sent)}
    assert all("queue active" in one.story for one in found)


def test_rolling_restarts_under_load_cost_no_mail_a_temporary_failure(house: House) -> None:
    with Load(house.client()) as load:
        for _ in range(4):
            time.sleep(1.0)
            generation = house.vanthu.status()["generation"]
            house.vanthu.signal(signal.SIGHUP)
            wait_until(lambda before=generation: house.vanthu.status()["generation"] > before)
    assert Counter(reply.code for reply in load.replies) == {250: len(load.replies)}
    audit(house, load)


def test_a_reload_while_successors_are_due_leaves_nobody_too_many(open_house: Callable[..., House]) -> None:
    """Dead workers wait for their successors; the reload brings a whole generation meanwhile."""
    house = open_house()
    for _ in range(4):  # those of a short life are replaced later each time
        kill_workers(house)
        wait_until(lambda: len(alive(house)) == 2)
    kill_workers(house)
    reload(house)
    wait_until(lambda: house.vanthu.status()["generation"] == 2 and len(alive(house)) == 2)
    deadline = time.monotonic() + 4  # longer than the pause that the successors had to make
    while time.monotonic() < deadline:
        assert len(alive(house)) <= 2
        time.sleep(0.1)


def alive(house: House) -> list[int]:
    """Workers that are there."""
    return [child["pid"] for child in house.vanthu.children("worker") if exists(child["pid"])]


def test_a_broken_policy_on_reload_keeps_the_running_one(open_house: Callable[..., House]) -> None:
    house = open_house()
    house.vanthu.write(house.vanthu.settings | {"installation": "demo", "polices": "typo"})
    house.vanthu.signal(signal.SIGHUP)
    wait_until(lambda: house.vanthu.status()["last_reload"]["ok"] is False)
    (problem,) = house.vanthu.status()["last_reload"]["problems"]
    assert "unknown key polices; did you mean policies?" in problem
    assert house.client().send(LOGIN, [HOA], b"Subject: reject\r\n\r\nx\r\n").code == 550
    wait_until(lambda: "vanthu_config_last_reload_successful 0.0" in house.vanthu.page())
    house.vanthu.write({key: value for key, value in house.vanthu.settings.items() if key != "polices"})
    house.vanthu.signal(signal.SIGHUP)
    wait_until(lambda: house.vanthu.status()["last_reload"]["ok"] is True)
    wait_until(lambda: "vanthu_config_last_reload_successful 1.0" in house.vanthu.page())


def test_a_drain_lets_an_open_session_finish(house: House) -> None:
    with smtplib.SMTP("127.0.0.1", house.postfix.ports["plain"], timeout=20) as client:
        client.ehlo("client.example")
        assert client.mail(LOGIN)[0] == 250
        house.vanthu.signal(signal.SIGHUP)
        wait_until(lambda: house.vanthu.status()["generation"] == 2 and len(house.vanthu.children("worker")) > 2)
        assert client.rcpt(HOA)[0] == 250
        assert client.data(b"Subject: x\r\n\r\nx\r\n")[0] == 250
    wait_until(lambda: len(house.vanthu.children("worker")) == 2)
    assert len(house.vanthu.wait_for_records(1)) == 1


def test_sigterm_drains_and_leaves_nothing_behind(house: House) -> None:
    house.client().send(LOGIN, [HOA], b"Subject: x\r\n\r\nx\r\n")
    house.vanthu.wait_for_records(1)
    pids = [child["pid"] for child in house.vanthu.children()]
    house.vanthu.signal(signal.SIGTERM)
    wait_until(lambda: not house.vanthu.running)
    for pid in pids:
        wait_until(lambda pid=pid: not exists(pid))
    assert house.client().send(LOGIN, [HOA], b"Subject: x\r\n\r\nx\r\n").code == 451


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_drain_does_not_wait_for_sockets_that_are_not_the_mtas(open_house: Callable[..., House]) -> None:
    """A worker has asked the broker, and a name server that never answers; neither keeps it from leaving."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        server = f"127.0.0.1:{silent.getsockname()[1]}"
        house = open_house({"milter": {"drain": 120}, "dns": {"enabled": True, "servers": [server]}})
        raw = (
            b"Subject: x\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            b"JVBERi0xLjQKMSAwIG9iago8PD4+CmVuZG9iagp0cmFpbGVyCjw8Pj4KJSVFT0YK\r\n"
        )
        assert house.client().send(LOGIN, [HOA, "x@unlisted.example"], raw).code == 250
        house.vanthu.signal(signal.SIGTERM)
        wait_until(lambda: not house.vanthu.running, 30)
