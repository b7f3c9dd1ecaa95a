"""An upgrade on one host: the daemon turns into the program on the disk, and nobody is told to come again."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from support.load import HOA, Load
from support.milter_wire import OFFERED
from support.places import free_port
from support.vanthu import ROOT, Vanthu
from support.waiting import wait_until

from .conftest import HERE, LOGIN, REGISTER, House
from .test_survival import audit

INIT = "milter/vanthu/__init__.py"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A copy of the program, which a test may upgrade."""
    shutil.copytree(ROOT / "milter", tmp_path / "milter", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("policies", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def upgrade(program: Path, version: str) -> None:
    text = (program / INIT).read_text()
    before = next(line for line in text.splitlines() if line.startswith("__version__"))
    (program / INIT).write_text(text.replace(before, f'__version__ = "{version}"'))


def test_an_upgrade_under_load_costs_no_mail_a_temporary_failure(
    open_house: Callable[..., House], program: Path
) -> None:
    house = open_house(env={"PYTHONPATH": str(program / "milter")})
    vanthu = house.vanthu
    pid, old = vanthu.pid, {child["pid"] for child in vanthu.children("worker")}
    idle = smtplib.SMTP("127.0.0.1", house.postfix.ports["submission"], timeout=60)
    idle.ehlo("client.example")
    idle.login(LOGIN, "secret")
    with Load(house.client()) as load:
        for version in ("91.0", "92.0"):
            upgrade(program, version)
            sent, generation = len(load.replies), vanthu.status()["generation"]
            vanthu.signal(signal.SIGUSR2)
            wait_until(lambda before=generation: vanthu.status()["generation"] > before)
            wait_until(lambda version=version: f'vanthu_build_info{{version="{version}"}} 1' in vanthu.page())
            wait_until(lambda before=sent: len(load.replies) >= before + 20)
    assert vanthu.pid == pid
    assert {child["pid"] for child in vanthu.children("worker")} & old, "they wait for the session that is open"
    assert idle.sendmail(LOGIN, [HOA], f"From: {LOGIN}\r\nTo: {HOA}\r\nSubject: idle\r\n\r\nchao\r\n") == {}
    idle.quit()
    wait_until(lambda: not {child["pid"] for child in vanthu.children()} & old)
    assert len(vanthu.children("worker")) == 2
    assert len(vanthu.children("steward")) == len(vanthu.children("broker")) == 1
    assert Counter(reply.code for reply in load.replies) == {250: len(load.replies)}
    assert len(vanthu.records()) == len(load.replies) + 1
    assert vanthu.stop() == 0


def test_a_socket_of_tcp_is_handed_on_too() -> None:
    port = free_port()
    settings = {"milter": {"socket": f"inet:{port}@127.0.0.1"}}
    with ExitStack() as stack:
        vanthu = Vanthu(policies=HERE / "policies", register=REGISTER, settings=settings)
        stack.callback(vanthu.close)
        vanthu.launch()
        wait_until(lambda: vanthu.status().get("pid") == vanthu.pid and answers(port))
        old = {child["pid"] for child in vanthu.children("worker")}
        vanthu.signal(signal.SIGUSR2)
        asked = 0
        while asked < 20 or {child["pid"] for child in vanthu.children("worker")} & old:
            assert answers(port)
            asked += 1
        assert vanthu.stop() == 0


def answers(port: int) -> bool:
    """Whether a filter negotiates there; a connection that is refused or hung up on is none."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(OFFERED)
        return connection.recv(5)[4:] == b"O"
    return False


def test_an_upgrade_keeps_the_books(open_house: Callable[..., House], program: Path) -> None:
    house = open_house(env={"PYTHONPATH": str(program / "milter")})
    with Load(house.client()) as load:
        for version in ("91.0", "92.0", "93.0"):
            upgrade(program, version)
            generation = house.vanthu.status()["generation"]
            house.vanthu.signal(signal.SIGUSR2)
            wait_until(lambda before=generation: house.vanthu.status()["generation"] > before)
    house.postfix.wait_until_quiet(60)
    assert Counter(reply.code for reply in load.replies) == {250: len(load.replies)}
    audit(house, load)
    # The filter never stood still, so no upgrade counts as a start: hours unfiltered are counted from the last sign
    # of life to that.
    starts = [record["details"]["start"] for record in house.vanthu.records("reload")]
    assert starts == [True, False, False, False]


def test_an_address_that_settings_name_no_more_refuses_soon(tmp_path: Path) -> None:
    old, new = free_port(), free_port()
    with ExitStack() as stack:
        vanthu = Vanthu(
            policies=HERE / "policies", register=REGISTER, settings={"milter": {"socket": f"inet:{old}@127.0.0.1"}}
        )
        stack.callback(vanthu.close)
        vanthu.launch()
        wait_until(lambda: vanthu.status().get("pid") == vanthu.pid and answers(old))
        vanthu.write({**vanthu.settings, "milter": {**vanthu.settings["milter"], "socket": f"inet:{new}@127.0.0.1"}})
        vanthu.signal(signal.SIGUSR2)
        wait_until(lambda: answers(new))
        wait_until(lambda: refused(old))
        assert vanthu.stop() == 0


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.parametrize("broken", ["program", "settings"])
def test_what_would_not_start_is_refused_and_the_old_program_goes_on(
    open_house: Callable[..., House], program: Path, broken: str
) -> None:
    house = open_house(env={"PYTHONPATH": str(program / "milter")})
    vanthu = house.vanthu
    workers = vanthu.children("worker")
    if broken == "program":
        (program / INIT).write_text("raise SystemExit('half unpacked')\n")
    else:
        vanthu.config.write_text("version: 1\nmilter: {workers: many}\n")
    vanthu.signal(signal.SIGUSR2)
    wait_until(lambda: "succession-refused" in vanthu.said())
    assert ("half unpacked" if broken == "program" else "workers") in vanthu.said()
    assert vanthu.children("worker") == workers
    letter = f"From: {LOGIN}\r\nTo: {HOA}\r\nSubject: still here\r\n\r\nchao\r\n".encode()
    assert house.client().send(LOGIN, [HOA], letter).code == 250


def test_children_do_not_mind_the_signal(house: House) -> None:
    """``systemctl kill`` sends a signal to all processes of a service unless it is told not to."""
    before = house.vanthu.children()
    for child in before:
        os.kill(child["pid"], signal.SIGUSR2)
    letter = f"From: {LOGIN}\r\nTo: {HOA}\r\nSubject: all alive\r\n\r\nchao\r\n".encode()
    for _ in range(4):
        assert house.client().send(LOGIN, [HOA], letter).code == 250
    assert house.vanthu.children() == before
