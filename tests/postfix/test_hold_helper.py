"""The helper that runs as root: it does its three verbs to mail on hold, and nothing else, whoever asks however."""

from __future__ import annotations

import os
import re
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.places import free_port, open_folder
from support.postfix import Listener, Postfix
from support.process import Daemon, accepts
from support.sink import Sink
from vanthu.postfix import helper
from vanthu.postfix.instance import Instance
from vanthu.postfix.instances import Known

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
HELPER = ROOT / "deploy" / "postfix" / "hold-helper"
FIRST = Known(Instance(), "-", "mail.x.gov.vn")
UNIT = (ROOT / "deploy" / "systemd" / "vanthu-hold@.service").read_text("utf-8")


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with Sink(free_port()) as running:
        yield running


@pytest.fixture(scope="module")
def postfix(sink: Sink) -> Iterator[Postfix]:
    held = Listener("held", options={"smtpd_recipient_restrictions": "static:HOLD,permit"})
    with Postfix([held, Listener("plain")], next_hop=sink.port) as running:
        yield running


def put(postfix: Postfix, port: str = "held") -> str:
    with smtplib.SMTP("127.0.0.1", postfix.ports[port], timeout=30) as client:
        client.ehlo("client.example")
        client.mail("a@x.gov.vn")
        client.rcpt("b@y.gov.vn")
        code, text = client.data(b"Subject: x\r\n\r\ntext\r\n")
    assert code == 250
    return text.decode().rpartition(" ")[2]


def queues(postfix: Postfix) -> dict[str, str]:
    return {entry["queue_id"]: entry["queue_name"] for entry in postfix.queue()}


def call(
    *arguments: str | bytes, before: tuple[str, ...] = (), env: dict[str, str] | None = None, data: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*before, HELPER, *arguments], capture_output=True, env=env, input=data)


def of(postfix: Postfix, *arguments: str | bytes) -> subprocess.CompletedProcess[bytes]:
    return call("-c", str(postfix.config), *arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("release",),
        ("release", "ALL"),
        ("release", "-"),
        ("delete", "ALL"),
        ("delete", "*"),
        ("delete", "-d"),
        ("hold", "4jXvXv4STMzMKnZ"),
        ("-d", "4jXvXv4STMzMKnZ"),
        ("-r", "ALL"),
        ("release", "4jXv"),
        ("release", "4" * 21),
        ("release", "4jXvXv4STMzMKnZ", "4jXvXv4STMzMKnZ"),
        ("release", "4jXvXv4STMzMKnZ", "../etc"),
        ("release", "4jXvXv4STMzMKnZ", "-"),
        ("release", "4jXvXv4STMzMKnZ", "postfix-out", "x"),
        ("release", "4jXvXv4STMzMKnZ\n"),
        ("release", "4jXvXv4STM\nALL"),
        ("release", "../deferred/4jXvXv"),
        ("release", "٤٤٤٤٤٤٤٤"),
        ("release", b"\xff\xfe4jXvXv4STM"),
        ("release", "$(touch /tmp/x)"),
        ("release", "4jXvXv4STMzMKnZ deferred"),
        ("RELEASE", "4jXvXv4STMzMKnZ"),
        ("--socket", "release"),
        ("-c",),
    ],
)
def test_anything_else_is_refused(postfix: Postfix, arguments: tuple[str | bytes, ...]) -> None:
    waiting = put(postfix)
    done = of(postfix, *arguments)
    assert done.returncode == 1
    assert done.stdout.startswith(b"refused: ")
    assert done.stdout.count(b"\n") == 1
    assert queues(postfix)[waiting] == "hold"


def test_mail_that_is_not_on_hold_is_left_alone(postfix: Postfix, sink: Sink) -> None:
    sink.stop()
    try:
        queue_id = put(postfix, "plain")
        for verb in ("release", "return", "delete"):
            done = of(postfix, verb, queue_id)
            assert (done.returncode, done.stdout) == (1, f"refused: {queue_id} is not on hold\n".encode())
        assert queue_id in queues(postfix)
    finally:
        sink.start()


def test_an_instance_that_others_could_have_made_is_refused(postfix: Postfix, tmp_path: Path) -> None:
    waiting = put(postfix)
    with open_folder("evil") as folder:
        etc = folder / "etc"
        etc.mkdir()
        (etc / "main.cf").write_text(f"queue_directory = {postfix.queue_folder}\n")
        assert of(postfix, "release", "4jXvXv4STMzMKnZ").stdout.endswith(b"is not on hold\n")
        for spoil in (
            lambda: os.chown(etc / "main.cf", 65534, -1),
            lambda: (etc / "main.cf").chmod(0o666),
            lambda: etc.chmod(0o777),
            lambda: os.chown(folder, 65534, -1),
        ):
            spoil()
            done = call("-c", str(etc), "release", waiting)
            assert b"root's alone" in done.stdout
            os.chown(folder, 0, -1)
            etc.chmod(0o755)
            os.chown(etc / "main.cf", 0, -1)
            (etc / "main.cf").chmod(0o644)
        (folder / "link").symlink_to(postfix.config)
        (etc / "main.cf").unlink()
        (etc / "main.cf").symlink_to(tmp_path / "main.cf")
        assert b"refused" in call("-c", str(etc), "release", waiting).stdout
        assert b"refused" in call("-c", str(folder / "nowhere"), "release", waiting).stdout
    assert queues(postfix)[waiting] == "hold"


def test_the_environment_changes_nothing(postfix: Postfix, tmp_path: Path) -> None:
    waiting = put(postfix)
    (tmp_path / "postsuper").write_text("#!/bin/sh\ntouch " + str(tmp_path / "fooled"))
    (tmp_path / "postsuper").chmod(0o755)
    (tmp_path / "re.py").write_text(f"open({str(tmp_path / 'fooled')!r}, 'w')")
    env = {"PATH": str(tmp_path), "PYTHONPATH": str(tmp_path), "MAIL_CONFIG": str(postfix.config)}
    # Without -c the installed Postfix is asked, whatever MAIL_CONFIG says; there this id is not on hold.
    done = call("release", waiting, env=env)
    assert done.returncode == 1
    assert not (tmp_path / "fooled").exists()
    assert queues(postfix)[waiting] == "hold"


def bounded() -> tuple[str, ...]:
    """As the unit runs it: no capability beside those that it names."""
    found = re.search(r"^CapabilityBoundingSet=(.+)$", UNIT, re.MULTILINE)
    assert found
    names = [name.removeprefix("CAP_").lower() for name in found[1].split()]
    return ("setpriv", "--bounding-set", ",".join(["-all", *(f"+{name}" for name in names)]), "--no-new-privs")


@pytest.mark.parametrize("verb", ["release", "return", "delete"])
def test_the_capabilities_of_the_unit_suffice(postfix: Postfix, verb: str) -> None:
    waiting = put(postfix)
    done = call("-c", str(postfix.config), verb, waiting, before=bounded())
    assert (done.returncode, done.stdout) == (0, f"{verb} {waiting}\n".encode()), done.stderr
    assert queues(postfix).get(waiting) != "hold"


@pytest.fixture
def door(postfix: Postfix) -> Iterator[Path]:
    """The socket, with the capabilities of the unit."""
    with open_folder("door") as folder:
        yield from serve(postfix, folder)


def test_by_the_socket(postfix: Postfix, sink: Sink, door: Path) -> None:
    waiting, before = put(postfix), len(sink.deliveries)
    helper.free(f"unix:{door}", "release", waiting, FIRST)
    sink.wait_for(before + 1)
    with pytest.raises(helper.HelperError, match="is not on hold"):
        helper.free(f"unix:{door}", "release", waiting, FIRST)


@pytest.mark.parametrize(
    "request_",
    [b"", b"\n", b"release\n", b"release 4jXvXv4STMzMKnZ\nrelease x\n", b"-c /tmp release x\n", b"x" * 9000],
)
def test_the_socket_takes_one_short_line(door: Path, request_: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(20)
        client.connect(str(door))
        client.sendall(request_)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1000).startswith(b"refused: ")


def serve(postfix: Postfix, folder: Path, *options: str) -> Iterator[Path]:
    """As systemd serves ``Accept=yes``: the connection is standard input and output."""
    path = folder / "hold.sock"
    command = ["systemd-socket-activate", "--accept", "--inetd", "-l", path]
    daemon = Daemon(
        [*command, *bounded(), HELPER, "-c", postfix.config, *options, "--socket"], output=folder / "said"
    )
    try:
        daemon.wait_until(lambda: accepts(path))  # a path is there before anybody listens
        yield path
    finally:
        daemon.stop()


@pytest.fixture
def guarded(postfix: Postfix) -> Iterator[Path]:
    """A socket whose helper minds that two persons agree, with the capabilities of the unit."""
    with open_folder("guarded") as folder:
        (folder / "requests").mkdir(mode=0o700)
        yield from serve(postfix, folder, "--two-persons", str(folder / "requests"))


def asking(door: Path, person: int | None, request: str) -> str:
    """What the helper answers somebody who logged in with this audit id."""
    program = """import socket, sys
if sys.argv[1] != "None":
    open("/proc/self/loginuid", "w").write(sys.argv[1])
with socket.socket(socket.AF_UNIX) as door:
    door.connect(sys.argv[2])
    door.sendall(sys.argv[3].encode() + b"\\n")
    door.shutdown(socket.SHUT_WR)
    print(door.makefile().read(), end="")
"""
    command = [sys.executable, "-c", program, str(person), str(door), request]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_two_persons_are_told_apart_by_the_kernel(postfix: Postfix, sink: Sink, guarded: Path) -> None:
    waiting, before = put(postfix), len(sink.deliveries)
    assert "nobody has asked to release" in asking(guarded, 1000, f"release {waiting}")
    assert asking(guarded, 1000, f"ask-release {waiting}") == f"ask-release {waiting}"
    assert "who asked to release" in asking(guarded, 1000, f"release {waiting}")
    assert "nobody has asked to delete" in asking(guarded, 1001, f"delete {waiting}")
    assert queues(postfix)[waiting] == "hold"
    assert asking(guarded, 1001, f"release {waiting}") == f"release {waiting}"
    sink.wait_for(before + 1)
    assert not list((guarded.parent / "requests").iterdir())
    said = (guarded.parent / "said").read_text()
    assert f"ask-release {waiting}: audit login id 1000" in said
    assert f"release {waiting}: audit login id 1001, asked for by 1000" in said


def test_who_never_logged_in_is_nobody(postfix: Postfix, guarded: Path) -> None:
    waiting = put(postfix)
    if Path("/proc/self/loginuid").read_text() == "4294967295":
        assert "does not know who you are" in asking(guarded, None, f"ask-release {waiting}")
    assert asking(guarded, 1000, f"ask-release {waiting}") == f"ask-release {waiting}"


def test_a_request_is_good_for_a_day(postfix: Postfix, guarded: Path) -> None:
    waiting = put(postfix)
    asking(guarded, 1000, f"ask-delete {waiting}")
    request = guarded.parent / "requests" / waiting
    old = time.time() - 86_401
    os.utime(request, (old, old))
    assert "nobody has asked to delete" in asking(guarded, 1001, f"delete {waiting}")
    assert queues(postfix)[waiting] == "hold"


def test_what_is_not_on_hold_cannot_be_asked_for(guarded: Path) -> None:
    assert asking(guarded, 1000, "ask-release 4jXvXv4STMzMKnZ").endswith("is not on hold")
    assert not list((guarded.parent / "requests").iterdir())


def test_a_folder_of_requests_that_others_could_write_is_refused(postfix: Postfix) -> None:
    waiting = put(postfix)
    with open_folder("loose") as folder:
        folder.chmod(0o777)
        done = call("-c", str(postfix.config), "--two-persons", str(folder), "release", waiting)
        assert b"root's alone" in done.stdout
    assert queues(postfix)[waiting] == "hold"


def test_a_helper_that_is_not_told_to_mind_does_nothing_when_asked(postfix: Postfix) -> None:
    waiting = put(postfix)
    assert of(postfix, "ask-release", waiting).stdout == f"ask-release {waiting}\n".encode()
    assert queues(postfix)[waiting] == "hold"


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(helper.HelperError, match=r"vanthu-hold\.socket"):
        helper.free(f"unix:{tmp_path}/nobody", "release", "4jXvXv4STMzMKnZ", FIRST)
