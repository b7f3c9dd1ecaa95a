"""An office whose correspondence is known: its journal, its steward, and what its workers see."""

from __future__ import annotations

from datetime import UTC, datetime
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
from vanthu.inspection.correspondence import Correspondence
from vanthu.journal.cursor import START
from vanthu.journal.reader import read_new
from vanthu.journal.record import Record
from vanthu.journal.writer import Writer
from vanthu.mail.envelope import Envelope, Recipient
from vanthu.mail.parse import parse
from vanthu.policy.decision import Decision
from vanthu.projections import correspondence as projection
from vanthu.projections.correspondents import Keys
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
