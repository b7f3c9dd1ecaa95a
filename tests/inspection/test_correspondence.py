"""Known correspondence: from the journal's records through the snapshot to the facts of an answer."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from support import records
from vanthu import shipped
from vanthu.directory.load import load as load_register
from vanthu.facts.asked import Asked
from vanthu.facts.gather import House, gather
from vanthu.facts.model import Conversation, Facts
from vanthu.inspection import correspondence as mapped
from vanthu.inspection.correspondence import Correspondence
from vanthu.journal.cursor import START
from vanthu.journal.reader import read_new
from vanthu.journal.record import Record
from vanthu.journal.writer import Writer
from vanthu.mail.envelope import Envelope, Recipient
from vanthu.mail.parse import parse
from vanthu.policy.decision import Decision
from vanthu.projections import correspondence as projection
from vanthu.projections.correspondents import BASE, FILES, NEW, Keys, Table, withdraw, write
from vanthu.projections.state import State
from vanthu.providers.load import load as load_providers

REGISTER = load_register(Path(__file__).parents[2] / "deploy" / "demo" / "register.yaml")
HOUSE = House(
    register=REGISTER,
    providers=load_providers(shipped.providers(), official=["hathanh.gov.vn"], government=[]),
    zone=ZoneInfo("Asia/Ho_Chi_Minh"),
)
DESK, AN, BINH = "motcua@soyte.hathanh.gov.vn", "annv@soyte.hathanh.gov.vn", "binhlv@sonoivu.hathanh.gov.vn"
CITIZEN, OTHER, OWN = "ba.tran@gmail.com", "kia.do@gmail.com", "an.nguyen85@gmail.com"
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)
KEYS = Keys(b"k" * 32)
UNASKED = Conversation()


class Office:
    """One node's journal, state and snapshot, and the workers' view of it."""

    def __init__(self, folder: Path, days: int = 180) -> None:
        self.folder = folder
        self.days = days
        self.journal = folder / "journal"
        self.journal.mkdir(exist_ok=True)
        self.writer = Writer(self.journal, "mx1", sync="none")
        self.now = MONDAY
        self.start()

    def start(self) -> None:
        """A steward's life begins (again)."""
        self.state = State(self.folder)
        self.steward = projection.Correspondence(
            self.state, self.folder, KEYS, self.days, lambda: self.now.timestamp()
        )

    def mail(
        self, sender: str, *recipients: str, identifier: str = "<none@x>", time: datetime | None = None,
        login: str | None = None, verdicts: tuple[Any, ...] = (), fields: str = "",
    ) -> Record:  # fmt: skip
        """A mail that was judged; its record stands in the journal and has not been read yet."""
        known = self.facts(sender, *recipients, time=time, login=login, fields=fields)
        decided = Decision("accept", verdicts or ("accept",) * len(recipients))
        record = records.message(message_id=identifier, time=known.time, decision=decided)
        record = Record(**{name: getattr(record, name) for name in record.__struct_fields__} | {"facts": known})
        self.writer.append(record)
        return record

    def read(self, max_lines: int = 1000) -> None:
        """The steward takes what is in the journal, in batches."""
        complete = False
        while not complete:
            cursor = self.steward.cursor() or START
            batch = read_new(self.journal, cursor, max_lines)
            self.steward.take(batch, cursor)
            complete = batch.complete

    def facts(
        self, sender: str, *recipients: str, time: datetime | None = None, login: str | None = None,
        fields: str = "", known: Any = None,
    ) -> Facts:  # fmt: skip
        raw = f"{fields}From: {sender}\r\n\r\nx\r\n".encode()
        origin: Any = "submission" if login else "outside"
        everybody = tuple(map(Recipient, recipients))
        envelope = Envelope(sender, everybody, time or self.now, origin=origin, login=login)
        return gather(parse(raw), envelope, HOUSE, asked=Asked(correspondents=known))

    def answer(self, sender: str, recipient: str, *answered: str, time: datetime | None = None) -> Conversation:
        """What is known of the recipient when a mail of ours goes to him."""
        fields = f"In-Reply-To: {' '.join(answered)}\r\n" if answered else ""
        known = Correspondence(self.folder, KEYS).current()
        facts = self.facts(sender, recipient, time=time, login=sender, fields=fields, known=known)
        assert known is None or facts.unavailable == ()
        return facts.recipients[0].conversation


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


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


def test_without_a_snapshot_an_answer_is_unknown_and_a_first_letter_is_not(office: Office) -> None:
    withdraw(office.folder)
    assert Correspondence(office.folder, KEYS).current() is None
    assert Correspondence(None, KEYS).current() is None
    facts = office.facts(DESK, CITIZEN, AN, login=DESK, fields="In-Reply-To: <1@g>\r\n")
    assert [(one.fact, one.reason) for one in facts.unavailable] == [("/recipients/0/conversation", "no_snapshot")]
    assert office.facts(DESK, CITIZEN, login=DESK).unavailable == ()


def test_where_nothing_from_outside_was_ever_seen_nobody_can_say_what_is_an_answer(office: Office) -> None:
    """Postfix asks us about submission only: that must not make every answer to a citizen a first letter."""
    office.mail(DESK, CITIZEN, login=DESK)
    office.read()
    assert Correspondence(office.folder, KEYS).current() is None
    office.mail(OTHER, DESK, identifier="<1@g>")
    office.read()
    assert Correspondence(office.folder, KEYS).current() is not None
    assert office.answer(DESK, CITIZEN) == Conversation("inside", days=0)


def test_no_address_and_no_identifier_stands_in_the_files(office: Office) -> None:
    office.mail(CITIZEN, DESK, identifier="<unique-identifier@mail.gmail.com>")
    office.read()
    office.state.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for path in office.folder.iterdir():
        if path.is_file():
            content = path.read_bytes()
            for text in (b"gmail", b"tran", b"motcua", b"unique", b"so-y-te"):
                if path.name != "state.db":
                    assert text not in content, path
    kept = office.state.connection.execute("SELECT * FROM correspondence_pairs").fetchall()
    assert kept
    assert all(isinstance(value, int | float) for row in kept for value in row)


def test_workers_see_what_is_new_within_a_second_and_ask_the_disk_no_more_often(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(mapped.time, "monotonic", lambda: now[0])
    office.mail(OTHER, DESK, identifier="<0@g>")
    office.read()
    workers = [Correspondence(office.folder, KEYS) for _ in range(2)]
    first = [worker.current() for worker in workers]
    office.mail(CITIZEN, DESK, identifier="<1@g>")
    office.read()
    now[0] += 0.9
    assert [worker.current() for worker in workers] == first
    now[0] += 0.1
    for worker in workers:
        known = worker.current()
        assert known is not None
        assert known.wrote("1@g", CITIZEN, DESK)
    for known in first:  # who has begun with the old one ends with the old one
        assert known is not None
        assert not known.wrote("1@g", CITIZEN, DESK)


def test_whatever_way_it_was_written_the_snapshot_says_what_was_noted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is new moves on between any two batches; the three files together always say the same."""
    monkeypatch.setattr(projection, "_NEW", 40)
    monkeypatch.setattr(projection, "_RECENT", 150)
    chance = random.Random(7)
    wrote, sizes = [], [(0, 0, 0)]
    for number in range(150):
        citizen = f"citizen{chance.randrange(60)}@yahoo.com"
        office.mail(citizen, chance.choice([DESK, AN]), identifier=f"<{number}@yahoo.com>")
        wrote.append((number, citizen))
        if chance.random() < 0.2:
            office.read()
            sizes.append(tuple(len(Table(office.folder / name)) for name in FILES))
    office.read()
    known = Correspondence(office.folder, KEYS).current()
    assert known is not None
    for number, citizen in wrote:
        assert known.wrote(f"{number}@yahoo.com", citizen, "so-y-te")
        assert known.between("so-y-te", citizen) is not None
    assert not known.wrote("150@yahoo.com", wrote[0][1], "so-y-te")
    assert all(any(size[level] for size in sizes) for level in range(3))


def test_while_it_catches_up_it_writes_seldom_and_at_the_end_everything(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    really = projection._Layer.write
    monkeypatch.setattr(projection._Layer, "write", lambda layer, path: (written.append(path), really(layer, path)))
    for number in range(60):
        office.mail(f"c{number}@yahoo.com", DESK, identifier=f"<{number}@yahoo.com>")
    office.read(max_lines=5)
    assert len(written) == 1
    assert all(office.answer(DESK, f"c{n}@yahoo.com", f"<{n}@yahoo.com>").reply for n in range(60))


@pytest.mark.parametrize(
    "spoil",
    [lambda b: b"", lambda b: b[:10], lambda b: b[:-1], lambda b: b + b"\0", lambda b: bytes(len(b))],
    ids=["empty", "short", "cut", "longer", "zeros"],
)
def test_a_damaged_snapshot_is_no_snapshot(office: Office, spoil: Callable[[bytes], bytes]) -> None:
    office.mail(CITIZEN, DESK, identifier="<1@g>")
    office.read()
    assert Correspondence(office.folder, KEYS).current() is not None
    path = office.folder / BASE
    draft = office.folder / "draft"
    draft.write_bytes(spoil(path.read_bytes()))
    draft.replace(path)
    assert Correspondence(office.folder, KEYS).current() is None


def test_a_look_up_finds_exactly_what_was_written(tmp_path: Path) -> None:
    chance = random.Random(3)
    numbers = sorted({chance.randrange(-(1 << 63), 1 << 63) for _ in range(5000)})
    write(tmp_path / BASE, [(number, index) for index, number in enumerate(numbers)], numbers[::2], sync=True)
    table, known = Table(tmp_path / BASE), set(numbers)
    assert all(table.pair(number) == index for index, number in enumerate(numbers))
    assert all(table.pair(number + 1) is None for number in numbers if number + 1 not in known)
    assert [table.has_message(number) for number in numbers[:100]] == [True, False] * 50
