"""Every command of README.md and docs/install.md is typed by a script on a machine with systemd (make deb-check).

The scripts stop where a line that they type does not stand in its page, so the two cannot drift apart. The machine
takes minutes and root, so it is not part of these tests."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import vanthu

ROOT = Path(__file__).parents[2]
VANTHU = Path(sys.executable).parent / "vanthu"
SCRIPTS = sorted((ROOT / "deploy" / "debian").glob("*.sh"))
TYPED = re.compile(r"^typed \w+ (\S+) (?:\\\n\s+)?(?:\"([^\"]*)\"|'([^']*)')", re.MULTILINE)


def shown(page: Path) -> list[str]:
    """Indented lines, but for those of a paragraph that begins with a number: they show what a command prints."""
    found = []
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for paragraph in re.split(r"\n\s*\n", text):
        lines = paragraph.strip("\n").splitlines()
        if lines and re.match(r" {4,}\S", lines[0]) and not re.match(r" +\d+\. ", lines[0]):
            found += [line.strip() for line in lines]
    return found


def typed(page: str) -> set[str]:
    calls = [call for script in SCRIPTS for call in TYPED.findall(script.read_text("utf-8"))]
    return {double or single for name, double, single in calls if name == page}


@pytest.mark.parametrize("page", ["README.md", "docs/install.md"])
def test_every_command_of_the_page_is_typed_by_a_script(page: str) -> None:
    lines = shown(ROOT / page)
    assert len(lines) > 8
    missing = set(lines) - typed(page)
    assert not missing


def test_scripts_type_what_the_pages_say() -> None:
    for name in ("README.md", "docs/install.md"):
        assert typed(name) <= set(shown(ROOT / name))


def test_both_readmes_show_the_same_commands() -> None:
    assert shown(ROOT / "README.md") == shown(ROOT / "README.vi.md")


def test_the_package_that_the_pages_name_is_of_this_version() -> None:
    for page in ("install", "upgrade"):
        names = re.findall(r"vanthu_([0-9.]+)_amd64\.deb", (ROOT / "docs" / f"{page}.md").read_text("utf-8"))
        assert set(names) == {vanthu.__version__}


@pytest.mark.parametrize("page", ["README.md", "README.vi.md", "docs/install.md"])
def test_the_register_to_begin_with_loads(page: str, tmp_path: Path) -> None:
    blocks = re.findall(r"^ *```yaml\n(.*?)^ *```$", (ROOT / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    register = next(block for block in blocks if "agencies:" in block)
    indent = " " * (len(register) - len(register.lstrip()))
    (tmp_path / "register.yaml").write_text(re.sub(f"^{indent}", "", register, flags=re.MULTILINE), "utf-8")
    settings = tmp_path / "vanthu.yaml"
    settings.write_text("register: register.yaml\n")
    done = subprocess.run([VANTHU, "--config", settings, "check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_are_well_formed(script: Path) -> None:
    assert subprocess.run(["sh", "-n", script]).returncode == 0
