import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support import records
from vanthu.cli.journal import group
from vanthu.errors import UsageError
from vanthu.facts.model import Sender
from vanthu.journal.writer import Writer
from vanthu.policy.decision import Decision, RuleHit
from vanthu.settings.load import Loaded
from vanthu.settings.model import Settings


def loaded(folder: Path) -> Loaded:
    return Loaded(Settings.model_validate({"journal": {"path": str(folder)}}), None, None)


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(group, arguments, obj=loaded(folder), standalone_mode=False)


def write(folder: Path) -> Path:
    writer = Writer(folder, "mx1", sync="none")
    hit = RuleHit("official-to-public", "enforce", "strip", (0,))
    shadow = RuleHit("forward", "shadow", "warn", (0,))
    writer.append(records.message(decision=Decision("strip", ("strip",), (hit, shadow))))
    writer.append(records.event("worker", reason="signal_9"))
    writer.append(records.message(sender=Sender("x\x1b[2J\n@y.example")))
    writer.close()
    (path,) = folder.iterdir()
    return path


def test_tail_tells_one_line_a_record(tmp_path: Path) -> None:
    write(tmp_path)
    first, second, third = run(tmp_path, "tail").output.splitlines()
    assert first.split("  ") == [
        "2026-11-20T05:00:00Z", "4XyZ0123456789", "strip", "<an@soyte.x.gov.vn>", "<b@gmail.com>",
        "official-to-public forward(shadow)",
    ]  # fmt: skip
    assert second.endswith("-  worker  reason=signal_9")
    assert "<x?[2J?@y.example>" in third


def test_tail_takes_the_newest(tmp_path: Path) -> None:
    write(tmp_path)
    assert len(run(tmp_path, "tail", "-n", "1").output.splitlines()) == 1
    assert "x?" in run(tmp_path, "tail", "-n", "1").output


def test_who_looked_is_in_the_journal_and_not_in_the_way(tmp_path: Path) -> None:
    write(tmp_path)
    for _ in range(2):
        assert len(run(tmp_path, "tail").output.splitlines()) == 3
    lines = map(json.loads, run(tmp_path, "tail", "--json", "-n", "99").output.splitlines())
    noted = [line["details"] for line in lines if line["kind"] == "lookup"]
    assert [one["what"] for one in noted] == ["journal tail"] * 2
    assert all(one["by"] for one in noted)


def test_on_a_full_disk_the_postmaster_sees_the_journal_all_the_same(tmp_path: Path) -> None:
    write(tmp_path)
    command = [sys.executable, "-m", "vanthu", "journal", "tail"]
    Path(tmp_path, "vanthu.yaml").write_text(f"journal: {{path: {tmp_path}}}\n")
    told = subprocess.run(
        ["prlimit", "--fsize=0", *command],
        capture_output=True,
        text=True,
        env={**os.environ, "VANTHU_CONFIG": str(tmp_path / "vanthu.yaml")},
        check=False,
    )
    assert (told.returncode, len(told.stdout.splitlines())) == (0, 3)
    assert "this look-up is not in the journal" in told.stderr


def test_tail_json_gives_the_raw_lines(tmp_path: Path) -> None:
    path = write(tmp_path)
    told = run(tmp_path, "tail", "--json", "-n", "99").output
    assert sorted(told.splitlines()) == sorted(path.read_text("utf-8").splitlines())


def test_tail_follows(tmp_path: Path) -> None:
    settings = tmp_path / "vanthu.yaml"
    settings.write_text("version: 1\njournal: {path: journal}\n")
    journal = tmp_path / "journal"
    journal.mkdir()
    write(journal)
    command = [
        sys.executable,
        "-m",
        "vanthu",
        "--config",
        str(settings),
        "journal",
        "tail",
        "-n1",
        "--follow",
        "--json",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        json.loads(process.stdout.readline())
        writer = Writer(journal, "mx1")
        message = writer.append(records.message())
        followed = [json.loads(process.stdout.readline()) for _ in range(5)]
        assert {line["kind"] for line in followed} == {"open", "lookup", "close", "message"}  # who looks is seen too
        assert message.id in {line["id"] for line in followed}
        process.terminate()


def test_verify_is_quiet_on_a_whole_journal_and_fails_on_a_changed_one(tmp_path: Path) -> None:
    path = write(tmp_path)
    good = run(tmp_path, "verify")
    assert (good.return_value, good.output) == (0, "")
    path.write_bytes(path.read_bytes().replace(b"signal_9", b"signal_6"))
    bad = run(tmp_path, "verify")
    assert bad.return_value == 1
    assert path.name in bad.output


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no journal there"):
        raise run(tmp_path / "nothing", "tail").exception or AssertionError
