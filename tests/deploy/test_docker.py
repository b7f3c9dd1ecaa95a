"""The image's recipe, as far as it can be checked without a container engine."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support.vanthu import Vanthu
from vanthu.settings.model import Settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "docker"
LINES = [
    line for line in (FOLDER / "Dockerfile").read_text().replace("\\\n", " ").splitlines() if line and line[0] != "#"
]


def instructions(name: str) -> list[str]:
    return [line.removeprefix(name).strip() for line in LINES if line.startswith(f"{name} ")]


def test_what_is_copied_is_there_and_not_ignored() -> None:
    allowed = [
        line[1:] for line in (FOLDER / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")
    ]
    copied = [word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]]
    assert copied
    for name in copied:
        assert (ROOT / name).exists(), name
        assert any(name == one or name.startswith(f"{one}/") for one in allowed), name
    for name in re.findall(r"(?<=-r )\S+", " ".join(instructions("RUN"))):
        assert (ROOT / name).exists(), name


def test_it_does_not_run_as_root_and_has_no_compiler() -> None:
    assert instructions("USER") == ["vanthu"]
    last = LINES[[number for number, line in enumerate(LINES) if line.startswith("FROM ")][-1] :]
    packages = " ".join(line for line in last if line.startswith("RUN "))
    assert not re.search(r"\bgcc\b|-dev\b", packages)
    assert LINES.index("USER vanthu") < LINES.index('ENTRYPOINT ["vanthu"]')


def test_its_settings_load_and_listen_on_the_ports_that_are_exposed() -> None:
    settings = Settings.model_validate(yaml.safe_load((FOLDER / "vanthu.yaml").read_text()))
    ports = {settings.milter.socket.split(":")[1].split("@")[0], settings.metrics.listen.rpartition(":")[2]}
    assert set(instructions("EXPOSE")[0].split()) == ports


@pytest.mark.e2e
def test_the_health_check_knows_a_daemon_that_works_from_none() -> None:
    command = json.loads(re.search(r"CMD (\[.*\])", instructions("HEALTHCHECK")[0])[1])  # type: ignore[index]
    assert shlex.join(command).count("9464") == 1

    def healthy(port: int) -> bool:
        own = [word.replace("9464", str(port)) for word in command[1:]]
        return subprocess.run([sys.executable, *own], capture_output=True).returncode == 0

    with Vanthu(policies=ROOT / "tests/e2e/policies") as vanthu:
        vanthu.page("/readyz")
        assert healthy(vanthu.metrics_port)
        port = vanthu.metrics_port
    assert not healthy(port)
