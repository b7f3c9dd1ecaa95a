"""The operators' pages: links lead somewhere, commands name what exists, and those that can run here are run."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from vanthu.cli import main
from vanthu.settings.model import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NAMES = (
    "install", "upgrade", "backup", "capacity", "faq", "postfix", "egress", "several-hosts", "docker", "hold",
    "doctor", "forwards", "prometheus", "settings", "failure-modes", "security",
)  # fmt: skip
PAGES = [*(DOCS / f"{name}.md" for name in NAMES), *sorted((DOCS / "runbooks").glob("*.md")), ROOT / "SECURITY.md"]


def commands(page: Path) -> list[str]:
    """Indented lines: what an operator is to type."""
    return [line.strip() for line in page.read_text("utf-8").splitlines() if re.match(r" {4,}\S", line)]


def title(page: Path) -> str:
    return page.stem


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_files_that_commands_name_exist(page: Path) -> None:
    for line in commands(page):
        for name in re.findall(r"(?<![\w/-])(?:/opt/vanthu/)?((?:deploy|policies)/[\w./*@-]+)", line):
            assert list(ROOT.glob(name)), f"{name} in: {line}"


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_commands_of_vanthu_exist(page: Path) -> None:
    known = set(main.vanthu.list_commands(click.Context(main.vanthu)))
    for line in commands(page):
        for part in re.split(r"&&|;|\|", line):
            words = shlex.split(part)
            if words[:1] == ["vanthu"]:
                rest = words[3:] if words[1] == "--config" else words[1:]
                assert rest[0] in known | {"--version"}, line


def test_install_puts_files_where_the_page_says(tmp_path: Path) -> None:
    lines = [line for line in commands(DOCS / "install.md") if line.startswith("install ")]
    assert len(lines) == 4
    for line in lines:
        words = shlex.split(line.replace(" -g vanthu", ""))
        target = tmp_path / words[-1].lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([*words[:-1], str(target)], check=True, cwd=ROOT)
    assert (tmp_path / "etc/systemd/system/vanthu.service").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "etc/vanthu/vanthu.yaml").stat().st_mode & 0o777 == 0o640


def test_the_settings_that_install_shows_load() -> None:
    block = re.search(r"```yaml\n(.*?)```", (DOCS / "install.md").read_text("utf-8"), re.DOTALL)
    assert block
    settings = Settings.model_validate(yaml.safe_load(block[1]))
    unit = (ROOT / "deploy/systemd/vanthu.service").read_text()
    folder = str(Path(settings.milter.socket.removeprefix("unix:")).parent)
    assert f"ReadWritePaths=-{folder}" in unit
    assert f"d {folder} 2750 vanthu postfix" in (ROOT / "deploy/systemd/vanthu.tmpfiles.conf").read_text()


def test_trying_postfix_on_a_copy_works_as_written(tmp_path: Path) -> None:
    stock = tmp_path / "etc"
    stock.mkdir()
    queue = tmp_path / "queue"
    queue.mkdir()
    shutil.copy("/etc/postfix/dynamicmaps.cf", stock)
    master = Path("/etc/postfix/master.cf").read_text()
    (stock / "master.cf").write_text(master + "\nsubmission inet n - y - - smtpd\n")
    (stock / "main.cf").write_text(
        f"compatibility_level = 3.6\nqueue_directory = {queue}\ndata_directory = {queue}\n"
    )
    shutil.chown(queue, "postfix")
    lines = commands(DOCS / "postfix.md")
    first = next(number for number, line in enumerate(lines) if line.startswith("cp -r /etc/postfix"))
    for line in lines[first : first + 4]:
        own = line.replace("/opt/vanthu/", f"{ROOT}/").replace("/tmp/postfix-copy", f"{tmp_path}/copy")
        own = own.replace("/etc/postfix", str(stock))
        done = subprocess.run(["sh", "-c", own], capture_output=True, text=True)
        assert done.returncode == (1 if own.startswith("diff") else 0), done.stderr
        if own.startswith("diff"):
            assert "$vanthu_milter" in done.stdout
    for name in ("main.cf", "master.cf"):
        assert (tmp_path / "copy" / name).read_bytes() == (stock / name).read_bytes()
