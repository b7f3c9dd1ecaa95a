"""``vanthu providers lookup``."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from vanthu.cli.providers import group
from vanthu.settings.load import load


def run(tmp_path: Path, *arguments: str, stdin: str | None = None) -> Result:
    settings = tmp_path / "vanthu.yaml"
    (tmp_path / "register.yaml").write_text("agencies: {a: {name: A, domains: [a.example]}}\n", "utf-8")
    settings.write_text("version: 1\nregister: register.yaml\nown: {domains: [x.gov.vn]}\n", "utf-8")
    return CliRunner().invoke(group, arguments, obj=load(settings), input=stdin)


def test_one_line_a_domain(tmp_path: Path) -> None:
    result = run(tmp_path, "lookup", "gmail.com", "an@soyte.x.gov.vn", "a.example", "x-gov.vn")
    assert result.exit_code == 0
    rows = [[cell.strip() for cell in line.split("\t")] for line in result.stdout.splitlines()]
    assert rows == [
        ["gmail.com", "public", "google", "families.yaml: google: gmail.com"],
        ["an@soyte.x.gov.vn", "official", "-", "settings own.domains: x.gov.vn"],
        ["a.example", "official", "-", "register: a.example"],
        ["x-gov.vn", "other", "-", "no list names it; looks like x.gov.vn"],
    ]


def test_json_lines_from_standard_input(tmp_path: Path) -> None:
    result = run(tmp_path, "lookup", "--json", "-", stdin="gmail.com\n\nHÀNỘI.gov.vn\n")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"domain": "gmail.com", "class": "public", "family": "google",
         "because": "families.yaml: google: gmail.com", "looks_like": None},
        {"domain": "HÀNỘI.gov.vn", "class": "government", "family": None,
         "because": "suffix gov.vn", "looks_like": None},
    ]  # fmt: skip


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in run(tmp_path, "lookup", "\x1b[31mgmail.com").stdout


def test_help_has_an_example_and_nothing_asked_is_a_usage_error(tmp_path: Path) -> None:
    assert "Example: vanthu providers lookup gmail.com" in run(tmp_path, "lookup", "--help").stdout
    assert run(tmp_path, "lookup").exit_code == 2
