"""``vanthu check``: what it looks at, what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vanthu.cli.main import main, vanthu

BAD = "version: 1\nrules:\n  - {id: a, when: {directon: outbound}, action: count}\n"
DOUBTFUL = "version: 1\nrules:\n  - {id: a, when: {}, action: count}\n"
GOOD = "version: 1\nrules:\n  - {id: a, when: {direction: outbound}, action: count}\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VANTHU_CONFIG", raising=False)
    (tmp_path / "policies").mkdir()
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(vanthu, ["check", *arguments])


def test_the_shipped_installation_is_in_order() -> None:
    result = check("--strict")
    assert (result.exit_code, result.output) == (0, "")


def test_a_policy_file(elsewhere: Path) -> None:
    Path("a.yaml").write_text(BAD)
    result = check("a.yaml")
    assert result.exit_code == 1
    assert result.stdout == "a.yaml:3:20: error: unknown condition directon; did you mean direction?\n"


def test_warnings_fail_only_when_strict() -> None:
    Path("policies/a.yaml").write_text(DOUBTFUL)
    result = check("policies")
    assert result.exit_code == 0
    assert result.stdout == "policies/a.yaml:3:19: warning: the rule a has no conditions, so it hits every mail\n"
    assert check("--strict", "policies").exit_code == 1


def test_several_paths_in_one_run() -> None:
    Path("a.yaml").write_text(BAD)
    Path("policies/b.yaml").write_text(BAD)
    assert [line.partition(":")[0] for line in check("policies", "a.yaml").stdout.splitlines()] == [
        "a.yaml",
        "policies/b.yaml",
    ]


def test_a_settings_file_leads_to_everything() -> None:
    Path("policies/a.yaml").write_text(BAD)
    Path("mine.yaml").write_text("installation: quangngai\npolicies: policies\nregister: nowhere.yaml\n")
    result = check("mine.yaml")
    assert result.exit_code == 1
    assert "policies/a.yaml:3:20: error" in result.stdout
    assert "nowhere.yaml" in result.stdout


def test_the_installation_says_which_bases_bind() -> None:
    dates = "date: 2018-01-01, valid_from: 2018-01-01"
    basis = f"{{number: 1/UBND, issuer: x, {dates}, clause: khoản 1, quotation: q, binds: [quangngai]}}"
    Path("policies/bases.yaml").write_text(f"bases: {{b: {basis}}}\n", "utf-8")
    Path("policies/a.yaml").write_text(
        "rules: [{id: a, title: {vi: x, en: y}, basis: [b], mode: enforce, when: {size: 1}, action: count}]\n"
    )
    assert "binds the installation default" in check("policies").stdout
    Path("vanthu.yaml").write_text("installation: quangngai\n")
    assert check("policies").exit_code == 0
    assert check("policies/bases.yaml").exit_code == 0


def test_a_folder_of_settings_leads_to_everything() -> None:
    Path("vanthu.yaml").write_text("policies: policies\n")
    Path("policies/a.yaml").write_text(BAD)
    assert "policies/a.yaml:3:20: error" in check(".").stdout


def test_broken_settings_are_told_like_everything_else() -> None:
    Path("vanthu.yaml").write_text("instalation: x\ntimezone: Mars/Base\n")
    result = check()
    assert result.exit_code == 1
    assert "vanthu.yaml:1:1: error: unknown key instalation; did you mean installation?" in result.stdout
    assert "vanthu.yaml:2:11: error: timezone: Mars/Base is not a time zone name" in result.stdout
    Path("policies/a.yaml").write_text(GOOD)
    assert check("policies").exit_code == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("own: {domains: x.gov.vn}", "2:16: error: domains: write a list, such as [one, two], not 'x.gov.vn'"),
        ("milter: {workers: many}", "2:19: error: workers: write a whole number, not 'many'"),
        ("egress: {enabled: ja}", "2:19: error: enabled: write true or false, not 'ja'"),
        ("state: 5", "2:8: error: state: write a map: keys with their values, not 5"),
    ],
)
def test_a_value_of_the_wrong_type_is_told_in_words_of_yaml(line: str, told: str) -> None:
    Path("vanthu.yaml").write_text(f"version: 1\n{line}\n")
    assert check("vanthu.yaml").stdout == f"vanthu.yaml:{told}\n"


def test_a_path_that_is_not_there_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "nowhere.yaml"])
    assert ended.value.code == 2
    assert "nowhere.yaml: no such file or folder" in capsys.readouterr().err


def test_schema_is_json() -> None:
    assert json.loads(check("--schema").stdout)["title"] == "vanthu policy file"


def test_conditions() -> None:
    assert check("--conditions").stdout.startswith("| condition |")


def test_templates_of_notices_are_tried(elsewhere: Path) -> None:
    Path("policies/a.yaml").write_text(GOOD)
    Path("vanthu.yaml").write_text("policies: policies\nnotices: {templates: notices}\n")
    Path("notices").mkdir()
    assert check().output == ""
    Path("notices/advice.vi.j2").write_text("Mã thư {{ reccord }}\n")
    result = check()
    assert result.exit_code == 0, "the daemon uses the shipped one"
    assert "warning: the shipped template is used: 'reccord' is undefined\n" in result.output
    assert check("--strict").exit_code == 1
