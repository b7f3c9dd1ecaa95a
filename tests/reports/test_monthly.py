"""The monthly report says what the records and the register of each month say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from support import month as made_up
from support import records
from support.month import LATER, OCTOBER, PLACE
from vanthu.directory.model import Agency, Mailbox, Register
from vanthu.facts.model import Challenge, Document, Forward, Official, Recipient, Secrecy, Sender
from vanthu.journal.record import Record
from vanthu.policy.decision import Decision, Exempted
from vanthu.projections.store_queries import Questions
from vanthu.reports.figures import Figures
from vanthu.reports.monthly import make
from vanthu.reports.months import Month
from vanthu.reports.report import Report


def report(
    folder: Path, made: list[Record], register: Register | None = None, month: Month = OCTOBER, *,
    by_mailbox: bool = False,
) -> Report:  # fmt: skip
    with Questions(made_up.fill(folder, made)) as store:
        return make(
            store, made_up.register() if register is None else register, month, PLACE, LATER, by_mailbox=by_mailbox
        )


def sent(day: date, hour: int = 9, number: int = 0, slug: str = "so-y-te", **changes: object) -> Record:
    """A mail sent on a local day and hour by a mailbox of the register."""
    time = datetime(day.year, day.month, day.day, hour, tzinfo=PLACE.calendar.zone).astimezone(UTC)
    sender = Sender(f"U{number}.{slug}@x.gov.vn", class_="official", registered=True, agency=slug, role="personal")
    return records.message(time=time, sender=sender, **changes)


def own(found: Report, slug: str) -> Figures:
    return next(line.own.now for line in (*found.agencies, *found.outside) if line.slug == slug)


def test_an_empty_store_gives_zeros(tmp_path: Path) -> None:
    with Questions(f"sqlite:///{tmp_path}/none.db") as store:
        found = make(store, Register({}, {}), OCTOBER, PLACE, LATER)
    assert found.total.now == found.total.year_ago == Figures()
    assert (found.agencies, found.actions, found.outside) == ((), (), ())
    assert [point.month for point in found.trend][::11] == ["2025-11", "2026-10"]
    assert found.working_days == 22


def test_regular_use_is_mail_on_ten_working_days(tmp_path: Path) -> None:
    days = OCTOBER.working_days(PLACE.calendar)
    made = [sent(day, number=0) for day in days[:10]]
    made += [sent(day, number=1) for day in days[:9]]
    made += [sent(date(2026, 10, day), number=1) for day in (3, 4, 10, 11)]  # Saturdays and Sundays
    made += [sent(days[0], hour, number=2) for hour in range(8, 20)]
    figures = own(report(tmp_path, made), "so-y-te")
    assert (figures.issued, figures.used, figures.sending) == (30, 1, 3)


def test_the_first_and_the_last_hour_of_a_month_are_local(tmp_path: Path) -> None:
    made = [
        sent(date(2026, 9, 30), 23),
        sent(date(2026, 10, 1), 0),
        sent(date(2026, 10, 31), 23),
        sent(date(2026, 11, 1), 0),
    ]
    found = report(tmp_path, made)
    assert (found.total.now.sent, found.total.before.sent) == (2, 1)
    assert found.complete


def test_shares_directions_and_public_mailboxes(tmp_path: Path) -> None:
    document = Official(0.9, (Document("body", signed=True), Document("attachment:1")))
    to = (
        Recipient("a@gmail.com", "gmail.com", "public", "google"),
        Recipient("b@y.gov.vn", "y.gov.vn", "government"),
        Recipient("c@firm.vn", "firm.vn", "hosted"),
        Recipient("d@yahoo.com", "yahoo.com", "public", "yahoo"),
    )
    day = date(2026, 10, 5)
    verdicts = ("challenge", "accept", "warn", "strip")
    found = report(
        tmp_path,
        [
            sent(day, official=document, recipients=to, decision=Decision("challenge", verdicts)),
            sent(day, direction="internal", forward=Forward("automatic", 1.0, agency="so-noi-vu")),
            sent(day, secrecy=Secrecy("mat", 0.9)),
            sent(day, decision=Decision("accept", ("accept",), exempted=(Exempted("a", "hoa-toc", (0,)),))),
            sent(day, direction="foreign"),
        ],
    )
    health = own(found, "so-y-te")
    assert (health.sent, health.documents_sent, health.documents_signed) == (2, 2, 1)
    assert (health.carried, health.carried_offices, health.official_share) == (4, 1, 0.25)
    assert (health.public, health.public_documents, health.challenged, health.stripped, health.warned) == (
        3,
        2,
        1,
        1,
        0,
    )
    assert own(found, "so-noi-vu").forwards_automatic == 1
    assert own(found, "withheld").sent == 1
    assert found.withheld == 1
    assert found.total.now.sent == 3
    use = found.exceptions[0]
    assert (use.exception, use.messages, use.owner, use.expires) == ("hoa-toc", 1, "attt@x.gov.vn", "2027-06-30")


def test_last_years_months_keep_last_years_structure(tmp_path: Path) -> None:
    def province() -> Register:
        agencies = {
            "ubnd-tinh": Agency("ubnd-tinh", "UBND tỉnh X"),
            "huyen": Agency("huyen", "UBND huyện Cũ", None, "ubnd-tinh", valid_to=date(2025, 6, 30)),
            "xa": Agency("xa", "UBND xã Mới", None, "ubnd-tinh", valid_from=date(2025, 7, 1)),
        }
        former = [Agency("xa", "UBND xã Cũ", None, "huyen", valid_to=date(2025, 6, 30))]
        return Register(agencies, {"a@x.gov.vn": Mailbox("a@x.gov.vn", "A", "xa")}, former=former)

    made = [sent(date(2025, 6, 2), slug="xa")]
    with Questions(made_up.fill(tmp_path, made)) as store:
        before = make(store, province(), Month(2025, 6), PLACE, LATER)
        after = make(store, province(), Month(2025, 7), PLACE, LATER)
    assert [(line.name, line.depth) for line in before.agencies] == [
        ("UBND tỉnh X", 0), ("UBND huyện Cũ", 1), ("UBND xã Cũ", 2),
    ]  # fmt: skip
    assert [(line.name, line.depth) for line in after.agencies] == [("UBND tỉnh X", 0), ("UBND xã Mới", 1)]
    assert [line.tree.sent for line in before.agencies if line.tree] == [1, 1]
    assert own(after, "xa").sent == 0
    assert after.agencies[1].own.before.sent == 1


def test_former_versions_in_a_circle_lose_nobody(tmp_path: Path) -> None:
    end = date(2026, 10, 31)
    register = Register(
        {"a": Agency("a", "A", valid_from=date(2026, 11, 1)), "b": Agency("b", "B", None, "a")},
        {},
        former=[Agency("a", "A", None, "b", valid_to=end)],
    )
    assert {line.slug for line in report(tmp_path, [], register).agencies} == {"a", "b"}


def test_small_agencies_are_counted_but_never_called_on(tmp_path: Path) -> None:
    forward = Forward("automatic", 1.0)
    made = [sent(date(2026, 10, 5), slug=slug, forward=forward) for slug in ("ubnd-xa-an-phu", "so-y-te")]
    found = report(tmp_path, made)
    assert [action.slug for action in found.actions] == ["so-y-te", "so-noi-vu"]
    assert dict(found.actions[0].reasons)["automatic"] == 1
    assert dict(found.actions[1].reasons) == {"silent": 30}
    assert own(found, "ubnd-xa-an-phu").forwards_automatic == 1
    assert found.small_agencies == 2


def test_no_person_unless_asked_for(tmp_path: Path) -> None:
    made = [sent(date(2026, 10, 5), official=Official(0.9))]
    plain = report(tmp_path, made)
    assert b"u0.so-y-te" not in msgspec.json.encode(plain).lower()
    assert plain.mailboxes is None
    found = report(tmp_path, [], by_mailbox=True).mailboxes
    assert found is not None
    assert len(found) == 63
    line = next(line for line in found if line.address == "u0.so-y-te@x.gov.vn")
    assert (line.days, line.messages, line.official, line.official_to_public) == (1, 1, 1, 1)


def test_every_total_is_the_sum_of_its_parts(tmp_path: Path) -> None:
    """Every total is the sum of its parts, in every month."""
    found = report(tmp_path, list(made_up.months(7, 5_000, datetime(2026, 10, 31, 10, tzinfo=UTC))))
    now = found.total.now
    roots = [line for line in found.agencies if line.depth == 0]
    parts = [line.tree or line.own.now for line in roots] + [line.own.now for line in found.outside]
    for name in Figures.__struct_fields__:
        assert sum(getattr(part, name) for part in parts) == getattr(now, name), name
    assert found.trend[-1].figures == now
    assert now.sent > 50


@pytest.mark.parametrize("day", [date(2026, 10, 15), date(2026, 10, 31)])
def test_a_month_that_goes_on_is_called_incomplete(tmp_path: Path, day: date) -> None:
    with Questions(made_up.fill(tmp_path, [])) as store:
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        assert not make(store, Register({}, {}), OCTOBER, PLACE, moment).complete
        assert make(store, Register({}, {}), OCTOBER, PLACE, moment + timedelta(days=31)).complete


def test_hours_of_relaxation_count_once_and_end_with_the_month_or_the_next_word(tmp_path: Path) -> None:
    def relax(day: int, hour: int, until: str, node: str = "mx1") -> Record:
        return records.event("relax", time=datetime(2026, 10, day, hour, tzinfo=UTC), node=node, until=until)

    made = [
        relax(5, 2, "2026-10-05T04:00:00+00:00"),
        relax(5, 3, "2026-10-05T05:00:00+00:00", "mx2"),
        relax(6, 2, "2026-10-06T10:00:00+00:00"),
        relax(6, 3, "2026-10-06T03:00:00+00:00"),  # taken back
        relax(31, 16, "2026-11-01T16:00:00+00:00"),
    ]
    assert report(tmp_path, made).relaxed_hours == 3 + 1 + 1
    assert report(tmp_path, []).total.now.sent == 0


def test_reasons_given_at_challenges_are_told_of_large_agencies_only(tmp_path: Path) -> None:
    day = date(2026, 10, 5)
    made = [
        sent(day, slug=slug, challenge=Challenge("valid", ("a",), why, alarm))
        for slug, why, alarm in (
            ("so-y-te", "gửi gấp cho đoàn công tác", False),
            ("so-y-te", "gửi gấp cho đoàn công tác", False),
            ("so-y-te", "nhầm", True),
            ("ubnd-xa-an-phu", "nhà em mất mạng", False),
        )
    ]
    found = report(tmp_path, made)
    assert [(line.slug, line.reason, line.messages) for line in found.reasons] == [
        ("so-y-te", "gửi gấp cho đoàn công tác", 2)
    ]
    assert (own(found, "so-y-te").confirmed, own(found, "so-y-te").false_alarms) == (3, 1)
