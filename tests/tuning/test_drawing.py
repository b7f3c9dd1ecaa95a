"""The sample of a review: random, the same for everybody, each mail once; near misses by what stood in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support import records
from support.policies import policy_of, rule, unless
from vanthu.facts.model import Challenge, Document, Official, Recipient
from vanthu.journal.writer import Writer
from vanthu.policy.decision import Decision
from vanthu.tuning.drawing import REPORTED, Drawing
from vanthu.tuning.near import HIT
from vanthu.tuning.replay import journal_pieces, run

WHEN = {"direction": "outbound", "recipient.class": "public", "official.score": {"min": 0.8}}
POLICY = policy_of(
    rule("out", WHEN, "challenge", unless=[unless("storm", {"any_document": {"urgency": "hoa_toc"}})]),
    rule("other", {"direction": "inbound"}, "count"),
)
OFFICE = (Recipient("c@y.gov.vn", "y.gov.vn", "government"),)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    folder = tmp_path / "journal"
    folder.mkdir()
    writer = Writer(folder, "mx1", sync="none")
    for number in range(40):
        write(writer, number, official=Official(0.9))
        write(writer, number, official=Official(0.9))  # a second try
    for number in range(100, 110):
        write(writer, number, official=Official(0.5))
    write(writer, 200, official=Official(0.9), recipients=OFFICE)
    write(writer, 201, official=Official(0.9, (Document("body", urgency="hoa_toc", score=0.9),)))
    for number in range(300, 360):
        write(writer, number)
    for number in range(500, 520):
        write(
            writer, number, direction="inbound", official=Official(0.9)
        )  # no evidence for a rule about outbound mail
    write(
        writer, 400, official=Official(0.9), challenge=Challenge("valid", ("out",), None, True),
    )  # fmt: skip
    write(writer, 401, official=Official(0.9), challenge=Challenge("valid", ("out",), "họp", False))
    writer.close()
    return folder


def write(writer: Writer, number: int, **changes: Any) -> None:
    time = records.NOON + timedelta(minutes=number)
    writer.append(
        records.message(
            time=time, message_id=f"<{number}@x.gov.vn>", decision=Decision("accept", ("accept",)), **changes
        )
    )


def drawn(journal: Path, size: int, workers: int = 1) -> Any:
    return run(Drawing.of(POLICY, "out", size), journal_pieces(journal, None), lambda _: None, workers)


def test_every_mail_once_by_what_stood_in_the_way(journal: Path) -> None:
    sample = drawn(journal, 10)
    counts = {name: sample.found(name) for name in sample.ranks}
    assert counts == {HIT: 40, "official.score": 10, "recipient.class": 1, "exception storm": 1, REPORTED: 1}
    assert len(sample.mails) == 40 + 10 + 2 + 60 + 2
    assert sample.first == records.NOON


def test_drawing_more_adds_to_what_was_drawn(journal: Path) -> None:
    few, many = ([one.id for one in drawn(journal, size).of(HIT)] for size in (8, 30))
    assert many[:8] == few
    assert len(many) == 30


def test_pieces_are_joined_to_the_same_sample(journal: Path) -> None:
    whole = drawn(journal, 8)
    (piece,) = journal_pieces(journal, None)
    parts = [replace(piece, start=start, end=min(start + 4000, piece.end)) for start in range(0, piece.end, 4000)]
    joined = run(Drawing.of(POLICY, "out", 8), parts, lambda _: None, 2)
    assert [one.rank for one in joined.of(HIT)] == [one.rank for one in whole.of(HIT)]
    assert joined.mails == whole.mails
