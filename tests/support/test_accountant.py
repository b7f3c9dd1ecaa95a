"""The accountant can fail: it finds each kind of wrong in books that are otherwise clean."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from .accountant import findings
from .client import Reply
from .ledger import Arrival, Books, Promise, Written
from .load import Try
from .postfix_log import Entry

HOA, GMAIL = "hoatt@soyte.hathanh.gov.vn", "ai@gmail.com"


def told(key: str, code: int, queue_id: str | None = None, at: float = 1.0, text: str = "") -> Try:
    said = f"2.0.0 Ok: queued as {queue_id}" if queue_id else text
    return Try(key, Reply(code, said), at - 0.1, at)


def arrival(key: str, queue_id: str, *recipients: str, mark: str | None = None) -> Arrival:
    return Arrival(key, queue_id, frozenset(recipients or (HOA,)), mark, 2.0)


def record(name: str, queue_id: str, verdict: str = "accept") -> Written:
    return Written(name, "message", queue_id, verdict, None, "2026-11-23T08:00:00Z")


def books(**changes: Any) -> Books:
    """Four mails: one passes at its second try, one is refused, one is held, one loses a recipient."""
    clean = Books(
        promises={
            "<pass>": Promise("pass", frozenset({HOA}), marked=True),
            "<reject>": Promise("reject", frozenset()),
            "<hold>": Promise("hold", frozenset()),
            "<strip>": Promise("pass", frozenset({HOA}), frozenset({GMAIL})),
        },
        tries=[
            told("<pass>", 451, at=1.0),
            told("<pass>", 250, "QUEUE2", at=2.0),
            told("<reject>", 550, text="5.7.1 Refused\nTu choi [ref R3]"),
            told("<hold>", 250, "QUEUE4"),
            told("<strip>", 250, "QUEUE5"),
        ],
        postfix={
            "QUEUE1": Entry("<pass>", deferred=True, lines=["QUEUE1: milter-reject"]),
            "QUEUE2": Entry("<pass>", queued=True, removed=True, lines=["QUEUE2: removed"]),
            "QUEUE3": Entry("<reject>", refused=True),
            "QUEUE4": Entry("<hold>", queued=True, held=True),
            "QUEUE5": Entry("<strip>", queued=True, removed=True),
        },
        held=frozenset({"QUEUE4"}),
        arrivals=[arrival("<pass>", "QUEUE2", mark="R2"), arrival("<strip>", "QUEUE5")],
        journal=[
            record("R1", "QUEUE1"),
            record("R2", "QUEUE2"),
            record("R3", "QUEUE3", "reject"),
            record("R4", "QUEUE4", "hold"),
            record("R5", "QUEUE5", "strip"),
        ],
        stored=Counter(["R1", "R2", "R3", "R4", "R5"]),
    )
    return replace(clean, **changes)


def kinds(**changes: Any) -> list[tuple[str, str | None]]:
    return [(one.kind, one.key) for one in findings(books(**changes))]


def without(things: Any, *gone: Any) -> list[Any]:
    return [one for one in things if one not in gone]


def test_clean_books_have_no_findings() -> None:
    assert findings(books()) == []


def test_a_mail_that_never_arrived_is_lost() -> None:
    assert kinds(arrivals=books().arrivals[1:]) == [("lost", "<pass>")]


def test_a_mail_that_nobody_answered_is_lost() -> None:
    changed = [told("<reject>", 451), *without(books().tries, books().tries[2])]
    assert ("lost", "<reject>") in kinds(tries=changed)


def test_a_held_mail_that_is_not_in_the_hold_queue_is_lost() -> None:
    assert kinds(held=frozenset()) == [("lost", "<hold>")]


def test_an_honest_mail_that_was_refused_is_lost() -> None:
    changed = [told("<pass>", 550, text="no"), *books().tries[2:]]
    assert ("lost", "<pass>") in kinds(tries=changed, arrivals=books().arrivals[1:])


def test_a_mail_without_a_record_is_unfiltered() -> None:
    journal, stored = without(books().journal, record("R2", "QUEUE2")), Counter(["R1", "R3", "R4", "R5"])
    assert kinds(journal=journal, stored=stored) == [("unfiltered", "<pass>"), ("unfiltered", "<pass>")]


def test_a_refused_mail_that_arrives_is_unfiltered() -> None:
    assert kinds(arrivals=[*books().arrivals, arrival("<reject>", "QUEUE3")]) == [("unfiltered", "<reject>")]


def test_a_held_mail_that_arrives_is_unfiltered() -> None:
    assert kinds(arrivals=[*books().arrivals, arrival("<hold>", "QUEUE4")]) == [("unfiltered", "<hold>")]


def test_a_recipient_that_was_stripped_must_not_get_it() -> None:
    changed = [books().arrivals[0], arrival("<strip>", "QUEUE5", HOA, GMAIL)]
    assert kinds(arrivals=changed) == [("unfiltered", "<strip>")]


def test_a_mail_that_bears_another_records_mark_is_unfiltered() -> None:
    changed = [arrival("<pass>", "QUEUE2", mark="R9"), books().arrivals[1]]
    assert kinds(arrivals=changed) == [("unfiltered", "<pass>")]


def test_a_second_copy_is_doubled() -> None:
    changed = [*books().arrivals, arrival("<pass>", "QUEUE2", mark="R2")]
    assert kinds(arrivals=changed) == [("doubled", "<pass>")]


def test_a_second_copy_under_the_queue_id_of_the_first_try_is_told_by_its_log() -> None:
    """The client was told 451, and Postfix kept the mail all the same."""
    postfix = {**books().postfix, "QUEUE1": Entry("<pass>", queued=True)}
    found = kinds(postfix=postfix, arrivals=[*books().arrivals, arrival("<pass>", "QUEUE1", mark="R1")])
    assert ("untold", "<pass>") in found
    assert ("doubled", "<pass>") in found


def test_a_second_copy_is_explained_where_the_client_never_heard() -> None:
    postfix = {**books().postfix, "QUEUE1": Entry("<pass>", queued=True)}
    tries = [told("<pass>", 0), *books().tries[1:]]
    assert (
        kinds(postfix=postfix, tries=tries, arrivals=[*books().arrivals, arrival("<pass>", "QUEUE1", mark="R1")])
        == []
    )


def test_a_record_without_a_mail_needs_a_logged_451() -> None:
    postfix = {**books().postfix, "QUEUE1": Entry("<pass>")}
    assert kinds(postfix=postfix) == [("doubled", "<pass>")]


def test_two_records_of_one_mail_are_doubled() -> None:
    journal = [*books().journal, record("R6", "QUEUE2")]
    assert kinds(journal=journal, stored=Counter(one.id for one in journal)) == [("doubled", "<pass>")]


def test_one_record_twice_is_doubled() -> None:
    journal = [*books().journal, books().journal[0]]
    assert ("doubled", None) in kinds(journal=journal)


def test_a_store_that_lacks_or_repeats_a_record_is_found() -> None:
    assert kinds(stored=Counter(["R1", "R2", "R2", "R3", "R4"])) == [("books", None), ("books", None)]


def test_a_refusal_needs_its_record() -> None:
    tries = [*books().tries[:2], told("<reject>", 550, text="[ref R9]"), *books().tries[3:]]
    found = kinds(tries=tries)
    assert ("unfiltered", None) in found
    assert ("doubled", "<reject>") in found


def test_a_mail_that_nobody_sent_is_found() -> None:
    assert ("untold", "<strange>") in kinds(arrivals=[*books().arrivals, arrival("<strange>", "QUEUE9")])


def test_a_mail_that_broke_us_three_times_may_be_held_without_a_decision() -> None:
    failure = Written("R2", "failure", "QUEUE2", None, "unreadable", "2026-11-23T08:00:00Z")
    journal = [failure, *without(books().journal, record("R2", "QUEUE2"))]
    changes: dict[str, Any] = {"journal": journal, "stored": Counter(["R1", "R3", "R4", "R5"])}
    assert kinds(**changes, arrivals=books().arrivals[1:], held=frozenset({"QUEUE2", "QUEUE4"})) == []
    assert kinds(**changes, arrivals=books().arrivals[1:]) == [("unfiltered", "<pass>")]


def test_a_finding_tells_the_whole_story() -> None:
    (found,) = findings(books(arrivals=books().arrivals[1:]))
    for word in ("451", "queued as QUEUE2", "QUEUE1: milter-reject", "QUEUE2: removed", "id='R1'", "id='R2'"):
        assert word in str(found)
