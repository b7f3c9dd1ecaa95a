"""Mail for a daemon whose metrics are looked at: every metric of the catalogue gets samples from it.

The letters are those of the demo, by raw milter sessions; what they leave out (challenges answered, DNS that fails,
the limit of holds, notices that are refused, a forged journal, a refused reload) is added here. All of it really
happens.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from .dns_server import DnsServer
from .milter_client import Client, Mail, MilterSession, Outcome
from .places import free_port, open_folder
from .sink import Sink
from .vanthu import ROOT, Vanthu
from .waiting import wait_until

DEMO = ROOT / "deploy" / "demo"
sys.path.append(str(DEMO))

from letters import AN, BINH, CLERK, DISPATCH, DUNG, FINANCE, HOA, INTERNAL, Letter, letters  # noqa: E402

HOLDS = 2  # an hour; the rest gets 451
SECURITY, NOBODY = "vanthu@hathanh.gov.vn", HOA
HOSTED, BROKEN_DNS = "giamdoc@congty.example", "ai.do@dns-hong.example"
_CODE = re.compile(rb"\[LD ([A-Z2-7]{7}):")


class Province:
    """A daemon with the demo's policy, a shadow rule and an exception that ends soon; its mail server; its DNS."""

    def __init__(self, holds: int = HOLDS) -> None:
        self._exit = ExitStack()
        self.sent = 0
        try:
            policies = self._exit.enter_context(open_folder("policies"))
            _write_policies(policies)
            # The mail server to which notices go: it takes those to the security team and refuses this sender's.
            sink = self._exit.enter_context(
                Sink(free_port(), replies={NOBODY.encode(): b"550 5.1.1 no such mailbox"})
            )
            zone: dict[str, Any] = {"congty.example": {"aspmx.l.google.com": 1}, "dns-hong.example": "servfail"}
            dns = self._exit.enter_context(DnsServer(zone))
            self.vanthu = self._exit.enter_context(
                Vanthu(
                    policies=policies,
                    register=DEMO / "register.yaml",
                    settings={
                        "milter": {"max_holds_per_hour": holds},
                        "dns": {"enabled": True, "servers": [dns.address], "seconds": 0.5},
                        "notices": {
                            "enabled": True,
                            "smtp": f"127.0.0.1:{sink.port}",
                            "from": "vanthu@hathanh.gov.vn",
                            "security": [SECURITY],
                        },
                    },
                )
            )
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Province:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._exit.close()

    def day(self) -> None:
        """The letters of the demo and what they leave out: some ninety mails, most of them honest."""
        for letter in letters():
            self.send(letter)
        for number in range(60):
            self.send(_letter(HOA, AN, f"Giao ban {number}", INTERNAL))
        for _ in range(HOLDS + 1):
            self.send(_letter(DUNG, AN, "Bàn giao", INTERNAL))
        for _ in range(12):  # one office begins to send its documents home
            self.send(_letter(AN, "an.nguyen85@gmail.com", "Công văn 1215", DISPATCH))
        self.send(_letter(AN, HOSTED, "Công văn 1215", DISPATCH))
        self.send(_letter(AN, BROKEN_DNS, "Công văn 1215", DISPATCH))
        self.challenged("thuky.hung@gmail.com")

    def send(self, letter: Letter) -> Outcome:
        """One letter in a session of its own, from our own network with a login or from outside."""
        inside = letter.login is not None
        client = Client() if inside else Client(address=b"198.51.100.7", name=b"mail.example")
        mail = Mail(
            sender=letter.sender.encode(),
            recipients=[recipient.encode() for recipient in letter.recipients],
            raw=letter.raw,
            login=letter.login.encode() if letter.login else None,
            client=client,
            daemon_name=b"submission" if inside else b"inbound",
        )
        with MilterSession(self.vanthu.socket) as session:
            outcome = session.send(mail)
        assert outcome is not None
        self.sent += 1
        return outcome

    def audit_forwards(self) -> None:
        """The audit as cron runs it, over a Postfix whose virtual aliases lead to a public mailbox."""
        etc = self.vanthu.folder / "postfix"
        etc.mkdir()
        shutil.copy("/etc/postfix/master.cf", etc)
        (etc / "virtual").write_text(f"{HOA} hoa.tran@gmail.com\n")
        (etc / "main.cf").write_text(f"compatibility_level = 3.6\nvirtual_alias_maps = texthash:{etc}/virtual\n")
        command = [*self.vanthu.command, "forwards", "audit", "--publish", "--config-dir", str(etc)]
        done = subprocess.run(command, env=self.vanthu.env, capture_output=True, text=True, timeout=60)
        if done.returncode != 1:  # 1: some of them end outside
            raise RuntimeError(done.stdout + done.stderr)

    def relax(self, time: str) -> None:
        """Break-glass, by the command that an operator types; ``0`` ends it."""
        command = [*self.vanthu.command, "policy", "relax", "--for", time, "--by", "Lê Bình", "--reason", "storm"]
        subprocess.run(command, env=self.vanthu.env, check=True, capture_output=True, timeout=60)

    def one(self, chance: Random, *, leaking: bool = False) -> None:
        """One mail as chance has it: mostly between colleagues; where an office is ``leaking``, its documents."""
        if leaking or chance.random() < 0.05:
            self.send(_letter(AN, "an.nguyen85@gmail.com", "Công văn 1215", DISPATCH))
            return
        sort = chance.choices(("plain", "demo", "firm", "dns", "challenge"), (70, 22, 4, 1, 3))[0]
        if sort == "demo":
            self.send(chance.choice(letters()))
        elif sort == "challenge":
            self.challenged("thuky.hung@gmail.com")
        elif sort == "plain":
            pair = chance.sample((AN, HOA, BINH, CLERK, FINANCE), 2)
            self.send(_letter(pair[0], pair[1], f"Giao ban {chance.randrange(1000)}", INTERNAL))
        else:
            self.send(_letter(AN, HOSTED if sort == "firm" else BROKEN_DNS, "Công văn 1215", DISPATCH))

    def challenged(self, recipient: str) -> None:
        """A mail that is refused with a code and sent again with a reason."""
        refused = self.send(_letter(AN, recipient, "Công văn 1215", DISPATCH))
        code = _CODE.search(refused.reply or b"")
        assert code, refused
        lifted = self.send(_letter(AN, recipient, f"[LD {code[1].decode()}: họp bão] Công văn 1215", DISPATCH))
        assert lifted.verdict == "accept", lifted

    def kill_workers(self, count: int) -> None:
        """So many idle workers die, one after the other; each is replaced before the next one dies."""
        for _ in range(count):
            self._kill_worker()

    def damage_journal(self, name: str) -> None:
        """Somebody puts a file into the journal that is none."""
        (self.vanthu.journal / f"{name}.jsonl").write_bytes(b'{"kind":"forged"}\n')

    def refuse_reload(self) -> None:
        """An edit with a mistake, and a reload."""
        self.vanthu.write(self.vanthu.settings | {"polices": "typo"})
        self.vanthu.signal(signal.SIGHUP)
        wait_until(lambda: self.vanthu.status()["last_reload"]["ok"] is False)

    def _kill_worker(self) -> None:
        before = self._started()
        os.kill(before[-1], signal.SIGKILL)
        wait_until(lambda: len(self._started()) > len(before))

    def _started(self) -> list[int]:
        """The pids of all workers that ever were; the last lives."""
        return [int(pid) for pid in re.findall(r"worker-started worker=(\d+)", self.vanthu.said())]


def _letter(sender: str, recipient: str, subject: str, text: str) -> Letter:
    head = f"From: {sender}\r\nTo: {recipient}\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n"
    raw = (head + "\r\n" + text.replace("\n", "\r\n")).encode()
    return Letter(subject, sender, sender, (recipient,), raw)


def _write_policies(folder: Path) -> None:
    shutil.copytree(DEMO / "policies", folder, dirs_exist_ok=True)
    file = folder / "demo.yaml"
    policy = yaml.safe_load(file.read_text(encoding="utf-8"))
    policy["rules"].append(
        {
            "id": "official-to-firms",
            "title": {"vi": "Văn bản công vụ gửi tên miền khác", "en": "Official document to other domains"},
            "mode": "shadow",
            "when": {"recipient.class": ["hosted", "isp", "other"], "official.score": {"min": 0.8}},
            "unless": [
                {
                    "id": "project-partner",
                    "when": {"recipient.domain": "doitac.example"},
                    "reason": "a project of the office",
                    "owner": "attt@hathanh.gov.vn",
                    "expires": date.today() + timedelta(days=7),
                }
            ],
            "action": "challenge",
        }
    )
    file.write_text(yaml.safe_dump(policy, allow_unicode=True, sort_keys=False), encoding="utf-8")
