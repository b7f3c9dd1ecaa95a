"""Known correspondence: from the journal's records through the snapshot to the facts of an answer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from vanthu.facts.model import Conversation
from vanthu.inspection.correspondence import Correspondence
from vanthu.projections import correspondence as projection
from vanthu.projections.correspondents import BASE, NEW, Table, withdraw

from .conftest import AN, BINH, CITIZEN, DESK, KEYS, MONDAY, OTHER, OWN, UNASKED, Office


def test_an_answer_to_a_citizen_who_wrote_first(office: Office) -> None:
    office.mail(CITIZEN, DESK, identifier="<1@mail.gmail.com>", time=MONDAY - timedelta(days=3))
    office.read()
    answer = office.answer(DESK, CITIZEN, "<1@mail.gmail.com>")
    assert answer == Conversation("outside", reply=True, days=3)


def test_whoever_of_the_agency_answers_it_is_an_answer_and_of_no_other_agency(office: Office) -> None:
    office.mail(CITIZEN, DESK, identifier="<1@mail.gmail.com>")
    office.read()
    assert office.answer(AN, CITIZEN, "<1@mail.gmail.com>") == Conversation("outside", reply=True, days=0)
    assert office.answer(BINH, CITIZEN, "<1@mail.gmail.com>") == UNASKED
    office.mail(AN, CITIZEN, login=AN)  # the clerk's own first letter to him does not make him the one who began
    office.read()
    assert office.answer(AN, CITIZEN, "<1@mail.gmail.com>").started_by == "outside"


@pytest.mark.parametrize("answered", ["<2@mail.gmail.com>", "<1@mail.gmail.co>", "1", "<>", "<" + "x" * 5000 + ">"])
def test_a_forged_or_unknown_identifier_is_no_answer(office: Office, answered: str) -> None:
    office.mail(CITIZEN, DESK, identifier="<1@mail.gmail.com>")
    office.read()
    assert office.answer(DESK, CITIZEN, answered) == Conversation("outside", reply=False, days=0)


def test_the_identifier_of_one_citizen_does_not_excuse_a_mail_to_another(office: Office) -> None:
    office.mail(CITIZEN, DESK, identifier="<1@mail.gmail.com>")
    office.mail(OTHER, DESK, identifier="<2@mail.gmail.com>")
    office.read()
    assert office.answer(DESK, OTHER, "<1@mail.gmail.com>").reply is False
    assert office.answer(DESK, OTHER, "<2@mail.gmail.com>").reply is True


def test_references_count_and_so_do_clients_that_leave_out_the_brackets(office: Office) -> None:
    office.mail(CITIZEN, DESK, identifier="<1@mail.gmail.com>")
    office.read()
    known = Correspondence(office.folder, KEYS).current()
    for fields in (
        "References: <0@x>\r\n <1@mail.gmail.com> <9@hathanh.gov.vn>\r\n",
        "In-Reply-To: 1@mail.gmail.com\r\n",
        'In-Reply-To: Your message of "Mon" <1@mail.gmail.com>\r\n',
        f"References: {' '.join(f'<{n}@y>' for n in range(500))} <1@mail.gmail.com>\r\n",
    ):
        facts = office.facts(DESK, CITIZEN, login=DESK, fields=fields, known=known)
        assert facts.recipients[0].conversation.reply is True, fields


def test_who_wrote_first_does_not_depend_on_the_order_of_reading(office: Office) -> None:
    office.mail(DESK, CITIZEN, login=DESK, time=MONDAY - timedelta(days=2))
    office.mail(CITIZEN, DESK, identifier="<1@g>", time=MONDAY - timedelta(days=5))
    office.mail(OTHER, DESK, identifier="<2@g>", time=MONDAY - timedelta(days=1))
    office.mail(DESK, OTHER, login=DESK, time=MONDAY - timedelta(days=9))
    office.read()
    assert office.answer(DESK, CITIZEN) == Conversation("outside", days=2)
    assert office.answer(DESK, OTHER, "<2@g>") == Conversation("inside", reply=True, days=1)


def test_laundering_gives_the_facts_that_a_rule_needs(office: Office) -> None:
    """An official writes to himself from his Gmail, then answers: it is an answer, and it is his own mailbox."""
    office.mail(OWN, AN, identifier="<home@mail.gmail.com>")
    office.read()
    known = Correspondence(office.folder, KEYS).current()
    facts = office.facts(AN, OWN, login=AN, fields="In-Reply-To: <home@mail.gmail.com>\r\n", known=known)
    (own,) = facts.recipients
    assert own.relation == "self_declared"
    assert own.conversation == Conversation("outside", reply=True, days=0)
    assert facts.sender.role == "personal"


def test_tags_and_dots_of_gmail_are_the_same_person(office: Office) -> None:
    office.mail("Ba.Tran+dat@googlemail.com", "motcua+hs12@soyte.hathanh.gov.vn", identifier="<1@g>")
    office.read()
    assert office.answer(DESK, "batran@gmail.com", "<1@g>").reply is True


def test_mail_that_was_not_let_through_was_never_written(office: Office) -> None:
    office.mail(CITIZEN, DESK, identifier="<1@g>", verdicts=("reject",))
    office.mail(DESK, CITIZEN, OTHER, login=DESK, verdicts=("strip", "accept"))
    office.mail("somebody@yahoo.com", DESK, identifier="<3@y>")
    office.read()
    assert office.answer(DESK, CITIZEN, "<1@g>") == UNASKED
    assert office.answer(DESK, OTHER) == Conversation("inside", days=0)


def test_bounces_and_claimed_offices_are_no_letters_from_outside(office: Office) -> None:
    office.mail("", DESK, identifier="<1@g>", fields=f"From: {CITIZEN}\r\n")
    office.mail("vanthu@haiphong.gov.vn", DESK, identifier="<2@g>")
    office.mail(AN, DESK, identifier="<3@g>")  # forged: it came from outside
    office.read()
    assert len(Table(office.folder / BASE)) == len(Table(office.folder / NEW)) == 0


def test_redaction_takes_nothing_that_is_needed(office: Office) -> None:
    from msgspec.structs import replace

    from vanthu.facts.model import Secrecy
    from vanthu.journal.redaction import redact

    record = office.mail(CITIZEN, BINH, identifier="<1@g>")
    assert record.facts is not None
    secret = replace(record, facts=replace(record.facts, secrecy=Secrecy(score=0.9, level="mat")), id="2")
    assert list(projection.meetings(redact(secret, b"k" * 32))) == list(projection.meetings(record))


def test_a_restart_keeps_everything_and_reads_nothing_twice(office: Office) -> None:
    office.mail(CITIZEN, DESK, identifier="<1@g>")
    office.read()
    before = office.steward.cursor()
    office.state.close()
    withdraw(office.folder)
    office.start()
    assert office.steward.cursor() == before
    assert office.answer(DESK, CITIZEN, "<1@g>").reply is True
    assert len(Table(office.folder / BASE)) == 2  # the mailbox and its agency
    assert len(Table(office.folder / NEW)) == 0


def test_what_is_older_than_the_days_of_the_settings_is_forgotten(tmp_path: Path) -> None:
    office = Office(tmp_path, days=30)
    office.mail(CITIZEN, DESK, identifier="<1@g>")
    office.mail(OTHER, DESK, identifier="<2@g>", time=MONDAY - timedelta(days=31))
    office.read()
    assert office.answer(DESK, OTHER, "<2@g>") == UNASKED  # too old when it was read
    office.now = MONDAY + timedelta(days=20)
    office.mail(DESK, CITIZEN, login=DESK)
    office.read()
    office.now = MONDAY + timedelta(days=40)
    office.mail("somebody@yahoo.com", DESK, identifier="<3@y>")
    office.read()
    assert office.answer(DESK, CITIZEN, "<1@g>") == Conversation("outside", reply=False, days=20)
    office.now = MONDAY + timedelta(days=51)
    office.mail(DESK, OTHER, login=DESK)
    office.read()
    assert office.answer(DESK, CITIZEN) == UNASKED


def test_switching_off_deletes_what_was_kept(office: Office) -> None:
    office.mail(CITIZEN, DESK, identifier="<1@g>")
    office.read()
    projection.forget(office.state, office.folder)
    assert not [path for path in office.folder.iterdir() if "correspondents" in path.name]
    assert office.state.cursor("correspondence") == {}
    for table in ("correspondence_pairs", "correspondence_messages"):
        assert office.state.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
