"""What reports are told agrees with the records, counted again in plain Python."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support import month, records
from vanthu.facts.model import Attachment, Challenge, Forward, Hop
from vanthu.journal.record import Record
from vanthu.policy.decision import Decision, Exempted
from vanthu.projections.counting import agency_of
from vanthu.projections.store_counts import Span
from vanthu.projections.store_queries import OFFICIAL, PUBLIC, Questions

DAY = Span(records.NOON, records.NOON + timedelta(days=1))


def messages(found: list[Record]) -> list[Record]:
    return [one for one in found if one.kind == "message" and DAY.begin <= one.time < DAY.end]


def test_counts_agree_with_the_records(tmp_path: Path) -> None:
    made = records.a_day(5, 1500)
    with Questions(month.fill(tmp_path, made)) as store:
        counts, details = store.counts(DAY), store.details(DAY)
        senders = store.senders(DAY)
    traffic: Counter[tuple[str, str]] = Counter()
    documents: Counter[tuple[str, str, bool]] = Counter()
    recipients: Counter[tuple[str, str, str, bool, str]] = Counter()
    forwards: Counter[tuple[str, str, bool]] = Counter()
    unread: Counter[tuple[str, str]] = Counter()
    exceptions: Counter[tuple[str, str]] = Counter()
    confirmed: Counter[str] = Counter()
    for one in messages(made):
        facts, decision = one.facts, one.decision
        assert facts is not None and decision is not None
        agency = agency_of(facts)
        if facts.hop.parent is None:
            traffic[agency, facts.direction] += 1
            documents.update((agency, facts.direction, document.signed) for document in facts.official.documents)
            unread.update((agency, str(a.reason)) for a in facts.attachments if not a.inspected)
            confirmed[agency] += facts.challenge.status == "valid"
        recipients.update(
            (agency, facts.direction, to.class_, facts.official.score >= OFFICIAL, verdict)
            for to, verdict in zip(facts.recipients, decision.recipients, strict=True)
            if facts.direction in ("outbound", "internal")
        )
        if facts.forward.kind != "none":
            forwards[agency, facts.forward.kind, any(to.class_ in PUBLIC for to in facts.recipients)] += 1
        exceptions.update((one.rule, one.by) for one in decision.exempted)
    assert counts.messages == traffic
    assert counts.documents == documents
    assert counts.recipients == recipients
    assert counts.forwards == forwards
    assert counts.failures == sum(one.kind == "failure" for one in made)
    assert (details.unread, details.exceptions, details.confirmed) == (unread, exceptions, +confirmed)
    assert senders == {"an@x.gov.vn"}
    assert sum(counts.messages.values()) > 900


def test_the_end_of_a_span_is_not_in_it(tmp_path: Path) -> None:
    times = (DAY.begin - timedelta(microseconds=1), DAY.begin, DAY.end - timedelta(microseconds=1), DAY.end)
    with Questions(month.fill(tmp_path, [records.message(time=time) for time in times])) as store:
        assert store.counts(DAY).messages == {("so-y-te", "outbound"): 2}


def test_a_second_hop_counts_what_it_judged_alone(tmp_path: Path) -> None:
    second = records.message(
        hop=Hop("egress", "0" * 26),
        forward=Forward("automatic", 1.0, agency="so-noi-vu"),
        attachments=(Attachment("attachment:1", None, "application/zip", 1, "0" * 64, False, "encrypted"),),
        challenge=Challenge("valid", ("a",), "gấp", True),
        decision=Decision("strip", ("strip",), exempted=(Exempted("a", "b", (0,)),)),
    )
    with Questions(month.fill(tmp_path, [second])) as store:
        counts, details = store.counts(DAY), store.details(DAY)
    assert not counts.messages
    assert counts.forwards == {("so-noi-vu", "automatic", True): 1}
    assert counts.recipients == {("so-noi-vu", "outbound", "public", False, "strip"): 1}
    assert not details.unread
    assert not details.confirmed
    assert details.exceptions == {("a", "b"): 1}


def test_senders_and_addressees_are_asked_by_mailbox(tmp_path: Path) -> None:
    made = [records.message(), records.message(), records.message(direction="inbound")]
    with Questions(month.fill(tmp_path, made)) as store:
        assert store.by_sender(DAY) == {"an@soyte.x.gov.vn": (2, 0, 0)}
        assert store.addressees(DAY) == {"b@gmail.com"}


def test_a_store_that_is_not_there_counts_nothing_and_is_not_made(tmp_path: Path) -> None:
    with Questions(f"sqlite:///{tmp_path}/none.db") as store:
        counts = store.counts(Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)))
        assert not counts.messages
        assert counts.failures == 0
        assert store.senders(DAY) == frozenset()
    assert list(tmp_path.iterdir()) == []


def test_reading_does_not_stop_the_steward(tmp_path: Path) -> None:
    url = month.fill(tmp_path, [records.message()])
    with Questions(url) as store:
        assert store.counts(DAY).messages == {("so-y-te", "outbound"): 1}
        month.fill(tmp_path, [records.message()])
        assert store.counts(DAY).messages == {("so-y-te", "outbound"): 1}
    with Questions(url) as store:
        assert store.counts(DAY).messages == {("so-y-te", "outbound"): 2}
