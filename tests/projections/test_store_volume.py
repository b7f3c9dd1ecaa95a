"""Fifty thousand records into each engine, by a loader that is killed again and again: each is there, once."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from support import books, month
from support.postgres import Postgres
from vanthu.journal.writer import Writer
from vanthu.projections import store_tables as tables
from vanthu.projections.store import open_engine

COUNT = 50_000
TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("volume")
    writer = Writer(folder, "mx1", sync="none", max_file_bytes=16 << 20)
    for record in month.many(COUNT):
        writer.append(record)
    writer.close()
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        yield server.database()


def loader(url: str, journal: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "support.store_loader", url, str(journal), "mx1"],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )


def loaded(engine: Engine) -> int:
    try:
        with engine.connect() as connection:
            return int(connection.scalar(select(func.count()).select_from(tables.records)) or 0)
    except SQLAlchemyError:
        return 0  # the tables are not made yet


def test_every_record_is_there_once_however_often_the_loader_is_killed(url: str, journal: Path) -> None:
    engine = open_engine(url)
    for threshold in (1, 12_000):
        child = loader(url, journal)
        end = time.monotonic() + 300
        while loaded(engine) < threshold and child.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        assert child.poll() is None, "it was to be killed at work"
        child.kill()
        child.wait()
        assert threshold <= loaded(engine) < COUNT
    assert loader(url, journal).wait(600) == 0
    assert summary(engine) == expected(journal)
    engine.dispose()


def summary(engine: Engine) -> tuple[int, int, int, int, str]:
    """How many records, recipients, documents and rule hits, and a digest of all ids."""
    with engine.connect() as connection:
        numbers = [
            connection.scalar(select(func.count()).select_from(table))
            for table in (tables.records, tables.recipients, tables.documents, tables.rule_hits)
        ]
        ids = sorted(connection.scalars(select(tables.records.c.id)))
    a, b, c, d = (int(number or 0) for number in numbers)
    return a, b, c, d, _digest(ids)


def expected(journal: Path) -> tuple[int, int, int, int, str]:
    """The same, counted in the raw journal."""
    ids, recipients, documents, hits = [], 0, 0, 0
    for line in books.lines(journal):
        if line["kind"] in ("open", "close"):
            continue
        ids.append(line["id"])
        if line["kind"] == "message":
            recipients += len(line["facts"]["recipients"])
            documents += len(line["facts"]["official"]["documents"])
            hits += len(line["decision"]["rules"])
    return len(ids), recipients, documents, hits, _digest(sorted(ids))


def _digest(ids: list[str]) -> str:
    return hashlib.sha256(json.dumps(ids).encode()).hexdigest()
