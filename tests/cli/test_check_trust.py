"""``vanthu check`` reads the folder of authorities as start and reload do."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from support.authority import Authority
from vanthu.cli.main import vanthu


def check(folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(vanthu, ["--config", str(folder / "vanthu.yaml"), "check"])
    return result.exit_code, result.output


def test_a_folder_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "vanthu.yaml").write_text("version: 1\nstate: {path: state}\ndocuments: {trust: authorities}\n")
    code, said = check(tmp_path)
    assert code == 1
    assert "authorities:0:0: error: cannot be read" in said
    Authority("Root CA").folder(tmp_path / "authorities")
    code, said = check(tmp_path)
    assert "authorities" not in said
    (tmp_path / "authorities" / "notes.txt").write_text("see mail")
    code, said = check(tmp_path)
    assert code == 1
    assert "notes.txt" in said
    assert "neither certificates nor a revocation list" in said
