"""The pages on tuning: their commands exist with the options that are shown, and their examples run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from vanthu import shipped
from vanthu.cli.main import vanthu

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("explain", "test", "backtest", "challenge", "relax", "review")


def commands(page: str) -> list[list[str]]:
    text = (DOCS / f"{page}.md").read_text("utf-8")
    return [shlex.split(line[2:]) for line in re.findall(r"^\$ vanthu .*$", text, re.MULTILINE)]


@pytest.mark.parametrize("words", [words for page in PAGES for words in commands(page)], ids=" ".join)
def test_commands_exist_with_these_options(words: list[str]) -> None:
    context = click.Context(vanthu)
    command: click.Command | None = vanthu
    rest = words[1:]
    while isinstance(command, click.Group):
        command = command.get_command(context, rest.pop(0))
    assert command is not None
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= known


def test_the_example_of_test_cases_passes_for_the_shipped_policy(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", (DOCS / "test.md").read_text("utf-8"), re.DOTALL)
    for path in shipped.policies().glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "doc.test.yaml").write_text(example, "utf-8")
    result = CliRunner().invoke(vanthu, ["test", str(tmp_path)], standalone_mode=False)
    assert "3 cases, 0 failed" in result.output
