"""``vanthu journal export``: everything but persons, unless they are asked for; safe for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support import books, records
from vanthu.cli.main import vanthu
from vanthu.facts.model import Attachment, Document, Forward, Official, Original, Recipient, Secrecy, Sender
from vanthu.journal.writer import Writer


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VANTHU_CONFIG", raising=False)
    Path("vanthu.yaml").write_text("journal: {path: journal}\nstate: {path: state}\n")
    Path("journal").mkdir()
    writer = Writer(Path("journal"), "mx1", sync="none")
    an = Sender("an@soyte.x.gov.vn", "Nguyễn An <an@soyte.x.gov.vn>", class_="official", agency="so-y-te")
    writer.append(
        records.message(
            sender=an,
            subject="Lương tháng 10",
            forward=Forward("inline", 0.9, by="binh@x.gov.vn", original=Original("cuong@y.gov.vn", None, "Đơn thư")),
            official=Official(
                0.9, (Document("attachment:1", "khen.pdf", number="1017", abstract="V/v khen thưởng"),)
            ),
            attachments=(Attachment("attachment:1", "khen.pdf", "application/pdf", 9, "0" * 64, True),),
        )
    )
    writer.append(records.message(sender=an, secrecy=Secrecy("mat", 0.9)))
    writer.append(records.message(sender=Sender("=1+1@evil.example"), recipients=(Recipient("@x", "x", "other"),)))
    writer.append(records.event("hold", action="release", by="quan.tri", login="root", why="bà Hoa gọi"))
    writer.close()
    return tmp_path


def export(*arguments: str) -> Result:
    return CliRunner().invoke(vanthu, ["journal", "export", *arguments], standalone_mode=False)


def test_persons_and_content_are_hashed_and_equal_ones_stay_equal() -> None:
    text = export().stdout
    for hidden in ("an@soyte", "Nguyễn", "Lương", "binh", "cuong", "khen", "1017", "192.0.2.7", "quan.tri", "bà Hoa"):
        assert hidden not in text, hidden
    first, second, third, hold = map(json.loads, text.splitlines())
    sender = first["facts"]["sender"]["address"]
    assert re.fullmatch(r"[0-9a-f]{16}@soyte\.x\.gov\.vn", sender)
    assert second["facts"]["sender"]["address"] == sender
    assert first["facts"]["recipients"][0]["address"].endswith("@gmail.com")
    assert first["facts"]["sender"]["agency"] == "so-y-te"
    assert first["facts"]["official"]["documents"][0]["kind"] is None
    assert third["id"] > second["id"] > first["id"]
    assert hold["details"]["action"] == "release"
    assert not [line for line in books.lines(Path("journal")) if line["kind"] == "lookup"]


def test_persons_are_shown_after_the_journal_has_noted_who_asked() -> None:
    text = export("--persons", "--why", "thanh tra").stdout
    assert "an@soyte.x.gov.vn" in text
    assert "Lương tháng 10" in text
    (note,) = [line for line in books.lines(Path("journal")) if line["kind"] == "lookup"]
    assert (note["details"]["what"], note["details"]["why"]) == ("journal export --persons", "thanh tra")


def test_csv_has_a_message_a_row_and_no_formula() -> None:
    assert export("-o", "out.csv", "--persons").return_value == 0
    rows = list(csv.DictReader(io.StringIO(Path("out.csv").read_text("utf-8-sig"))))
    assert [row["sender"] for row in rows] == ["an@soyte.x.gov.vn", "an@soyte.x.gov.vn", "'=1+1@evil.example"]
    assert rows[0]["documents"] == "1"
    assert rows[1]["secrecy_level"] == "mat"
    assert rows[2]["recipients"] == "'@x"


def test_an_age_leaves_older_records_out() -> None:
    assert export("--since", "1h").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["-o", "a.xml"], "name the file .jsonl or .csv"), (["-o", "none/a.csv"], "cannot be written"),
     (["--since", "x"], "write a number")],
)  # fmt: skip
def test_what_cannot_be_used_is_told_in_one_line(arguments: list[str], message: str) -> None:
    assert message in str(export(*arguments).exception)
