"""Two mail hosts, a PostgreSQL and a Prometheus, each on a machine of its own with cables between them.

Both hosts filter and write into one store. The cable to the store is cut and mended; a host is taken out, upgraded
and put back under load. Everything is real but the cables, which are virtual.
"""

from __future__ import annotations

import json
import shlex
import shutil
import smtplib
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from support.machine import Machine
from support.mailhost import PASSWORD, MailHost
from support.process import Daemon
from support.vanthu import ROOT
from support.waiting import wait_until

POLICIES = Path(__file__).parent / "policies"
REGISTER = ROOT / "deploy/demo/register.yaml"
DOMAIN = "soyte.hathanh.gov.vn"
LOGIN = f"annv@{DOMAIN}"
OFFICE = "vanthu@ngoaivu.danang.gov.vn"
GMAIL = "ai.do@gmail.com"
STORE = "postgresql+psycopg://postgres@10.77.9.2:5432/postgres"


class Province:
    """The hub with Prometheus (10.77.x.1), the store's machine (10.77.9.2), hosts a and b (10.77.1.2, 10.77.2.2)."""

    def __init__(self, stack: ExitStack) -> None:
        self.hub = stack.enter_context(Machine("hub"))
        self.database = stack.enter_context(Machine("db"))
        self.cable = self.hub.link(self.database, 9)
        stack.callback(self._start_postgres().kill)
        self.hosts = [self._host(stack, name, number) for number, name in enumerate(("a", "b"), 1)]
        stack.callback(self._start_prometheus().kill)

    def _start_postgres(self) -> Daemon:
        folder = self.database.folder / "postgres"
        folder.mkdir()
        shutil.chown(folder, "postgres", "postgres")
        (binaries,) = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
        user = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups")
        self.database.run(
            *user, binaries / "initdb", "-D", folder / "data", "-A", "trust", "--no-sync", "-U", "postgres"
        )
        with (folder / "data/pg_hba.conf").open("a") as file:
            file.write("host all all 10.77.0.0/16 trust\n")
        options = ["-c", "listen_addresses=*", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
        command = self.database.inside(*user, binaries / "postgres", "-D", folder / "data", *options, pid=False)
        server = Daemon(command, output=self.database.folder / "postgres.log")
        server.wait_until(lambda: self.count() == -1)
        return server

    def _host(self, stack: ExitStack, name: str, number: int) -> MailHost:
        host = stack.enter_context(MailHost(name, domain=DOMAIN, virtual="sonoivu.hathanh.gov.vn"))
        self.hub.link(host.machine, number)
        host.user("annv")
        host.connect("submission")
        settings = {
            "node": name,
            "store": {"url": STORE},
            "metrics": {"listen": "0.0.0.0:9464"},
            "milter": {"socket": "unix:/var/spool/postfix/vanthu/milter.sock", "mode": "0666", "drain": 60},
            "notices": {"enabled": True, "smtp": "127.0.0.1:25", "from": f"vanthu@{DOMAIN}"},
            "postfix": {"helper": str(ROOT / "deploy/postfix/hold-helper"), "hosts": ["a" if name == "b" else "b"]},
        }
        host.start(POLICIES, REGISTER, settings)
        return host

    def _start_prometheus(self) -> Daemon:
        folder = self.hub.folder / "prometheus"
        folder.mkdir()
        targets = [f"10.77.{number}.2:9464" for number in (1, 2)]
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(ROOT / "deploy/prometheus/vanthu.rules.yml")],
            "scrape_configs": [{"job_name": "vanthu", "static_configs": [{"targets": targets}]}],
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        command = self.hub.inside(
            "/usr/bin/prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
            "--web.listen-address=127.0.0.1:9090", pid=False,
        )  # fmt: skip
        return Daemon(command, output=self.hub.folder / "prometheus.log")

    def ask(self, query: str) -> float | None:
        """One number from Prometheus; None while there is none."""
        with suppress(OSError), self.hub.network():
            url = "http://127.0.0.1:9090/api/v1/query?" + urllib.parse.urlencode({"query": query})
            with urllib.request.urlopen(url, timeout=5) as answer:
                result: list[dict[str, Any]] = json.load(answer)["data"]["result"]
            return float(result[0]["value"][1]) if result else None
        return None

    def count(self, what: str = "count(*)", table: str = "records WHERE kind = 'message'") -> int:
        """A number from the store, asked on its own machine; -1 where there is no such table yet, -2 without it."""
        try:
            with self.database.network(), psycopg.connect("postgresql://postgres@127.0.0.1/postgres") as connection:
                row = connection.execute(f"SELECT {what} FROM {table}").fetchone()  # type: ignore[arg-type]
                return int(row[0]) if row else 0
        except psycopg.errors.UndefinedTable:
            return -1
        except psycopg.OperationalError:
            return -2


@pytest.fixture(scope="module")
def province() -> Iterator[Province]:
    with ExitStack() as stack:
        yield Province(stack)


def letter(subject: str) -> bytes:
    return f"From: {LOGIN}\r\nTo: {OFFICE}\r\nSubject: {subject}\r\n\r\nKinh gui\r\n".encode()


def ids(province: Province) -> list[str]:
    """The records of all mail in the journals of both hosts."""
    return [record["id"] for host in province.hosts if host.vanthu for record in host.vanthu.records()]


def test_a_cut_cable_to_the_store_delays_no_mail_and_loses_nothing(province: Province) -> None:
    for host in province.hosts:
        for number in range(5):
            assert host.send(LOGIN, [OFFICE], letter(f"before {number}"), login=LOGIN).code == 250
        assert host.send(LOGIN, [OFFICE], letter("reject me"), login=LOGIN).code == 550, "both filter"
    wait_until(lambda: province.count() == 12)
    wait_until(lambda: province.ask("sum(vanthu_messages_total)") == 12)

    province.hub.run("ip", "link", "set", province.cable, "down")
    slowest = 0.0
    for host in province.hosts:
        for number in range(10):
            began = time.monotonic()
            assert host.send(LOGIN, [OFFICE], letter(f"during {number}"), login=LOGIN).code == 250
            slowest = max(slowest, time.monotonic() - began)
        assert host.send(LOGIN, [OFFICE, GMAIL], letter("strip him"), login=LOGIN).code == 250
        # The sender is told at once.
        wait_until(lambda host=host: any("auto-replied" in mail for mail in host.mailbox("annv")))
    assert slowest < 5, "a busy machine is slow, but nobody waits for the store"
    wait_until(lambda: province.ask("sum(vanthu_messages_total)") == 34)
    assert province.count() == 12

    province.hub.run("ip", "link", "set", province.cable, "up")
    wait_until(lambda: province.count() == 34, 120)
    assert province.count("count(DISTINCT id)") == 34
    assert province.count("count(DISTINCT node)") == 2
    assert len(set(ids(province))) == len(ids(province)) == 34
    assert province.ask("sum(vanthu_messages_total)") == 34


def test_a_host_is_drained_and_upgraded_under_load_without_a_temporary_failure(province: Province) -> None:
    a, b = province.hosts
    assert a.vanthu is not None
    before = province.count()
    turn = [a, b]
    replies: list[tuple[int, str]] = []
    stop = threading.Event()

    def load() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            reply = turn[number % len(turn)].send(LOGIN, [OFFICE], letter(f"load {number}"), login=LOGIN)
            replies.append((reply.code, reply.text))

    with a.machine.network():
        idle = smtplib.SMTP("127.0.0.1", 587, timeout=60)
    idle.ehlo("client.example")
    idle.login(LOGIN, PASSWORD)
    sender = threading.Thread(target=load)
    sender.start()
    try:
        wait_until(lambda: len(replies) >= 10)
        turn[:] = [b]  # what a balancer or the order of MX does
        in_hand = len(replies) + 2
        wait_until(lambda: len(replies) >= in_hand)
        upgraded = threading.Thread(target=lambda: a.vanthu and (a.vanthu.stop(90), a.vanthu.start()))
        upgraded.start()
        wait_until(lambda: "stopping" in (a.vanthu.said() if a.vanthu else ""))
        assert upgraded.is_alive(), "it waits for the session that is open"
        assert idle.sendmail(LOGIN, [OFFICE], letter("of the idle session")) == {}
        idle.quit()
        upgraded.join(90)
        turn[:] = [a, b]
        after = len(replies) + 10
        wait_until(lambda: len(replies) >= after)
    finally:
        stop.set()
        sender.join(60)
    assert {code for code, _ in replies} == {250}, [reply for reply in replies if reply[0] != 250]
    wait_until(lambda: province.count() == before + len(replies) + 1)
    assert len(set(ids(province))) == len(ids(province)) == province.count()


def test_a_hold_on_one_host_is_listed_and_released_from_the_other(province: Province) -> None:
    a, b = province.hosts
    assert a.vanthu is not None
    reach(b, a)
    assert a.send(LOGIN, [OFFICE], letter("hold this"), login=LOGIN).code == 250
    wait_until(lambda: len(a.held("/etc/postfix")) == 1)
    (queue_id,) = [entry["queue_id"] for entry in a.held("/etc/postfix")]
    before = len(a.sink.deliveries)
    listed = vanthu(b, "hold", "everywhere")
    assert listed.index("a:\n") < listed.index(queue_id)
    assert "lab-hold" in listed
    assert "lab-hold" in vanthu(b, "hold", "on", "a", "show", queue_id)
    why = "agreed; 'by phone' & in writing"
    assert "released" in vanthu(b, "hold", "on", "a", "release", queue_id, "--why", why, "--by", "chi Hoa")
    wait_until(lambda: len(a.sink.deliveries) == before + 1)
    assert not a.held("/etc/postfix")
    acts = [record["details"] for record in a.vanthu.records("hold")]
    assert [act["action"] for act in acts] == ["attempt", "release"]
    assert {(act["why"], act["by"]) for act in acts} == {(why, "chi Hoa")}
    assert b.vanthu is not None
    assert not b.vanthu.records("hold"), "it stands in the journal of the host that held it"
    with pytest.raises(RuntimeError, match="not on hold"):
        vanthu(b, "hold", "on", "a", "release", queue_id, "--why", why)


def reach(here: MailHost, there: MailHost) -> None:
    """An ssh from one host to the other: a shell there reads the last word. What sudo allows is not tried here."""
    assert there.vanthu is not None
    ssh = there.machine.inside("sh", "-c", '"$last"')
    here.machine.write("/usr/local/bin/ssh", f'#!/bin/sh\nfor last; do :; done\nexec {" ".join(ssh[:-1])} "$last"\n')
    command = shlex.join(there.vanthu.command)
    there.machine.write(
        "/usr/local/bin/sudo", f'#!/bin/sh\nwhile [ "$1" != hold ]; do shift; done\nexec {command} "$@"\n'
    )
    for host, name in ((here, "ssh"), (there, "sudo")):
        host.machine.run("chmod", "755", f"/usr/local/bin/{name}")


def vanthu(host: MailHost, *arguments: str) -> str:
    """A command on a host. Raises RuntimeError with what it said."""
    assert host.vanthu is not None
    command = host.machine.inside(*host.vanthu.command, *arguments, pid=False)
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout
