import os
import resource
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support import books, records
from support.places import free_port
from support.sink import Sink
from vanthu.directory.model import Register
from vanthu.journal.writer import Writer
from vanthu.policy.decision import Decision, RuleHit
from vanthu.postfix.forwards import published
from vanthu.projections.state import State
from vanthu.service import handshake, steward
from vanthu.settings.model import Settings


def describe(rule: str) -> tuple[str, str, tuple[str, ...]]:
    return f"Quy tắc {rule}", f"Rule {rule}", ("4504/UBND-CBTH (1)",)


class Lab:
    """A steward as a process of its own, forked as the supervisor does it."""

    def __init__(self, folder: Path, **changes: object) -> None:
        self.journal = folder / "journal"
        self.journal.mkdir()
        self.port = free_port()
        self.said = folder / "log"
        self.said.touch()
        self.store = folder / "store.db"
        settings: dict[str, object] = {
            "node": "mx1",
            "milter": {"socket": f"unix:{folder}/milter.sock"},
            "journal": {"path": str(self.journal), "sync": "none"},
            "state": {"path": str(folder / "state")},
            "store": {"url": f"sqlite:///{self.store}"},
            "metrics": {"listen": f"127.0.0.1:{self.port}"},
            "notices": {"smtp": "127.0.0.1:9"},
        }
        self.settings = Settings.model_validate(settings | changes)
        self.writer = Writer(self.journal, "mx1", sync="none")
        self.pid = 0

    def log(self, text: str) -> None:
        with self.said.open("a") as file:
            file.write(text + "\n")

    def start(self) -> None:
        self.control, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.control.close()
                steward.main(self.settings, describe, Register({}, {}), theirs, self.log, [(("rule", "unless"), 1e9)])
                os._exit(0)
            except BaseException as error:
                self.log(f"died: {error!r}")
            finally:
                os._exit(1)
        theirs.close()

    def stop(self) -> int:
        self.control.close()
        return self.wait()

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.control.close()
        self.wait()

    def wait(self) -> int:
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def agrees(self) -> bool:
        status, page = self.get("/metrics")
        return status == 200 and books.differences(self.journal, page) == []

    def loaded(self) -> int:
        try:
            with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as store:
                (count,) = store.execute("SELECT count(*) FROM records WHERE kind = 'message'").fetchone()
                return int(count)
        except sqlite3.OperationalError:
            return -1


def soon(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(tmp_path)
    yield lab
    if lab.pid:
        lab.kill()


def messages(lab: Lab) -> int:
    return sum(line["kind"] == "message" for line in books.lines(lab.journal))


def test_metrics_follow_the_journal_and_survive_kill_9(lab: Lab) -> None:
    day = records.a_day(1, 900)
    lab.start()
    for start in range(0, 900, 150):
        for record in day[start : start + 150]:
            lab.writer.append(record)
        if start % 300 == 0:
            soon(lambda: lab.get("/metrics")[0] == 200)
            lab.kill()
            lab.start()
    assert soon(lab.agrees), lab.said.read_text()
    assert soon(lambda: lab.loaded() == messages(lab))


def test_the_page_tells_what_the_last_audit_of_forwards_found(lab: Lab) -> None:
    lab.start()
    assert soon(lambda: lab.get("/metrics")[0] == 200)
    assert "vanthu_configured_forwards{" not in lab.get("/metrics")[1]
    published.put(Path(lab.settings.state.path), datetime(2026, 11, 1, tzinfo=UTC), {("alias", "public"): 3})
    page = lab.get("/metrics")[1]
    assert 'vanthu_configured_forwards{class="public",kind="alias"} 3.0' in page
    assert "vanthu_forwards_audit_timestamp_seconds 1.7934912e+09" in page


def test_the_end_of_the_control_pipe_is_the_end(lab: Lab) -> None:
    lab.start()
    assert soon(lambda: lab.get("/healthz") == (200, "ok\n"))
    for record in records.a_day(2, 50):
        lab.writer.append(record)
    assert lab.stop() == 0
    lab.start()
    assert soon(lab.agrees)


def test_a_second_steward_does_not_start(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steward, "_PATIENCE", 0.3)
    lab.start()
    assert soon(lambda: lab.get("/healthz")[0] == 200)
    first, control = lab.pid, lab.control
    lab.start()
    assert lab.wait() == 1
    assert "another steward" in lab.said.read_text()
    lab.pid, lab.control = first, control


def test_a_store_that_is_away_stops_nobody_and_catches_up(tmp_path: Path) -> None:
    lab = Lab(tmp_path, store={"url": f"sqlite:///{tmp_path}/away/store.db"})
    lab.store = tmp_path / "away" / "store.db"
    for record in records.a_day(3, 100):
        lab.writer.append(record)
    lab.start()
    try:
        assert soon(lab.agrees)
        assert soon(lambda: "store: OperationalError" in lab.said.read_text())
        lab.store.parent.mkdir()
        assert soon(lambda: lab.loaded() == messages(lab))
        assert soon(lambda: "store: works again" in lab.said.read_text())
    finally:
        lab.kill()


@contextmanager
def milter(path: str, answer: bytes) -> Iterator[None]:
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client, suppress(ConnectionError):
                client.recv(1000)
                client.sendall(answer)
                client.recv(1000)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def test_ready_means_that_a_milter_negotiates(lab: Lab, tmp_path: Path) -> None:
    lab.start()
    assert soon(lambda: lab.get("/readyz")[0] == 503)
    with milter(f"{tmp_path}/milter.sock", struct.pack("!IcIII", 13, b"O", 6, 0, 0)):
        assert lab.get("/readyz") == (200, "ok\n")
    assert lab.get("/nothing")[0] == 404


@pytest.mark.parametrize("answer", [b"", b"\0\0\0\1c", struct.pack("!Ic", 2**31, b"O"), b"SSH-2.0-x\r\n"])
def test_nonsense_is_no_handshake(tmp_path: Path, answer: bytes) -> None:
    with milter(f"{tmp_path}/s", answer):
        assert not handshake.answers(f"unix:{tmp_path}/s", 0.5)


def test_silence_is_no_handshake(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{tmp_path}/s")
        server.listen()
        start = time.monotonic()
        assert not handshake.answers(f"unix:{tmp_path}/s", 0.3)
        assert time.monotonic() - start < 2


def test_supervisor_and_workers_do_not_load_the_stewards_libraries() -> None:
    heavy = ["sqlalchemy", "alembic", "prometheus_client"]
    code = f"import vanthu.service.steward, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "milter")},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_a_notice_reaches_the_sender_once_also_when_the_mail_server_comes_late(tmp_path: Path) -> None:
    port = free_port()
    lab = Lab(tmp_path, notices={"smtp": f"127.0.0.1:{port}", "from": "vanthu@x.gov.vn"})
    hit = RuleHit("official-to-public", "enforce", "strip", (0,))
    lab.writer.append(records.message(time=datetime.now(UTC), decision=Decision("reject", ("strip",), (hit,))))
    lab.start()
    try:
        assert soon(lambda: "vanthu_notices_pending 1.0" in lab.get("/metrics")[1])
        lab.kill()
        with Sink(port) as sink:
            # Thirty seconds of pause after a failed try are long for a test.
            state = State(tmp_path / "state")
            state.connection.execute("UPDATE notices SET due = 0")
            state.close()
            lab.start()
            (delivery,) = sink.wait_for(1)
            assert delivery.recipients == (b"an@soyte.x.gov.vn",)
            sent = 'vanthu_notices_total{kind="sender",status="sent"} 1.0'
            assert soon(lambda: sent in lab.get("/metrics")[1])
            assert "vanthu_notices_pending 0.0" in lab.get("/metrics")[1]
            assert len(sink.deliveries) == 1
    finally:
        lab.kill()


def test_lags_stay_small_without_traffic_and_grow_while_a_store_is_away(tmp_path: Path) -> None:
    lab = Lab(tmp_path, store={"url": f"sqlite:///{tmp_path}/away/store.db"})
    lab.start()
    try:
        assert soon(lambda: lab.get("/healthz")[0] == 200)
        time.sleep(1.5)
        page = lab.get("/metrics")[1]
        (journal,) = (float(line.split()[1]) for line in page.splitlines() if line.startswith("vanthu_journal_lag"))
        (store,) = (float(line.split()[1]) for line in page.splitlines() if line.startswith("vanthu_store_lag"))
        assert journal < 1.0 < store
        assert 'vanthu_exception_expiry_timestamp_seconds{exception="unless",rule="rule"} 1e+09' in page
    finally:
        lab.kill()


def test_a_state_folder_that_cannot_be_used_is_said_and_waited_for(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "state.db").mkdir()
    lab.writer.append(records.message())
    lab.start()
    try:
        assert soon(lambda: lab.get("/metrics")[0] == 503)
        assert soon(lambda: lab.loaded() == 1), "the store needs no state.db"
        assert "metrics: OperationalError" in lab.said.read_text()
        (tmp_path / "state" / "state.db").rmdir()
        assert soon(lab.agrees, 60)
    finally:
        lab.kill()


def test_a_full_disk_is_waited_for_and_nothing_is_counted_twice(lab: Lab) -> None:
    """RLIMIT_FSIZE fails the writes of state and store as a full disk does; prlimit then makes room."""
    lab.start()
    assert soon(lambda: lab.get("/metrics")[0] == 200)
    assert soon(lambda: lab.loaded() == 0)
    resource.prlimit(lab.pid, resource.RLIMIT_FSIZE, (120_000, resource.RLIM_INFINITY))
    for record in records.a_day(4, 2500):
        lab.writer.append(record)
    assert soon(lambda: "store: OperationalError" in lab.said.read_text())
    assert lab.get("/metrics")[0] == 200
    resource.prlimit(lab.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert soon(lambda: lab.loaded() == messages(lab), 60)
    assert soon(lab.agrees, 60)


def test_a_hanging_projection_stops_nobody(tmp_path: Path) -> None:
    """A lock on the store that is never given back stands for a database that does not answer."""
    lab = Lab(tmp_path)
    lab.start()
    try:
        assert soon(lambda: lab.loaded() == 0)
        with sqlite3.connect(lab.store, isolation_level=None) as blocker:
            blocker.execute("BEGIN IMMEDIATE")
            for record in records.a_day(6, 100):
                lab.writer.append(record)
            assert soon(lab.agrees, 4), "the store waits five seconds for its lock, metrics must not"
            assert lab.loaded() == 0
            blocker.execute("ROLLBACK")
        assert soon(lambda: lab.loaded() == messages(lab))
    finally:
        lab.kill()
