"""docs/policy.md tells the truth: its examples load, its commands run, its tables are those of the code."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner

from vanthu.cli.main import vanthu
from vanthu.policy.conditions import COUNT, ELEMENT, MESSAGE, RECIPIENT, markdown
from vanthu.policy.load import PolicyContext, load
from vanthu.policy.shapes import PolicyShape, RuleShape

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "policy.md").read_text("utf-8")
EXAMPLES = [dedent(block) for block in re.findall(r"^ *```yaml\n(.*?)^ *```", PAGE, re.S | re.M)]
COMMANDS = re.findall(r"^ *\$ vanthu (.*)$", PAGE, re.M)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_example_loads_without_a_warning(example, tmp_path) -> None:
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    (tmp_path / "bases.yaml").write_text((ROOT / "policies" / "bases.yaml").read_text("utf-8"), "utf-8")
    context = PolicyContext("quangngai", agencies=frozenset({"so-y-te"}), today=date(2026, 11, 23))
    assert load(tmp_path, context).warnings == ()


@pytest.mark.parametrize("command", COMMANDS)
def test_command_runs(command, monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("VANTHU_CONFIG", raising=False)
    result = CliRunner().invoke(vanthu, command.split())
    assert result.exit_code == 0, result.output


def test_table_of_conditions_is_that_of_the_code() -> None:
    inside = PAGE.split("<!-- conditions -->\n")[1].split("<!-- /conditions -->")[0]
    assert inside.strip() == markdown().strip(), "vanthu check --conditions prints the new table"


def test_every_key_is_explained() -> None:
    for name, field in RuleShape.model_fields.items():
        assert f"| `{field.alias or name}` |" in PAGE
    for name in PolicyShape.model_fields:
        assert f"`{name}`" in PAGE


def test_every_condition_is_in_the_table_with_a_meaning() -> None:
    for path, condition in (MESSAGE | RECIPIENT).items():
        assert f"| `{path}` |" in PAGE
        assert condition.meaning
    assert COUNT in PAGE
    assert all(condition.meaning for conditions in ELEMENT.values() for condition in conditions.values())
