"""``vanthu review``: questions in the terminal, a sheet out and in, figures that stay."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support import records
from vanthu.cli.main import main, vanthu
from vanthu.facts.model import Challenge, Official
from vanthu.journal.writer import Writer

RULES = """version: 1
rules:
  - id: out
    when: {recipient.class: public, official.score: {min: 0.8}}
    action: challenge
"""


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VANTHU_CONFIG", raising=False)
    for name in ("policies", "journal", "state"):
        Path(name).mkdir()
    Path("policies/a.yaml").write_text(RULES)
    Path("vanthu.yaml").write_text("policies: policies\njournal: {path: journal}\nstate: {path: state}\n")
    writer = Writer(tmp_path / "journal", "mx1", sync="none")
    for number, score in enumerate([0.9] * 6 + [0.5] * 2):
        time = records.NOON + timedelta(minutes=number)
        subject = "=cmd()" if number == 0 else "Báo cáo"
        writer.append(
            records.message(time=time, official=Official(score), message_id=f"<{number}@x>", subject=subject)
        )
    writer.close()
    return tmp_path


def review(*arguments: str, keys: str = "") -> Result:
    return CliRunner().invoke(vanthu, ["review", "out", *arguments], input=keys, standalone_mode=False)


def figures(*arguments: str) -> dict:
    return json.loads(review("--json", *arguments).output)


def test_questions_stop_at_q_and_go_on_with_the_next_reader() -> None:
    first = review("--by", "Lê Bình", keys="y\ny\nn\nq\n")
    assert "precision     2 of 3 right: 66.7% (95 %" in first.output
    assert "1/8" in first.output
    second = review("--by", "attt", keys="y\nx\n?\ny\nn\nn\n")
    assert "1/5" in second.output
    found = figures()
    assert (found["precision"]["count"], found["precision"]["of"], found["unsure"]) == (4, 5, 1)
    assert found["near"] == {
        "official.score": {
            "mails": 2,
            "count": 0,
            "of": 2,
            "share": 0.0,
            "interval": found["near"]["official.score"]["interval"],
        }
    }
    assert found["by"] == {"attt": 5, "Lê Bình": 3}
    lines = [json.loads(line) for line in Path("state/reviews/out.jsonl").read_text("utf-8").splitlines()]
    assert [line["kind"] for line in lines] == ["label"] * 3 + ["result"] + ["label"] * 5 + ["result"]
    assert lines[0]["by"] == "Lê Bình"
    assert lines[0]["login"]


def test_a_slip_of_the_finger_is_taken_back() -> None:
    review("--by", "a", "--near", "0", keys="b\nn\nb\ny\nq\n")
    found = figures("--near", "0")
    assert (found["precision"]["count"], found["precision"]["of"], found["disputed"]) == (1, 1, [])


def test_a_mail_is_shown_with_what_the_rule_saw() -> None:
    output = review("--lang", "en", keys="q\n").output
    assert "official.score: >= 0.8 — saw 0.9" in output
    assert "[hit]" in output


def test_a_sheet_goes_out_and_comes_in() -> None:
    assert review("--export", "sample.csv").exit_code == 0
    text = Path("sample.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 8
    assert any(row["subject"] == "'=cmd()" for row in rows)
    for row in rows:
        row["label"] = "yes" if row["why"] == "hit" else "no"
    with Path("back.csv").open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        sheet.writeheader()
        sheet.writerows(rows)
    assert "6 of 6 right: 100.0%" in review("--label", "back.csv", "--by", "attt").output
    assert figures()["precision"]["of"] == 6


def test_two_who_disagree_are_told_and_the_last_counts() -> None:
    review("--by", "a", "--hits", "1", "--near", "0", keys="y\n")
    review("--hits", "1", "--near", "0", "--export", "sample.csv")
    text = Path("sample.csv").read_text("utf-8").replace(",yes,a,", ",no,b,")
    Path("sample.csv").write_text(text, "utf-8")
    output = review("--hits", "1", "--near", "0", "--label", "sample.csv").output
    assert "disputed" in output
    assert "0 of 1 right" in output


def test_an_unlabelled_sample_promises_nothing() -> None:
    assert figures()["alarms"] == {"bound": 1.0, "negatives": 2, "enough": False}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["review", "ou"], "no rule is named ou; did you mean out?"),
        (["review", "out", "--label", "none.csv"], "none.csv: cannot be read"),
        (["review", "out", "--label", "bad.csv"], "line 2: the label maybe is not known; write yes, no or ?"),
        (["review", "out", "--label", "odd.csv"], "line 2: X is not in this sample"),
        (["review", "out", "--journal", "none"], "none: no such journal folder"),
    ],
)
def test_mistakes_are_one_line(arguments, said, capsys) -> None:
    Path("bad.csv").write_text("record,label\nX,maybe\n")
    Path("odd.csv").write_text("record,label\nX,yes\n")
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_that_somebody_looked_is_journalled_before_anything_is_shown() -> None:
    review("--show")
    review(keys="q\n")
    lines = [line for file in Path("journal").glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    (lookup,) = [entry for entry in map(json.loads, lines) if entry["kind"] == "lookup"]
    assert (lookup["details"]["what"], lookup["details"]["rule"]) == ("review", "out")
    assert lookup["details"]["by"]


def test_what_is_found_of_a_reported_false_alarm_is_journalled_for_the_report() -> None:
    writer = Writer(Path("journal"), "mx1", sync="none")
    alarm = Challenge("valid", ("out",), "nhầm", True)
    mails = [records.message(official=Official(0.9), message_id=f"<r{n}@x>", challenge=alarm) for n in range(2)]
    for mail in mails:
        writer.append(mail)
    writer.close()
    review("--by", "Lê Bình", keys="n\nb\ny\n?\ny\nq\n")  # those reported come first
    lines = [line for file in Path("journal").glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    entries = sorted(map(json.loads, lines), key=lambda entry: entry["id"])
    told = [entry["details"] for entry in entries if entry["kind"] == "review"]
    assert {one["record"] for one in told} == {mail.id for mail in mails}
    assert [one["upheld"] for one in told] == [True, False, None]
    assert {(one["rule"], one["by"]) for one in told} == {("out", "Lê Bình")}
    assert all(one["login"] for one in told)
