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
from vanthu.projections.store_queries import OFFICIAL, Questions
from vanthu.projections.store_rows import PUBLIC

DAY = Span(records.NOON, records.NOON + timedelta(days=1))


def messages(found: list[Record]) -> list[Record]:
    return [one for one in found if one.kind == "message" and DAY.begin <= one.time < DAY.end]


def sorts(class_: str, verdict: str) -> set[str]:
    """Under which names a recipient of our own mail is counted."""
    befallen = {"warn": "warned", "challenge": "challenged", "strip": "stripped", "hold": "held", "reject": "refused"}
    found = {"recipients"} | ({"offices"} if class_ in ("official", "government") else set())
    return found | ({"public", befallen.get(verdict, "public")} if class_ in PUBLIC else set())


def test_counts_agree_with_the_records(tmp_path: Path) -> None:
    made = records.a_day(5, 1500)
    with Questions(month.fill(tmp_path, made)) as store:
        counts, details = store.counts(DAY), store.details(DAY)
        senders = store.senders(DAY)
    traffic: Counter[tuple[str, str]] = Counter()
    documents: Counter[tuple[str, str, bool]] = Counter()
    recipients: Counter[tuple[str, str, bool]] = Counter()
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
        if facts.direction in ("outbound", "internal"):
            carries = facts.official.score >= OFFICIAL
            for to, verdict in zip(facts.recipients, decision.recipients, strict=True):
                recipients.update((agency, sort, carries) for sort in sorts(to.class_, verdict))
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
    assert counts.recipients == {("so-noi-vu", sort, False): 1 for sort in ("recipients", "public", "stripped")}
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


def test_what_reviews_found_of_reported_false_alarms_counts_with_the_mail(tmp_path: Path) -> None:
    """The last review of a mail and a rule counts; one rule that was wrong is enough; no matter when it was said."""
    alarm = Challenge("valid", ("a", "b"), "nhầm", True)
    upheld, dismissed, unsure, turned = mails = [records.message(challenge=alarm) for _ in range(4)]
    honest = records.message(challenge=Challenge("valid", ("a",), "gấp"))

    def said(mail: Record, rule: str, found: bool | None) -> Record:
        return records.event(
            "review", time=DAY.end + timedelta(days=3), record=mail.id, rule=rule, upheld=found, by="attt"
        )

    reviews = [
        said(upheld, "a", False), said(upheld, "b", True),
        said(dismissed, "a", False),
        said(unsure, "a", None),
        said(turned, "a", True), said(turned, "a", False), said(turned, "b", None),
        said(honest, "a", True),
        records.event("review", record=None, rule=7), records.event("review", record="x" * 99, rule="a"),
    ]  # fmt: skip
    with Questions(month.fill(tmp_path, [*mails, honest, *reviews])) as store:
        details = store.details(DAY)
    assert details.false_alarms == {"so-y-te": 4}
    assert (details.upheld, details.dismissed) == ({"so-y-te": 1}, {"so-y-te": 2})


def test_a_second_hop_that_judged_nobody_counts_nothing(tmp_path: Path) -> None:
    with Questions(month.fill(tmp_path, [records.event("hop", parent="0" * 26), records.message()])) as store:
        counts = store.counts(DAY)
    assert (sum(counts.messages.values()), counts.failures) == (1, 0)
