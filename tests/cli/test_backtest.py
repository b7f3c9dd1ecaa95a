"""``vanthu backtest``: from a journal or from messages, as text or JSON, with its exit codes."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from support import records
from vanthu.cli.main import main, vanthu
from vanthu.facts.model import Official, Sender
from vanthu.journal.writer import Writer

RULES = """version: 1
rules:
  - id: out
    title: {{vi: Ra ngoài, en: Out}}
    basis: [b]
    mode: enforce
    when: {{recipient.class: public, official.score: {{min: {low}}}}}
    action: {action}
  - {{id: seen, mode: shadow, when: {{recipient.class: public, detected.x.count: {{min: 1}}}}, action: reject}}
detectors: {{x: {{title: {{vi: x, en: x}}, re2: Chào}}}}
"""
BASES = (
    "version: 1\nbases:\n  b: {number: 1/U, issuer: U, date: 2020-01-01, clause: '1', quotation: q,"
    " valid_from: 2020-01-01, binds: [all]}\n"
)


def policy(name: str, low: float, action: str = "hold") -> None:
    Path(name).mkdir()
    Path(name, "a.yaml").write_text(RULES.format(low=low, action=action))
    Path(name, "bases.yaml").write_text(BASES)


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VANTHU_CONFIG", raising=False)
    policy("new", 0.8)
    policy("old", 0.8, "warn")
    Path("vanthu.yaml").write_text("policies: old\nown: {domains: [x.gov.vn]}\n")
    Path("journal").mkdir()
    writer = Writer(tmp_path / "journal", "mx1", sync="none")
    now = datetime.now(UTC)
    for age, score in ((1, 0.9), (1, 0.9), (2, 0.6), (40, 0.95)):
        time = now - timedelta(days=age)
        writer.append(records.message(time=time, official=Official(score), message_id=f"<{age}@x.gov.vn>"))
    writer.close()
    return tmp_path


def backtest(*arguments: str) -> Result:
    return CliRunner().invoke(vanthu, ["backtest", *arguments], standalone_mode=False)


def test_the_recorded_decisions_against_a_new_policy() -> None:
    result = backtest("--new", "new", "--journal", "journal", "--since", "30d", "--json")
    assert result.exception is None
    found = json.loads(result.output)
    assert found["records"] == 3
    assert found["changed"] == {"mails": 1, "tries": 2, "not_listed": 0}
    assert found["verdicts"] == {"accept → hold": 1}
    assert found["rules"]["out"] == {
        "before": 0, "after": 2, "gained": 2, "lost": 0, "marginal": None, "unknown": {}
    }  # fmt: skip
    assert found["rules"]["seen"]["unknown"] == {"detector_absent": 3}
    assert found["not_judged"] == 3
    assert found["agencies"] == {"so-y-te": 1}
    assert found["senders"] == {"an@soyte.x.gov.vn": 1}
    (example,) = found["examples"]["accept → hold"]
    assert (example["tries"], example["gained"]) == (2, ["out"])


def test_as_text() -> None:
    text = backtest("--new", "new", "--journal", "journal", "--sweep", "official.score=0.5..0.9/4").output
    assert "4 records judged; 2 mails are decided otherwise (1 more tries of the same)" in text
    assert "4 of 4 records could not be judged by every rule" in text
    assert "accept → hold" in text
    assert "Mails that are not simply accepted, by official.score" in text
    assert [line.split()[0] for line in text.splitlines()[-5:]] == ["0.5", "0.6", "0.7", "0.8", "0.9"]
    assert text.splitlines()[-1].split()[-2:] == ["hold", "3"]


def test_an_old_policy_instead_of_what_was_recorded() -> None:
    assert json.loads(
        backtest("--new", "new", "--old", "old", "--journal", "journal", "--json").output
    )["verdicts"] == {"warn → hold": 2}  # fmt: skip
    assert backtest("--new", "new", "--old", "new", "--journal", "journal", "--fail-on-change").return_value == 0
    assert backtest("--new", "new", "--old", "old", "--journal", "journal", "--fail-on-change").return_value == 3


def test_messages_against_the_policy_in_force_with_every_detector_run() -> None:
    Path("mail").mkdir()
    Path("mail/a.eml").write_text("From: a@x.gov.vn\nTo: b@gmail.com\n\nChào\n")
    Path("mail/b.eml").write_text("From: a@x.gov.vn\nTo: b@x.gov.vn\n\nChào\n")
    found = json.loads(backtest("--new", "new", "--messages", "mail", "--json").output)
    assert (found["records"], found["not_judged"], found["changed"]["mails"]) == (2, 0, 0)
    assert found["rules"]["seen"]["after"] == 1
    assert found["rules"]["seen"]["marginal"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--new", "new"], "give either --journal DIR or --messages PATH"),
        (["--new", "nowhere", "--journal", "journal"], "nowhere: no such policy folder"),
        (["--new", "new", "--journal", "nowhere"], "nowhere: no such journal folder"),
        (["--new", "new", "--messages", "nowhere"], "nowhere: no such file or folder"),
        (["--new", "new", "--journal", "journal", "--since", "yesterday"], "write a number and h, d or w"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leave:
        main(["backtest", *arguments])
    assert leave.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_one_page_that_loads_nothing_and_quotes_what_came_with_mail(office: Path) -> None:
    writer = Writer(office / "journal", "mx2", sync="none")
    evil = Sender("<script>alert(1)</script>@x.gov.vn", class_="official")
    writer.append(records.message(official=Official(0.9), sender=evil, message_id="<e@x.gov.vn>"))
    writer.close()
    arguments = ("--new", "new", "--journal", "journal", "--html", "out.html")
    result = backtest(*arguments, "--sweep", "official.score=0.5..0.9/4")
    assert result.return_value == 0
    page = Path("out.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href|url)\s*[=(]", page)
    assert page.count("<svg") == 4
    root = ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    assert [text.text for text in root if text.tag == "text"] == ["accept → hold", "3"]
