"""``vanthu policy promote``: figures first, then one file, and only with --yes."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support import records
from vanthu.cli.main import main, vanthu
from vanthu.facts.model import Official
from vanthu.journal.writer import Writer

RULES = """version: 1
rules:
  # Looked at since September.
  - id: out
    title: {vi: Ra ngoài, en: Out}
    basis: [b]
    when: {recipient.class: public, official.score: {min: 0.8}}   # the usual
    action: challenge
  - {id: foreign, title: {vi: x, en: x}, basis: [other], mode: warn, when: {recipient.class: relay}, action: warn}
  - {id: ended, title: {vi: x, en: x}, basis: [old], mode: warn, when: {recipient.class: relay}, action: warn}
"""
CLAUSE = "number: 1/U, issuer: U, date: 2020-01-01, clause: '1', quotation: q, valid_from: 2020-01-01"
BASES = f"""version: 1
bases:
  b: {{{CLAUSE}, binds: [all]}}
  other: {{{CLAUSE}, binds: [elsewhere]}}
  old: {{{CLAUSE}, binds: [all], valid_to: 2021-01-01}}
"""
REGISTER = "version: 1\nagencies:\n  so-y-te: {name: Sở Y tế, domains: [soyte.x.gov.vn]}\nmailboxes: []\n"


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VANTHU_CONFIG", raising=False)
    for name in ("policies", "journal", "state"):
        Path(name).mkdir()
    Path("policies/a.yaml").write_text(RULES)
    Path("policies/a.yaml").chmod(0o640)
    Path("policies/bases.yaml").write_text(BASES)
    Path("register.yaml").write_text(REGISTER)
    Path("vanthu.yaml").write_text(
        "policies: policies\nregister: register.yaml\njournal: {path: journal}\nstate: {path: state}\n"
    )
    writer = Writer(tmp_path / "journal", "mx1", sync="none")
    for number in range(4):
        time = datetime.now(UTC) - timedelta(hours=number)
        writer.append(records.message(time=time, official=Official(0.9), message_id=f"<{number}@x>"))
    writer.close()
    return tmp_path


def promote(*arguments: str) -> Result:
    return CliRunner().invoke(vanthu, ["policy", "promote", *arguments], standalone_mode=False)


def test_without_yes_it_only_tells() -> None:
    output = promote("out").output
    assert "4 records judged; 4 mails are decided otherwise" in output
    assert "accept → warn" in output
    assert "nothing labelled yet" in output
    assert "+    mode: warn" in output
    assert "Not recommended: nobody has reviewed what it hits: vanthu review out" in output
    assert "Nothing was changed" in output
    assert Path("policies/a.yaml").read_text() == RULES


def test_stage_by_stage_by_agency_and_date() -> None:
    assert "out is now warn" in promote("out", "--yes").output
    later = promote("out", "--agencies", "so-y-te", "--from", "2030-01-01", "--yes")
    assert "accept → challenge" not in later.output
    assert "warn → challenge" in later.output, "the day it begins is not waited for in the backtest"
    text = Path("policies/a.yaml").read_text()
    assert "    mode: enforce\n    rollout: {agencies: [so-y-te], from: 2030-01-01}\n    when:" in text
    assert "# Looked at since September." in text
    assert "# the usual" in text
    assert stat.S_IMODE(Path("policies/a.yaml").stat().st_mode) == 0o640
    assert RULES in [path.read_text() for path in Path("policies").glob("a.yaml.*.bak")]
    promote("out", "--everywhere", "--yes")
    assert "rollout: {from: 2030-01-01}" in Path("policies/a.yaml").read_text()
    promote("out", "--to", "shadow", "--yes")
    assert "mode: shadow" in Path("policies/a.yaml").read_text()


def test_what_stops_mail_needs_twenty_thousand_honest_mails() -> None:
    CliRunner().invoke(vanthu, ["review", "out"], input="y\n" * 4, standalone_mode=False)
    output = promote("out", "--to", "enforce").output
    assert "4 of 4 right" in output
    assert "Not recommended: it is not shown that it stops at most 0.02 % of honest mail" in output
    assert "nobody has reviewed" not in output


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["foreign", "--yes"], "no basis of the rule foreign binds the installation default (only elsewhere)", 1),
        (["ended", "--yes"], "no basis that binds default is in force on", 1),
        (["ou"], "no rule is named ou; did you mean out?", 2),
        (["out", "--agencies", "so-y-tế"], "the register has no agency so-y-tế; did you mean so-y-te?", 2),
        (["out", "--agencies", "a", "--everywhere"], "give either --agencies or --everywhere", 2),
        (["out", "--to", "shadow", "--from", "2026-01-01"], "", 0),
    ],
)
def test_what_is_refused(arguments, said, code, capsys) -> None:
    with pytest.raises(SystemExit) as left:
        main(["policy", "promote", *arguments])
    assert left.value.code == code
    assert said in capsys.readouterr().err
    assert Path("policies/a.yaml").read_text() == RULES


def test_what_is_shipped_is_looked_at_and_never_changed(capsys) -> None:
    Path("vanthu.yaml").write_text("journal: {path: journal}\nstate: {path: state}\n")
    with pytest.raises(SystemExit) as left:
        main(["policy", "promote", "automatic-forward", "--yes"])
    assert left.value.code == 2
    assert "copy it" in capsys.readouterr().err
    assert "Nothing was changed" in promote("automatic-forward").output


def test_a_rule_that_is_set_so_already() -> None:
    promote("out", "--yes")
    with pytest.raises(SystemExit):
        main(["policy", "promote", "out", "--to", "warn", "--yes"])
    assert len(list(Path("policies").glob("*.bak"))) == 1
