"""A mail server of an office as somebody sets it up with Debian's packages: Postfix, Dovecot, and us between them.

The machine (``machine.py``) has the stock configuration of the packages with what an office adds: its domains, users
with homes, a submission port with logins, mailboxes behind LMTP with Sieve. Nothing of it is ours until ``connect``
runs our own scripts. ``relay`` is where mail for other hosts goes, a sink on port 2525.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from .client import Client, Reply
from .machine import Machine
from .process import Daemon
from .sink import Sink
from .vanthu import ROOT, Vanthu
from .waiting import wait_until

SCRIPTS = ROOT / "deploy" / "postfix"
SOCKET = "/var/spool/postfix/vanthu/milter.sock"
EGRESS = "/etc/postfix-egress"
PASSWORD = "secret"

_SUBMISSION = (
    "submission inet n - y - - smtpd -o smtpd_sasl_auth_enable=yes "
    "-o smtpd_relay_restrictions=permit_sasl_authenticated,reject"
)
_DOVECOT = """\
protocols = lmtp
listen = 127.0.0.1
ssl = no
auth_mechanisms = plain login
disable_plaintext_auth = no
log_path = /var/log/dovecot.log
mail_location = maildir:~/Maildir
postmaster_address = postmaster@{domain}
first_valid_uid = 8
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=8 gid=8 home=/var/lib/vmail/%n
}}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = ~/.dovecot.sieve
}}
service lmtp {{
  unix_listener /var/spool/postfix/private/dovecot-lmtp {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
service auth {{
  unix_listener /var/spool/postfix/private/auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
"""


class Inmate(Vanthu):
    """The daemon on a machine: it sees the files and the network there, its own folder is seen from both sides."""

    def __init__(self, machine: Machine, **options: Any) -> None:
        self._machine = machine
        super().__init__(**options)
        self.socket = f"unix:{SOCKET}"

    def start(self) -> None:
        command = self._machine.inside(*self.command, "run", pid=False)
        self._daemon = Daemon(command, output=self.output, env=self.env)
        self._daemon.wait_until(lambda: self.status().get("pid") == self.pid)

    def page(self, path: str = "/metrics", seconds: float = 20.0) -> str:
        with self._machine.network():
            return super().page(path, seconds)


class MailHost:
    """The host. Mail of ``domain`` goes to local(8), with aliases and .forward, that of ``virtual`` to LMTP."""

    def __init__(self, name: str, *, domain: str, virtual: str, main: Mapping[str, str] | None = None) -> None:
        self._exit = ExitStack()
        self.machine = self._exit.enter_context(Machine(name))
        self.domain = domain
        with self.machine.network():
            self.sink = self._exit.enter_context(Sink(2525))
        values = {
            "myhostname": f"{name}.{domain}",
            "mydestination": f"$myhostname, {domain}, localhost",
            "virtual_mailbox_domains": virtual,
            "virtual_transport": "lmtp:unix:private/dovecot-lmtp",
            "virtual_alias_maps": "texthash:/etc/postfix/virtual",
            "alias_maps": "hash:/etc/aliases",
            "local_recipient_maps": "",
            "home_mailbox": "Maildir/",
            "relayhost": "[127.0.0.1]:2525",
            "maillog_file": "/var/log/mail.log",
            "smtp_tls_security_level": "may",
            "smtpd_authorized_xclient_hosts": "127.0.0.0/8",
            "smtpd_sasl_type": "dovecot",
            "smtpd_sasl_path": "private/auth",
            # Of the laboratory: what is deferred is tried again at once.
            "minimal_backoff_time": "1s",
            "maximal_backoff_time": "2s",
            "queue_run_delay": "1s",
            **(main or {}),
        }
        # A package that was installed with "No configuration" has made no main.cf; this is what it would begin with.
        stock = "[ -s /etc/postfix/main.cf ] || cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf"
        self.machine.run("sh", "-c", stock)
        self.machine.write("/etc/postfix/virtual", "")
        self.machine.write("/etc/aliases", "")
        self.machine.run("postalias", "hash:/etc/aliases")
        self.postconf(*(f"{key} = {value}" for key, value in values.items()))
        self.machine.run("postconf", "-Me", f"submission/inet={_SUBMISSION}")
        self.machine.write("/etc/dovecot/dovecot.conf", _DOVECOT.format(domain=domain, password=PASSWORD))
        self.machine.run("install", "-d", "-o", "mail", "-g", "mail", "/var/lib/vmail")
        self.machine.run("sh", "-c", "groupadd -rf vanthu && install -d -m 2755 -g postfix /var/spool/postfix/vanthu")
        self.vanthu: Inmate | None = None

    def __enter__(self) -> MailHost:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self.vanthu is not None:
            self.vanthu.close()
        self._exit.close()

    def postconf(self, *settings: str, folder: str = "/etc/postfix") -> None:
        """Lines of main.cf."""
        self.machine.run("postconf", "-c", folder, "-e", *settings)

    def start(self, policies: Path, register: Path, settings: Mapping[str, Any] | None = None) -> None:
        """vanthu and Dovecot, then Postfix, as they are configured by now."""
        own = {"milter": {"socket": f"unix:{SOCKET}"}, **(settings or {})}
        self.vanthu = Inmate(self.machine, policies=policies, register=register, settings=own)
        self.vanthu.start()
        self.machine.run("dovecot", "-c", "/etc/dovecot/dovecot.conf")
        self.machine.run("postfix", "start")

    def connect(self, *scripts: str) -> None:
        """Our own scripts, in this order: submission, inbound, egress."""
        for script in scripts:
            self.machine.run(sys.executable, SCRIPTS / f"{script}.py", "apply", "--unchecked")

    def user(self, name: str, forward: str = "") -> None:
        """A user of the system with a home, whose .forward is this."""
        self.machine.run("useradd", "--create-home", "--home-dir", f"/home/{name}", name)
        if forward:
            self.machine.write(f"/home/{name}/.forward", forward + "\n")
            self.machine.run("chown", f"{name}:", f"/home/{name}/.forward")

    def sieve(self, name: str, script: str) -> None:
        """A mailbox of the virtual domain with a Sieve script."""
        self.machine.write(f"/var/lib/vmail/{name}/.dovecot.sieve", script)
        self.machine.run("chown", "-R", "mail:mail", f"/var/lib/vmail/{name}")

    def send(
        self, sender: str, recipients: list[str], raw: bytes, *, login: str | None = None, port: int | None = None,
        outside: str | None = "198.51.100.7",
    ) -> Reply:  # fmt: skip
        """A mail from outside, or of somebody who logs in."""
        with self.machine.network():
            client = Client(port or (25 if login is None else 587), login=login, password=PASSWORD)
            return client.send(sender, recipients, raw, outside=None if login else outside)

    def queue(self, folder: str = "/etc/postfix") -> list[dict[str, Any]]:
        """What waits in an instance."""
        return [json.loads(line) for line in self.machine.run("postqueue", "-c", folder, "-j").splitlines()]

    def held(self, folder: str = EGRESS) -> list[dict[str, Any]]:
        """What is on hold there."""
        return [entry for entry in self.queue(folder) if entry["queue_name"] == "hold"]

    def mailbox(self, name: str) -> list[str]:
        """The mails of a user of either domain."""
        folders = f"/home/{name}/Maildir/new /var/lib/vmail/{name}/Maildir/new"
        found = self.machine.run("sh", "-c", f"ls -d $(find {folders} -type f 2>/dev/null) 2>/dev/null || true")
        return [self.machine.read(path) for path in found.split() if path.startswith("/") and "/new/" in path]

    def log(self) -> str:
        return self.machine.read("/var/log/mail.log")

    def quiet(self, seconds: float = 30.0) -> None:
        """Waits until neither instance has anything on its way."""
        wait_until(
            lambda: all(entry["queue_name"] == "hold" for folder in self.instances for entry in self.queue(folder)),
            seconds,
        )

    @property
    def instances(self) -> list[str]:
        return ["/etc/postfix", *self.machine.run("postconf", "-h", "multi_instance_directories").split()]
