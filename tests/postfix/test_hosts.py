"""Hold commands for another host: what ssh is told, read back by a shell as the other side does it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vanthu.postfix.hosts import COMMAND, HostError, ask, command, run
from vanthu.settings.model import Postfix

WHY = "agreed; $(reboot) 'with' the \"head\" & others"


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ssh that has a shell read its last word, as sshd does, where sudo tells what it was given, NUL by NUL."""
    log = tmp_path / "given"
    (tmp_path / "ssh").write_text(f'#!/bin/sh\nfor last; do :; done\nPATH={tmp_path}:$PATH exec sh -c "$last"\n')
    (tmp_path / "sudo").write_text(f"#!/bin/sh\nprintf '%s\\0' \"$@\" > {log}\necho listed\nexit ${{CODE:-0}}\n")
    for name in ("ssh", "sudo"):
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return log


def test_arguments_arrive_as_they_were_typed(ssh: Path) -> None:
    assert ask(["mx1"], "mx1", ["release", "4jXvXv4STMzMKnZ", "--why", WHY]) == "listed\n"
    given = ssh.read_text().split("\0")[:-1]
    assert given == [*COMMAND[1:], "release", "4jXvXv4STMzMKnZ", "--why", WHY]


def test_the_exit_code_is_that_of_the_other_side(ssh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODE", "3")
    assert run(["mx1"], "mx1", ["list"]) == 3
    with pytest.raises(HostError, match="mx1"):
        ask(["mx1"], "mx1", ["list"])
    monkeypatch.setenv("CODE", "255")
    with pytest.raises(HostError, match="not reached"):
        run(["mx1"], "mx1", ["list"])


def test_a_host_that_is_not_in_the_settings_is_refused() -> None:
    with pytest.raises(HostError, match="there: mx1"):
        command(["mx1"], "mx2", ["list"])


@pytest.mark.parametrize("host", ["-oProxyCommand=reboot", "a b", "", "x;y", "@h", "u@-h"])
def test_what_ssh_could_take_for_an_option_is_no_host(host: str) -> None:
    with pytest.raises(ValueError, match="write what ssh takes"):
        Postfix(hosts=(host,))
