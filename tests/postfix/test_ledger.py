"""What root writes into the journal belongs to the journal's owner, so that the steward can read it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from support.places import open_folder
from vanthu.errors import JournalError
from vanthu.journal.cursor import START
from vanthu.journal.reader import Reader
from vanthu.postfix import requests
from vanthu.postfix.ledger import Doing, ledger

pytestmark = pytest.mark.e2e
DOING = Doing("release", "4jXvXv4STMzMKnZ", "record", "An", "an", "asked by phone")


def test_files_belong_to_the_owner_of_the_folder() -> None:
    with open_folder("ledger") as folder:
        for name in ("journal", "state"):
            (folder / name).mkdir(mode=0o750)
            shutil.chown(folder / name, "nobody", "nogroup")
        with ledger(folder / "journal", "lab") as book:
            assert os.geteuid() == 0
            book.note("attempt", DOING)
            book.note("release", DOING)
        requests.ask(folder / "state", DOING)
        made = [*(folder / "journal").iterdir(), *(folder / "state").rglob("*")]
        assert len(made) == 3
        assert {(file.owner(), file.group()) for file in made} == {("nobody", "nogroup")}
        records = list(Reader(folder / "journal").read(START).records)
        assert [record.kind for record in records] == ["open", "hold", "hold", "close"]
        assert [record.details.get("action") for record in records[1:3]] == ["attempt", "release"]
        assert records[2].queue_id == DOING.queue_id


def test_a_journal_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(JournalError), ledger(tmp_path / "none", "lab"):
        raise AssertionError("not reached")
    assert os.geteuid() == 0
