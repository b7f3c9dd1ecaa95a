"""The submission set-up on a real, chrooted Postfix: the filter is asked, its absence gives 451, undo frees it."""

from __future__ import annotations

import shutil
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.places import free_port
from support.postfix import Listener, Postfix
from support.sink import Sink
from support.waiting import wait_until

pytestmark = pytest.mark.e2e

SCRIPT = Path(__file__).parents[2] / "deploy" / "postfix" / "submission.py"
# Writes one line a mail: {daemon_name}, address of the client, queue id at end of message, recipients.
FILTER = """
import sys
import Milter


class Note(Milter.Base):
    def connect(self, name, family, address):
        self.client, self.daemon = address[0], self.getsymval("{daemon_name}")
        return Milter.CONTINUE

    def envfrom(self, sender, *rest):
        self.recipients = []
        return Milter.CONTINUE

    def envrcpt(self, recipient, *rest):
        self.recipients.append(recipient)
        return Milter.CONTINUE

    def eom(self):
        with open(sys.argv[2], "a") as notes:
            print(self.daemon, self.client, self.getsymval("i"), *self.recipients, file=notes)
        return Milter.CONTINUE


Milter.factory = Note
Milter.runmilter("note", "unix:" + sys.argv[1], 60)
"""


class Filter:
    """A milter at the place that the script's default names: inside the queue folder, group postfix, not root's."""

    def __init__(self, queue: Path, notes: Path) -> None:
        self.folder = queue / "vanthu"
        self.folder.mkdir()
        shutil.chown(self.folder, "nobody", "postfix")
        self.folder.chmod(0o2750)
        self.socket = self.folder / "milter.sock"
        self.notes = notes
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-c", FILTER, str(self.socket), str(self.notes)]
        self._process = subprocess.Popen(command, umask=0o117)
        wait_until(self.socket.exists)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def postfix() -> Iterator[Postfix]:
    with Sink(free_port()) as sink, Postfix([Listener("users"), Listener("outside")], next_hop=sink.port) as running:
        yield running


@pytest.fixture
def milter(postfix: Postfix, tmp_path: Path) -> Iterator[Filter]:
    made = Filter(postfix.queue_folder, tmp_path / "notes")
    made.start()
    yield made
    made.stop()


def script(postfix: Postfix, *arguments: str) -> subprocess.CompletedProcess[str]:
    command, *rest = arguments
    service = [] if command == "undo" else ["--service", f"127.0.0.1:{postfix.ports['users']}/inet"]
    done = subprocess.run(
        [sys.executable, str(SCRIPT), command, "--config-dir", str(postfix.config), *service, *rest],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done


def restart(postfix: Postfix) -> None:
    """A restart instead of a reload: it waits until the new configuration is in force."""
    postfix.stop()
    postfix.start()


def send(postfix: Postfix) -> tuple[int, str]:
    """The reply to the mail: the first that refuses, else the last."""
    with smtplib.SMTP("127.0.0.1", postfix.ports["users"], timeout=30) as client:
        client.ehlo("client.example")
        for command in ("MAIL FROM:<a@soyte.x.gov.vn>", "RCPT TO:<b@y.gov.vn>", "DATA"):
            code, text = client.docmd(command)
            if code >= 400:
                return code, text.decode()
        client.send(b"Subject: x\r\n\r\ntext\r\n.\r\n")
        code, text = client.getreply()
        return code, text.decode()


def test_connect_lose_and_undo(postfix: Postfix, milter: Filter) -> None:
    assert milter.socket.group() == "postfix"
    for service in (f"127.0.0.1:{postfix.ports['users']}/inet", "cleanup/unix"):
        postfix.command("postconf", "-F", "-e", f"{service}/chroot=y")
    before = (postfix.config / "master.cf").read_bytes()
    script(postfix, "apply")
    restart(postfix)

    code, text = send(postfix)
    assert code == 250, text
    daemon, client, queue_id, recipient = milter.notes.read_text().split()
    assert (daemon, client, recipient) == ("submission", "127.0.0.1", "<b@y.gov.vn>")
    assert queue_id in text
    assert len(queue_id) > 12, "long queue ids do not recur"

    postfix.sendmail("cron@x.gov.vn", ["b@y.gov.vn"], b"Subject: by pickup\n\ntext\n")
    postfix.wait_until_quiet()
    assert len(milter.notes.read_text().splitlines()) == 2

    milter.stop()
    assert send(postfix)[0] == 451

    script(postfix, "undo")
    assert (postfix.config / "master.cf").read_bytes() == before
    restart(postfix)
    assert send(postfix)[0] == 250


def test_another_port_is_left_alone(milter: Filter, postfix: Postfix) -> None:
    script(postfix, "apply")
    restart(postfix)
    with smtplib.SMTP("127.0.0.1", postfix.ports["outside"], timeout=30) as client:
        client.sendmail("a@gmail.com", ["b@y.gov.vn"], "Subject: from outside\n\ntext\n")
    assert not milter.notes.exists()
