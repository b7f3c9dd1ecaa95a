"""docs/policy.md tells the truth: every block of it is used, its commands run and print what it says, its tables are
those of the code."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from click.testing import CliRunner

from vanthu.cli.main import vanthu
from vanthu.policy.conditions import COUNT, ELEMENT, MESSAGE, RECIPIENT, markdown
from vanthu.policy.load import PolicyContext, load
from vanthu.policy.shapes import PolicyShape, RuleShape

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "policy.md").read_text("utf-8")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file that it is (or nothing), what stands in it."""

    language: str
    file: str
    text: str


BLOCKS = [
    Block(language, file, dedent(text))
    for language, file, text in re.findall(r"^ *```(\w*) *(\S*)\n(.*?)^ *```$", PAGE, re.S | re.M)
]
EXAMPLES = [block.text for block in BLOCKS if block.language == "yaml" and not block.file]


def test_no_block_is_left_out() -> None:
    assert PAGE.count("```") == 2 * len(BLOCKS)
    assert {(block.language, bool(block.file)) for block in BLOCKS} == {
        ("yaml", False), ("yaml", True), ("eml", True), ("console", False), ("json", False),
    }  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_example_loads_without_a_warning(example, tmp_path) -> None:
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    (tmp_path / "bases.yaml").write_text((ROOT / "policies" / "bases.yaml").read_text("utf-8"), "utf-8")
    context = PolicyContext("quangngai", agencies=frozenset({"so-y-te"}), today=date(2026, 11, 23))
    assert load(tmp_path, context).warnings == ()


def test_the_page_can_be_followed_from_top_to_bottom(tmp_path, monkeypatch) -> None:
    """A newcomer's twenty minutes: files are written and commands are run in the order of the page."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VANTHU_CONFIG", raising=False)
    commands = 0
    for block in BLOCKS:
        if block.file:
            Path(block.file).write_text(block.text, "utf-8")
        elif block.language == "console":
            for part in re.split(r"^\$ ", block.text, flags=re.M)[1:]:
                command, *expected = part.splitlines()
                commands += 1
                _run(command, expected)
    assert commands >= 12


def _run(command: str, expected: list[str]) -> None:
    program, *arguments = shlex.split(command)
    if program == "mkdir":
        for folder in arguments[1:]:
            Path(folder).mkdir(parents=True)
        return
    assert program == "vanthu"
    result = CliRunner().invoke(vanthu, arguments, input="y\n", standalone_mode=False)
    assert result.exception is None, (command, result.exception)
    assert result.return_value in (None, 0), (command, result.output)
    position = 0
    for line in filter(None, expected):
        found = result.output.find(line.removesuffix("…"), position)
        assert found >= 0, f"{command}: does not print {line!r} there:\n{result.output}"
        position = found


def test_the_tutorial_does_what_it_says(tmp_path, monkeypatch) -> None:
    """Its rule stays in shadow in the end, and every stage left the file of before beside it."""
    test_the_page_can_be_followed_from_top_to_bottom(tmp_path, monkeypatch)
    (rule,) = yaml.safe_load(Path("rules/drafts.yaml").read_text("utf-8"))["rules"]
    assert (rule["mode"], rule["rollout"]) == ("shadow", {"from": date(2030, 1, 1)})
    assert "# what recognisers are sure of" in Path("rules/drafts.yaml").read_text("utf-8")
    assert len(list(Path("rules").glob("*.bak"))) == 3


def test_editors_and_hooks_are_wired_as_written() -> None:
    (settings,) = (json.loads(block.text) for block in BLOCKS if block.language == "json")
    assert set(settings["yaml.schemas"]) == {"./policy.schema.json"}
    (hooks,) = (yaml.safe_load(block.text) for block in BLOCKS if block.file == ".pre-commit-config.yaml")
    for hook in hooks["repos"][0]["hooks"]:
        _, command, *arguments = shlex.split(hook["entry"])
        options = {option for parameter in vanthu.get_command(None, command).params for option in parameter.opts}
        assert {argument for argument in arguments if argument.startswith("-")} <= options


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
