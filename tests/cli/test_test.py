"""``vanthu test``: cases pass, fail with a reason, tell what they do not reach, and go to JUnit."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from vanthu.cli.main import main, vanthu

RULES = """version: 1
detectors: {cccd: {title: {vi: Số, en: Id}, re2: x}}
rules:
  - id: out
    when: {direction: outbound, recipient.class: public, detected.cccd.count: {max: 3}}
    unless:
      - {id: press, when: {recipient.address: p@gmail.com}, reason: r, owner: o@x.vn, expires: 2030-01-01}
    action: hold
  - {id: night, when: {time: {outside: working_hours}}, action: count}
"""
CASES = """version: 1
assume: enforce
people: {ann: {address: ann@gmail.com}}
cases:
  - name: held
    facts: {recipients: [ann]}
    expect: {verdict: hold, recipients: [hold], rules: [out], exempted: [], unknown: []}
  - name: at night
    facts: {recipients: [b@x.gov.vn], time: 2026-11-22}
    expect: {verdict: count, rules: [night]}
"""
MAIL = "From: a@x.gov.vn\nTo: ann@gmail.com\nDate: Mon, 23 Nov 2026 10:00:00 +0700\n\nChào.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VANTHU_CONFIG", raising=False)
    Path("policies/tests").mkdir(parents=True)
    Path("policies/a.yaml").write_text(RULES)
    Path("policies/tests/a.test.yaml").write_text(CASES)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(vanthu, ["test", *arguments], standalone_mode=False)


def test_the_shipped_policy_passes_with_everything_reached() -> None:
    result = run("--strict")
    assert result.return_value == 0
    assert "0 failed; 10 of 10 rules and 17 of 17 exceptions reached" in result.output


def test_what_no_case_reaches_is_listed_and_fails_only_when_strict() -> None:
    result = run("policies")
    assert result.return_value == 0
    assert result.output == (
        "no case reaches exception out/press\n2 cases, 0 failed; 2 of 2 rules and 0 of 1 exceptions reached\n"
    )
    assert run("--strict", "policies/tests").return_value == 1


def test_a_failure_tells_what_was_expected_and_where(folder: Path) -> None:
    Path("policies/tests/a.test.yaml").write_text(CASES.replace("verdict: hold", "verdict: warn, reply: abc"))
    result = run("policies", "--junit", "out.xml")
    assert result.return_value == 1
    assert "policies/tests/a.test.yaml:5: held: verdict: expected warn, got hold" in result.output
    assert "held: reply: expected to contain 'abc', got None" in result.output
    suite = ElementTree.parse("out.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "verdict: expected warn, got hold"


def test_a_mail_file_is_read_by_the_recognisers() -> None:
    Path("policies/tests/a.eml").write_text(MAIL)
    Path("policies/tests/a.test.yaml").write_text(
        "version: 1\nassume: enforce\ncases:\n"
        "  - {name: m, mail: a.eml, login: a@x.gov.vn, expect: {verdict: hold}}\n"
        "  - {name: n, mail: a.eml, recipients: [p@gmail.com], login: a, expect: {exempted: [press]}}\n"
    )
    assert "2 cases, 0 failed" in run("policies").output


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("verdict: hold", "verdit: hold", "7:14: error: unknown key verdit; did you mean verdict?"),
        ("rules: [out]", "rules: [ou]", "no rule is named ou; did you mean out?"),
        ("exempted: []", "exempted: [pres]", "no exception is named pres; did you mean press?"),
        ("facts: {recipients: [ann]}", "mail: none.eml", "no such file: none.eml"),
        ("    facts: {recipients: [ann]}\n", "", "a case has either facts or mail"),
    ],
)
def test_mistakes_in_a_file_are_problems_with_their_place(
    before: str, after: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("policies/tests/a.test.yaml").write_text(CASES.replace(before, after))
    with pytest.raises(SystemExit) as leave:
        main(["test", "policies"])
    assert leave.value.code == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[ann]", "[bob]", "bob is no address, and no one of that name stands in people"),
        ("[ann]", "[ann], oficial.score: 1", "facts have no oficial here; did you mean official?"),
        ("[ann]", "[{address: a@b.c, clas: public}]", "facts have no clas here; did you mean class?"),
        ("[ann]", "[ann], detected: {cccc: {count: 1}}", "no detector is named cccc; did you mean cccd?"),
        ("[ann]", "[ann], sender.role: boss", "Invalid enum value 'boss'"),
    ],
)
def test_facts_that_are_none_fail_their_case(before: str, after: str, said: str) -> None:
    Path("policies/tests/a.test.yaml").write_text(CASES.replace(before, after))
    result = run("policies")
    assert result.return_value == 1
    assert said in result.output


def test_a_folder_without_cases_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    with pytest.raises(SystemExit) as leave:
        main(["test", "empty"])
    assert leave.value.code == 2
    assert "no cases here" in capsys.readouterr().err
