"""The store is away, restarted, killed, or has no room: mail goes on, and each record is counted and loaded once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from support.client import Reply
from support.load import HOA, Load
from support.postgres import Postgres
from support.waiting import wait_until
from vanthu.projections.store import open_engine
from vanthu.projections.store_tables import records

from .conftest import LOGIN, House


def stored(url: str) -> Counter[str]:
    """How often the store has the record of each mail."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return Counter(connection.scalars(select(records.c.id).where(records.c.kind == "message")))
    except SQLAlchemyError:
        return Counter()  # the tables are not made yet
    finally:
        engine.dispose()


def audit(house: House, load: Load, found: Callable[[], Counter[str]]) -> None:
    """No mail met a temporary failure; journal, metrics and store have each once."""
    assert Counter(reply.code for reply in load.replies) == {250: len(load.replies)}
    ids = Counter(record["id"] for record in house.vanthu.records())
    assert len(ids) == len(load.replies)
    wait_until(lambda: len(found()) >= len(ids), 90)
    assert found() == ids
    house.vanthu.wait_for_metric("vanthu_messages_total", len(ids))


def test_postgresql_is_restarted_and_killed_in_the_middle(open_house: Callable[..., House]) -> None:
    with Postgres() as server:
        url = server.database()
        house = open_house({"store": {"url": url}})
        with Load(house.client()) as load:
            for strike in (server.restart, server.restart, server.kill, server.start):
                time.sleep(1.0)
                strike()
            time.sleep(1.0)
        audit(house, load, lambda: stored(url))
    assert "store: works again" in house.vanthu.said()


def test_a_store_that_was_never_there_costs_nothing_and_catches_up(open_house: Callable[..., House]) -> None:
    with Postgres() as server:
        url = server.database()
        server.stop()
        house = open_house({"store": {"url": url}})
        with Load(house.client()) as load:
            time.sleep(2.0)
        house.vanthu.wait_for_metric("vanthu_messages_total", len(load.replies))
        server.start()
        audit(house, load, lambda: stored(url))


def fill(folder: Path) -> Path:
    """A file that leaves no byte of a file system free; deleting it makes room.

    Who replaces a file of his while this runs gives back the old one's room right after: three looks in turn have to
    find nothing free. What is freed later is taken by calling this again.
    """
    file = folder / "filler"
    looks = 0
    while looks < 3:
        looks = 0 if _taken(file) else looks + 1
        time.sleep(0.1)
    return file


def _taken(file: Path) -> int:
    """Bytes that were still free."""
    before = file.stat().st_size if file.exists() else 0
    with file.open("ab", buffering=0) as stream:
        for size in (1 << 16, 1):
            try:
                while stream.write(b"\0" * size) == size:
                    continue
            except OSError:
                continue
        return stream.tell() - before


def ids_in(store: str, pid: int) -> list[str]:
    """The ids in an SQLite store that only the daemon's mount namespace has."""
    asked = "SELECT id FROM records WHERE kind = 'message'"
    program = f"import sqlite3; print(*(row[0] for row in sqlite3.connect({store!r}).execute({asked!r})))"
    command = ["nsenter", f"--mount=/proc/{pid}/ns/mnt", sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()


def test_a_full_disk_of_the_store_stops_no_mail(open_house: Callable[..., House]) -> None:
    house = open_house(small={"store": "1m"})
    store = f"{house.vanthu.folder}/store/store.db"

    def found() -> Counter[str]:
        return Counter(ids_in(store, house.vanthu.pid))

    house.client().send(LOGIN, [HOA], b"Subject: x\r\n\r\nx\r\n")
    wait_until(lambda: len(found()) == 1)
    filler = fill(house.vanthu.inside("store"))
    with Load(house.client()) as load:
        wait_until(lambda: "store: OperationalError" in house.vanthu.said())
        time.sleep(1.0)
        filler.unlink()
        time.sleep(1.0)
    load.replies.append(Reply(250, "the first of all"))
    audit(house, load, found)


def test_a_full_disk_of_the_journal_defers_mail_and_loses_none(open_house: Callable[..., House]) -> None:
    house = open_house(small={"journal": "1m"})
    house.client().send(LOGIN, [HOA], b"Subject: x\r\n\r\nx\r\n")
    filler = fill(house.vanthu.inside("journal"))
    with Load(house.client()) as load:
        wait_until(lambda: sum(reply.code == 451 for reply in load.replies) > 20)
        filler.unlink()
        before = len(load.accepted)
        wait_until(lambda: len(load.accepted) > before + 20)
    assert set(Counter(reply.code for reply in load.replies)) == {250, 451}
    house.postfix.wait_until_quiet(60)
    recorded = Counter(record["queue_id"] for record in house.vanthu.records())
    delivered = Counter(delivery.queue_id for delivery in house.sink.deliveries)
    assert set(recorded.values()) == set(delivered.values()) == {1}
    assert load.accepted <= set(delivered) <= set(recorded)
    house.vanthu.wait_for_metric("vanthu_messages_total", len(recorded))
