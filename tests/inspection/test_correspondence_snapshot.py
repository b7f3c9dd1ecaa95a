"""The snapshot of known correspondence: what workers see of it when, and what its files hold."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from vanthu.facts.model import Conversation
from vanthu.inspection import correspondence as mapped
from vanthu.inspection.correspondence import Correspondence
from vanthu.projections import correspondence as projection
from vanthu.projections.correspondents import BASE, FILES, Table, withdraw, write

from .conftest import AN, CITIZEN, DESK, KEYS, OTHER, Office


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


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "spoil",
    [lambda b: b"", lambda b: b[:10], lambda b: b[:-1], lambda b: b + b"\0", lambda b: bytes(len(b))],
    ids=["empty", "short", "cut", "longer", "zeros"],
)
def test_a_damaged_snapshot_is_no_snapshot(office: Office, spoil: Callable[[bytes], bytes], name: str) -> None:
    office.mail(CITIZEN, DESK, identifier="<1@g>")
    office.read()
    assert Correspondence(office.folder, KEYS).current() is not None
    path = office.folder / name
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
