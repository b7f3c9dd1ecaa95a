"""``vanthu report monthly``: every format, in an installation that has hardly begun."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support import books, month
from vanthu.cli.main import main, vanthu
from vanthu.errors import JournalError


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VANTHU_CONFIG", raising=False)
    Path("register.yaml").write_text(
        "agencies: {ubnd: {name: UBND tỉnh X}, so-y-te: {name: Sở Y tế, parent: ubnd}}\n"
    )
    Path("vanthu.yaml").write_text(
        f"installation: Tỉnh X\nregister: register.yaml\nstore: {{url: 'sqlite:///{tmp_path}/store.db'}}\n"
    )
    return tmp_path


def report(*arguments: str) -> Result:
    return CliRunner().invoke(vanthu, ["report", "monthly", "--month", "2026-10", *arguments], standalone_mode=False)


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("a.html", b"<!DOCTYPE"),
        ("a.xlsx", b"PK"),
        ("a.docx", b"PK"),
        ("a.csv", b"\xef\xbb\xbfmonth"),
        ("a.json", b"{"),
    ],
)
def test_an_empty_store_prints_zeros_in_every_format(name: str, begin: bytes) -> None:
    assert report("-o", name, "--from", "so-y-te").return_value == 0
    assert Path(name).read_bytes().startswith(begin)
    assert not Path("store.db").exists()


def test_what_happened_is_in_it(elsewhere: Path) -> None:
    month.fill(elsewhere, month.months(1, 300, datetime(2026, 10, 30, tzinfo=UTC), span=1))
    found = json.loads(report("--format", "json").stdout)
    assert found["month"] == "2026-10"
    assert found["total"]["now"]["sent"] > 20
    assert [line["slug"] for line in found["agencies"]] == ["ubnd", "so-y-te"]
    assert found["mailboxes"] is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--month", "2026-10", "-o", "a.pdf"], "name the file .html"),
        (["--month", "2999-01"], "has not begun yet"),
        (["--month", "October"], "write a month as"),
        (["--month", "2026-10", "--from", "nobody"], "no such agency"),
        (["--month", "2026-10", "-o", "none/a.html"], "cannot be written"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as leave:
        main(["report", "monthly", *arguments])
    assert leave.value.code == 2
    assert message in capsys.readouterr().err


def test_a_month_is_closed_and_shown() -> None:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(vanthu, ["report", *arguments], standalone_mode=False)

    result = run("close", "--month", "2026-01", "--out", "closed")
    assert result.return_value == 0, result.output
    assert result.output.endswith("closed/2026-01.1.json\n")
    assert run("show", "closed/2026-01.1.json").stdout.startswith("<!DOCTYPE html>")
    assert json.loads(run("show", "closed/2026-01.1.json", "--format", "json").stdout)["month"] == "2026-01"
    assert run("show", "closed/2026-01.1.json", "-o", "again.xlsx").return_value == 0
    assert Path("again.xlsx").read_bytes().startswith(b"PK")
    assert "closed already" in str(run("close", "--month", "2026-01", "--out", "closed").exception)


@pytest.mark.parametrize("command", [["monthly", "--month", "2026-10"], ["show", "closed/2026-01.1.json"]])
def test_a_terminal_gets_no_bytes_of_a_spreadsheet(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = os.openpty()
    with open(ours, "rb"), open(theirs, "w") as terminal, pytest.raises(SystemExit) as leave:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdout", terminal)
        main(["report", *command, "--format", "xlsx"])
    assert leave.value.code == 2
    assert capsys.readouterr().err == "vanthu: xlsx is no text: give -o FILE\n"


def test_a_table_of_persons_is_noted_in_the_journal_before_it_is_shown(elsewhere: Path) -> None:
    settings = Path("vanthu.yaml").read_text()
    Path("vanthu.yaml").write_text(f"{settings}journal: {{path: journal}}\n")
    refused = report("--by-mailbox")
    assert isinstance(refused.exception, JournalError)
    assert refused.stdout == ""
    Path("journal").mkdir()
    assert "Theo hộp thư" in report("--by-mailbox", "--why", "kiểm tra theo kế hoạch 12").stdout
    (note,) = [line for line in books.lines(Path("journal")) if line["kind"] == "lookup"]
    assert note["details"]["what"] == "report monthly --by-mailbox"
    assert note["details"]["why"] == "kiểm tra theo kế hoạch 12"
    assert note["details"]["month"] == "2026-10"
    assert note["details"]["by"]
    report()
    assert sum(line["kind"] == "lookup" for line in books.lines(Path("journal"))) == 1


def test_a_year_is_reported_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.html", "a.xlsx", "a.docx", "a.csv", "a.json"):
        result = CliRunner().invoke(vanthu, ["report", "yearly", "--year", "2025", "-o", name], standalone_mode=False)
        assert result.return_value == 0, result.output
    assert json.loads(Path("a.json").read_text())["month"] == "2025"
    for year, message in (("2999", "has not begun yet"), ("26", "write a year as")):
        with pytest.raises(SystemExit) as leave:
            main(["report", "yearly", "--year", year])
        assert leave.value.code == 2
        assert message in capsys.readouterr().err
