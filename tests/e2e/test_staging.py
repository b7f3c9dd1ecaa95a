"""A rule goes from shadow into force and back on a running installation, by commands and reloads alone."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.waiting import wait_until

from .conftest import LOGIN, House
from .test_effects import BINH, mail

RULES = """version: 1
rules:
  # Looked at for a month.
  - id: staged
    title: {vi: Thử từng bước, en: Staged for a test}
    basis: [lab.1]
    when: {subject: {matches: '^staged'}}   # by subject
    action: reject
"""


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "rules.yaml").write_text(RULES, "utf-8")
    (folder / "bases.yaml").write_bytes((Path(__file__).parent / "policies" / "bases.yaml").read_bytes())
    return folder


def promote(house: House, *arguments: str, code: int = 0) -> str:
    command = [*house.vanthu.command, "policy", "promote", "staged", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def reload(house: House) -> None:
    """The daemon takes the folder up; returns when only workers of the new generation are left."""
    before = house.vanthu.status()["generation"]
    house.vanthu.signal(signal.SIGHUP)
    wait_until(lambda: house.vanthu.status()["generation"] > before and len(house.vanthu.children("worker")) == 2)


def send(house: House) -> int:
    return house.client("submission", LOGIN).send(LOGIN, [BINH], mail("staged")).code


def test_from_shadow_into_force_and_back(open_house: Callable[..., House], policies: Path) -> None:
    house = open_house(policies=policies)
    assert send(house) == 250
    house.vanthu.wait_for_records(1)
    assert "Nothing was changed" in promote(house)
    for stage, code in (("warn", 250), ("enforce", 550), ("shadow", 250)):
        told = promote(house, "--to", stage, "--yes")
        assert f"staged is now {stage}" in told
        reload(house)
        assert send(house) == code
    text = (policies / "rules.yaml").read_text("utf-8")
    assert text == RULES.replace("    when:", "    mode: shadow\n    when:")
    assert len(list(policies.glob("*.bak"))) == 3
    records = house.vanthu.wait_for_records(4)
    assert [record["decision"]["verdict"] for record in records] == ["accept", "warn", "reject", "accept"]
    assert {hit["mode"] for record in records for hit in record["decision"]["rules"]} == {"shadow", "warn", "enforce"}


def test_for_some_agencies_and_from_a_day_on(open_house: Callable[..., House], policies: Path) -> None:
    house = open_house(policies=policies)
    promote(house, "--to", "enforce", "--agencies", "so-noi-vu", "--yes")
    reload(house)
    assert send(house) == 250, "the sender is of so-y-te"
    promote(house, "--agencies", "so-noi-vu,so-y-te", "--from", "2999-01-01", "--yes")
    reload(house)
    assert send(house) == 250, "not yet"
    promote(house, "--agencies", "so-noi-vu,so-y-te", "--from", "2026-01-01", "--yes")
    reload(house)
    assert send(house) == 550
    assert "rollout: {agencies: [so-noi-vu, so-y-te], from: 2026-01-01}" in (policies / "rules.yaml").read_text()
