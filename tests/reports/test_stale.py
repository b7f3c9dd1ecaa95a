"""Who does not use his mailbox, and who uses one that nobody issued."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from support import month, records
from vanthu.directory.model import Agency, Mailbox, Register
from vanthu.facts.model import Recipient, Sender
from vanthu.projections.store_logins import put
from vanthu.projections.store_queries import Questions
from vanthu.reports.stale import Stale, find

TODAY = date(2026, 11, 20)
ZONE = month.PLACE.calendar.zone
REGISTER = Register(
    {"so": Agency("so", "Sở", domains=("x.gov.vn",))},
    {
        m.address: m
        for m in (
            Mailbox("sends@x.gov.vn", agency="so"),
            Mailbox("gets@x.gov.vn", agency="so"),
            Mailbox("silent@x.gov.vn", agency="so"),
            Mailbox("new@x.gov.vn", agency="so", valid_from=TODAY - timedelta(days=5)),
            Mailbox("gone@x.gov.vn", agency="so", valid_to=TODAY - timedelta(days=1)),
            Mailbox("scanner@x.gov.vn", agency="so", role="system"),
        )
    },
)


def stale(folder: Path, days: int) -> Stale:
    to = (Recipient("Gets@x.gov.vn", "x.gov.vn", "official"),)
    made = [
        records.message(time=records.NOON - timedelta(days=40)),
        records.message(sender=Sender("SENDS@x.gov.vn", class_="official")),
        records.message(sender=Sender("nobody@x.gov.vn", class_="official")),
        records.message(sender=Sender("own@y.vn", class_="official")),
        records.message(sender=Sender("guest@firm.vn")),
        records.message(direction="inbound", sender=Sender("silent@x.gov.vn"), recipients=to),
    ]
    with Questions(month.fill(folder, made)) as store:
        return find(store, REGISTER, TODAY, days, ZONE, frozenset(["y.vn"]))


def test_unused_and_unissued(tmp_path: Path) -> None:
    found = stale(tmp_path, 30)
    assert [one.address for one in found.unused] == ["silent@x.gov.vn"]
    assert found.unissued == ("nobody@x.gov.vn", "own@y.vn")
    assert found.complete


def test_a_store_that_is_too_young_is_told(tmp_path: Path) -> None:
    assert not stale(tmp_path, 90).complete


def test_an_empty_store(tmp_path: Path) -> None:
    with Questions(f"sqlite:///{tmp_path}/none.db") as store:
        found = find(store, REGISTER, TODAY, 90, ZONE, frozenset())
    assert len(found.unused) == 3
    assert not found.complete


def test_who_only_reads_is_told_apart(tmp_path: Path) -> None:
    url = month.fill(tmp_path, [records.message(time=records.NOON - timedelta(days=40))])
    old, new = (records.NOON - timedelta(days=days) for days in (35, 3))
    put(url, {("sends@x.gov.vn", old.date()): old, ("silent@x.gov.vn", new.date()): new})
    put(url, {("silent@x.gov.vn", new.date()): new - timedelta(hours=1)})  # an earlier part of the log
    with Questions(url) as store:
        found = find(store, REGISTER, TODAY, 30, ZONE, frozenset())
    assert [one.address for one in found.reading] == ["silent@x.gov.vn"]
    assert "sends@x.gov.vn" in [one.address for one in found.unused]
    assert found.last_logins == {"sends@x.gov.vn": old, "silent@x.gov.vn": new}
