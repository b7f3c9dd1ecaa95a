"""A closed month stays as it is; corrections are versions of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from support import month as made_up
from support.month import LATER, OCTOBER, PLACE
from vanthu.directory.model import Register
from vanthu.errors import UsageError
from vanthu.projections.store_queries import Questions
from vanthu.reports.closing import close, digest, read
from vanthu.reports.monthly import make
from vanthu.reports.report import Report


def report(folder: Path, made: datetime = LATER) -> Report:
    with Questions(f"sqlite:///{folder}/none.db") as store:
        return make(store, made_up.register(), OCTOBER, PLACE, made)


def test_a_month_is_closed_once_and_read_again(tmp_path: Path) -> None:
    one = report(tmp_path)
    file = close(one, tmp_path / "closed", LATER, None)
    assert file.name == "2026-10.1.json"
    closed = read(file)
    assert (closed.version, closed.previous, closed.reason) == (1, None, None)
    assert closed.report == one
    with pytest.raises(UsageError, match="closed already"):
        close(one, tmp_path / "closed", LATER, None)


def test_a_correction_names_what_it_corrects(tmp_path: Path) -> None:
    first, second = report(tmp_path), report(tmp_path, datetime(2026, 11, 9, tzinfo=UTC))
    close(first, tmp_path, LATER, None)
    closed = read(close(second, tmp_path, LATER, "thiếu một máy chủ"))
    assert (closed.version, closed.previous, closed.reason) == (2, digest(first), "thiếu một máy chủ")
    assert read(tmp_path / "2026-10.1.json").report == first


def test_what_was_changed_or_is_no_report_is_refused(tmp_path: Path) -> None:
    file = close(report(tmp_path), tmp_path, LATER, None)
    file.chmod(0o640)
    file.write_bytes(file.read_bytes().replace(b'"issued": 63', b'"issued": 99', 1))
    with pytest.raises(UsageError, match="was changed"):
        read(file)
    file.write_bytes(b"{}")
    with pytest.raises(UsageError, match="not a closed report"):
        read(file)
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "none.json")


def test_a_month_that_goes_on_cannot_be_closed(tmp_path: Path) -> None:
    with Questions(f"sqlite:///{tmp_path}/none.db") as store:
        open_month = make(store, Register({}, {}), OCTOBER, PLACE, datetime(2026, 10, 20, tzinfo=UTC))
    with pytest.raises(UsageError, match="not over"):
        close(open_month, tmp_path, LATER, None)
