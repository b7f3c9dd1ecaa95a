"""A store filled with made-up mail of several months, for reports."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import structs

from support import records
from vanthu.directory.model import Agency, Mailbox, Register
from vanthu.journal.ids import Ids
from vanthu.journal.reader import read_new
from vanthu.journal.record import Record
from vanthu.journal.writer import Writer
from vanthu.policy.hours import Calendar
from vanthu.projections.store import Store
from vanthu.reports.monthly import Place
from vanthu.reports.months import Month

PLACE = Place(
    "Tỉnh X",
    Calendar.of(
        ZoneInfo("Asia/Ho_Chi_Minh"), days=(1, 2, 3, 4, 5), start="07:30", end="17:00", holidays=("2026-09-02",)
    ),
    {"hoa-toc": ("attt@x.gov.vn", "2027-06-30")},
)
OCTOBER = Month(2026, 10)
LATER = datetime(2026, 11, 2, 3, tzinfo=UTC)


def nothing(text: str) -> None:
    raise AssertionError(text)


def fill(folder: Path, made: Iterable[Record], node: str = "mx1") -> str:
    """A journal of the records, loaded into an SQLite store; the URL of the store."""
    journal = folder / "journal"
    journal.mkdir(exist_ok=True)
    writer = Writer(journal, node, sync="none")
    for record in made:
        writer.append(record)
    writer.close()
    url = f"sqlite:///{folder}/store.db"
    store = Store(url, node, nothing)
    complete = False
    while not complete:
        cursor = store.cursor()
        batch = read_new(journal, cursor, 5000)
        store.take(batch, cursor)
        complete = batch.complete
    store.close()
    return url


def register(mailboxes: int = 30) -> Register:
    """A small province: two departments with ``mailboxes`` each, and a commune with three."""
    agencies = {
        agency.slug: agency
        for agency in (
            Agency("ubnd-tinh", "UBND tỉnh X", domains=("x.gov.vn",)),
            Agency("so-y-te", "Sở Y tế", "health", "ubnd-tinh"),
            Agency("so-noi-vu", "Sở Nội vụ", None, "ubnd-tinh"),
            Agency("ubnd-xa-an-phu", "UBND xã An Phú", None, "ubnd-tinh"),
        )
    }
    found = {}
    for slug, count in (("so-y-te", mailboxes), ("so-noi-vu", mailboxes), ("ubnd-xa-an-phu", 3)):
        for number in range(count):
            address = f"u{number}.{slug}@x.gov.vn"
            found[address] = Mailbox(address, f"Nguyễn Thị Số {number}", slug, "Chuyên viên")
    return Register(agencies, found)


def months(seed: int, count: int, last: datetime, span: int = 13, mailboxes: int = 30) -> Iterator[Record]:
    """Made-up mail of ``span`` months until ``last``, in the order of time, from the mailboxes of ``register``."""
    chance = random.Random(seed)
    begin = last - timedelta(days=30 * span)
    step = (last - begin) / count
    for number, record in enumerate(records.a_day(seed, count)):
        time = begin + step * number
        facts = record.facts
        if facts is not None:
            slug = facts.sender.agency
            people = 3 if slug == "ubnd-xa-an-phu" else mailboxes
            address = f"u{min(chance.randrange(people), chance.randrange(people))}.{slug}@x.gov.vn"
            facts = structs.replace(facts, time=time, sender=structs.replace(facts.sender, address=address))
        yield structs.replace(record, time=time, facts=facts)


_AGENCIES, _PEOPLE = 200, 40
_PATTERNS = 5_000  # different mails; only who, when and which differ beyond that


def many(count: int, last: datetime = datetime(2026, 10, 31, 10, tzinfo=UTC)) -> Iterator[Record]:
    """Mail of thirteen months of the ``province``, in the order of time, made as fast as it can be."""
    chance, ids = random.Random(1), Ids()
    patterns = records.a_day(1, min(count, _PATTERNS))
    begin = last - timedelta(days=395)
    step = (last - begin) / count
    for number in range(count):
        record, time = patterns[chance.randrange(len(patterns))], begin + step * number
        facts = record.facts
        if facts is not None:
            agency = f"a{chance.randrange(_AGENCIES)}"
            address = f"u{chance.randrange(_PEOPLE)}@{agency}.x.gov.vn"
            sender = structs.replace(facts.sender, address=address, agency=agency)
            facts = structs.replace(facts, time=time, sender=sender)
        yield structs.replace(record, id=ids.new(), time=time, facts=facts)


def province() -> Register:
    """Two hundred agencies with forty mailboxes each."""
    agencies = {"ubnd": Agency("ubnd", "UBND tỉnh X")}
    people = {}
    for number in range(_AGENCIES):
        slug = f"a{number}"
        agencies[slug] = Agency(slug, f"Sở số {number}", None, "ubnd")
        for person in range(_PEOPLE):
            address = f"u{person}@{slug}.x.gov.vn"
            people[address] = Mailbox(address, f"Nguyễn Văn {person}", slug)
    return Register(agencies, people)
