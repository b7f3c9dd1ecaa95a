"""``vanthu policy``: what was in force when, and break-glass with a name and a reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support import records
from support.policies import policy_of, rule
from vanthu.cli.main import main, vanthu
from vanthu.inspection.policy_texts import keep
from vanthu.inspection.relaxing import read
from vanthu.journal.writer import Writer

POLICY = policy_of(rule("a", {"direction": "outbound"}, "hold"))


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VANTHU_CONFIG", raising=False)
    Path("vanthu.yaml").write_text("node: mx1\njournal: {path: journal}\nstate: {path: state}\n")
    Path("journal").mkdir()
    Path("state").mkdir()
    keep(tmp_path / "state", POLICY)
    writer = Writer(tmp_path / "journal", "mx1", sync="none")
    writer.append(records.event("reload", ok=True, policy=POLICY.digest, start=True))
    writer.append(records.message())
    writer.append(
        records.event("reload", time=records.NOON + timedelta(hours=1), ok=False, problems=2, policy=POLICY.digest)
    )
    writer.close()
    return tmp_path


def policy(*arguments: str) -> Result:
    return CliRunner().invoke(vanthu, ["policy", *arguments], standalone_mode=False)


def relax(period: str) -> Result:
    return policy("relax", "--for", period, "--by", "Lê Bình", "--reason", "lụt\x1b[2J\n hai huyện")


def test_the_log_tells_what_came_into_force_when() -> None:
    relax("2h")
    first, second, third = policy("log").output.splitlines()
    assert first == f"2026-11-20T05:00:00Z  mx1  started   {POLICY.digest}"
    assert second == f"2026-11-20T06:00:00Z  mx1  refused   2 problems; {POLICY.digest} stays"
    assert "  relaxed   until " in third
    assert third.endswith("by Lê Bình: lụt?[2J? hai huyện")
    found = json.loads(policy("log", "--json").output)
    assert [one["what"] for one in found] == ["started", "refused", "relaxed"]


def test_the_full_text_by_digest() -> None:
    text = policy("log", POLICY.digest).output
    assert "# ==> 0.yaml <==" in text
    assert '"direction": "outbound"' in text
    assert json.loads(policy("log", f"{POLICY.digest}+relaxed", "--json").output) == dict(POLICY.text)


def test_relax_tells_workers_and_the_journal(office: Path) -> None:
    result = relax("30m")
    assert result.output.startswith("relaxed until ")
    found = read(office / "state")
    assert found is not None
    assert (found.by, found.until - found.since) == ("Lê Bình", timedelta(minutes=30))
    assert datetime.now(UTC) - found.since < timedelta(minutes=1)
    assert relax("0").output == "relaxed no longer\n"
    ended = read(office / "state")
    assert ended is not None
    assert ended.until == ended.since


def test_without_a_journal_nothing_is_relaxed(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in (office / "journal").iterdir():
        file.unlink()
    (office / "journal").rmdir()
    with pytest.raises(SystemExit) as leave:
        main(["policy", "relax", "--for", "2h", "--by", "a", "--reason", "b"])
    assert leave.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert read(office / "state") is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["relax", "--for", "25h", "--by", "a", "--reason", "b"], "at most 24h"),
        (["relax", "--for", "soon", "--by", "a", "--reason", "b"], "write 30m or 2h"),
        (["relax", "--for", "2h", "--by", " ", "--reason", "b"], "--by: say it"),
        (["relax", "--for", "2h", "--by", "a"], "Missing option '--reason'"),
        (["log", "0123456789abcdef"], "no text of the policy"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leave:
        main(["policy", *arguments])
    assert leave.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
