"""A real Postfix of our own: its own configuration, queue, data and master process, on free ports of 127.0.0.1.

It never reads or touches the packaged instance (/etc/postfix, /var/spool/postfix), takes nothing from DNS, relays all
mail to one next hop, and several of them run at the same time. Needs root, as Postfix's master does. Every mail from
127.0.0.1 is relayed; submission ports ask for a login. XCLIENT is allowed, so that a test can come from outside.

    with Sink(free_port()) as sink:
        submission = Listener("submission", milters=milter("unix:/x.sock"), daemon_name="submission", sasl=True)
        with Postfix([submission], next_hop=sink.port, logins={"an@soyte.x.gov.vn": "secret"}) as postfix:
            smtplib.SMTP("127.0.0.1", postfix.ports["submission"])
"""

from __future__ import annotations

import grp
import json
import os
import pwd
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .dovecot import Dovecot
from .places import free_port, open_folder
from .process import Daemon, listens
from .running import Running

_DAEMONS = Path("/usr/lib/postfix/sbin")
_COMMANDS = Path("/usr/sbin")

_QUEUE_FOLDERS = {
    **dict.fromkeys(("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming"), 0o700),
    **dict.fromkeys(("private", "saved", "trace"), 0o700),
    "maildrop": 0o730,
    "public": 0o710,
}


@dataclass(frozen=True, slots=True)
class Listener:
    """One SMTP port. ``name`` is its key in ``Postfix.ports`` and stands in the log (postfix/NAME/smtpd).

    ``milters`` is its smtpd_milters; ``daemon_name`` the macro ``{daemon_name}`` (unset, Postfix gives
    $myhostname); ``sasl`` asks every client for a login; ``options`` are further ``-o name=value``.
    """

    name: str
    milters: str = ""
    daemon_name: str | None = None
    sasl: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


def milter(address: str, **options: str) -> str:
    """One entry of smtpd_milters with options of its own: ``{ unix:/x, default_action=tempfail }``."""
    options = {"default_action": "tempfail", **options}
    return "{ " + ", ".join([address, *(f"{name}={value}" for name, value in options.items())]) + " }"


class Postfix(Running):
    """The instance. ``ports`` are those of its listeners, ``folder`` holds everything, the log included.

    ``next_hop`` is the port that all mail goes to; without it, mail stays in the queue. ``virtual_aliases`` maps
    an address to one or more, after the milters have seen it. ``parameters`` are further lines of main.cf.
    """

    def __init__(
        self,
        listeners: Sequence[Listener],
        *,
        next_hop: int | None = None,
        logins: Mapping[str, str] | None = None,
        virtual_aliases: Mapping[str, str] | None = None,
        non_smtpd_milters: str = "",
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self._exit = ExitStack()
        self.folder = self._exit.enter_context(open_folder("postfix"))
        self.config = self.folder / "etc"
        self.queue_folder = self.folder / "queue"
        self.maillog = self.folder / "log" / "maillog"
        self.ports = {listener.name: free_port() for listener in listeners}
        self._logins = logins or {}
        self._master: Daemon | None = None
        self._dovecot: Dovecot | None = None
        self._lay_out()
        aliases = "".join(f"{key} {value}\n" for key, value in (virtual_aliases or {}).items())
        (self.config / "virtual").write_text(aliases, encoding="utf-8")
        main = {**self._main(next_hop), "non_smtpd_milters": non_smtpd_milters, **(parameters or {})}
        (self.config / "main.cf").write_text("".join(f"{k} = {v}\n" for k, v in main.items()), encoding="utf-8")
        # Postfix waits until main.cf is two seconds old, lest it read a half-written one.
        os.utime(self.config / "main.cf", (0, 0))
        (self.config / "master.cf").write_text(_master_cf(listeners, self.ports), encoding="utf-8")

    def start(self) -> None:
        """Start master (and Dovecot, where there are logins). Raises RuntimeError with what it said if it fails."""
        if self._logins and self._dovecot is None:
            socket = self.queue_folder / "private" / "auth"
            self._dovecot = Dovecot(self.folder / "dovecot", users=self._logins, socket=socket)
            self._dovecot.start()
        # -d keeps master in the foreground: its pid is our child's. It ends its own process group, hence the session.
        self._master = Daemon([_DAEMONS / "master", "-c", self.config, "-d"], output=self.folder / "log" / "master")
        self._master.wait_until(lambda: all(listens(port) for port in self.ports.values()))

    def stop(self) -> None:
        """End master and what it started; the queue stays, ``start`` takes it up again."""
        if self._master is not None:
            self._master.stop()
            self._master = None

    def close(self) -> None:
        """Stop all and remove the folder, queue included."""
        self.stop()
        if self._dovecot is not None:
            self._dovecot.stop()
            self._dovecot = None
        self._exit.close()

    def command(self, name: str, *arguments: str, data: bytes | None = None) -> bytes:
        """A Postfix command on this instance (``postsuper -H ALL``): its output. Raises RuntimeError if it fails."""
        flag = "-C" if name == "sendmail" else "-c"
        done = subprocess.run(
            [_COMMANDS / name, flag, self.config, *arguments], input=data, capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(
                f"{name} {' '.join(arguments)}: {(done.stderr or done.stdout).decode(errors='replace')}"
            )
        return done.stdout

    def reload(self) -> None:
        """Read the configuration again."""
        self.command("postfix", "reload")

    def sendmail(self, sender: str, recipients: Sequence[str], raw: bytes) -> None:
        """Submit by pickup(8), past every smtpd: only ``non_smtpd_milters`` see it."""
        self.command("sendmail", "-i", "-f", sender, *recipients, data=raw)

    def queue(self) -> list[dict[str, Any]]:
        """What stands in the queue: one object a message, with queue_name, queue_id, sender, recipients."""
        return [json.loads(line) for line in self.command("postqueue", "-j").splitlines()]

    def log(self) -> list[str]:
        """The lines of the mail log so far."""
        return (
            self.maillog.read_text(encoding="utf-8", errors="replace").splitlines() if self.maillog.exists() else []
        )

    def log_of(self, queue_id: str) -> list[str]:
        """The lines about one message."""
        return [line for line in self.log() if f" {queue_id}: " in line]

    def busy(self) -> bool:
        """Whether a message is on its way: in maildrop, incoming or active (neither held nor deferred)."""
        return any(
            any(files)
            for name in ("maildrop", "incoming", "active")
            for _, _, files in os.walk(self.queue_folder / name)
        )

    def wait_until_quiet(self, seconds: float = 30.0) -> None:
        """Return when nothing is on its way any more. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while self.busy():
            if time.monotonic() > end:
                raise TimeoutError(f"still in the queue: {self.queue()}")
            time.sleep(0.005)

    def _lay_out(self) -> None:
        """Folders with the owners and modes of Postfix's own ``postfix-files``."""
        owner, group = pwd.getpwnam("postfix").pw_uid, grp.getgrnam("postdrop").gr_gid
        for name in ("etc", "log", "data", "queue"):
            (self.folder / name).mkdir()
        os.chown(self.folder / "data", owner, -1)
        (self.queue_folder / "pid").mkdir()
        for name, mode in _QUEUE_FOLDERS.items():
            made = self.queue_folder / name
            made.mkdir()
            os.chown(made, owner, group if mode != 0o700 else -1)
            made.chmod(mode)

    def _main(self, next_hop: int | None) -> dict[str, str]:
        return {
            "compatibility_level": "3.6",
            "command_directory": str(_COMMANDS),
            "daemon_directory": str(_DAEMONS),
            "queue_directory": str(self.queue_folder),
            "data_directory": str(self.folder / "data"),
            "mail_owner": "postfix",
            "setgid_group": "postdrop",
            "maillog_file": str(self.maillog),
            "maillog_file_prefixes": str(self.folder),
            "enable_long_queue_ids": "yes",
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "myhostname": "mail.lab.example",
            "mynetworks": "127.0.0.0/8",
            "mydestination": "",
            "alias_maps": "",
            "alias_database": "",
            "local_recipient_maps": "",
            "virtual_alias_domains": "",
            "virtual_alias_maps": f"texthash:{self.config}/virtual",
            "smtp_dns_support_level": "disabled",
            "smtp_host_lookup": "native",
            "smtpd_peername_lookup": "no",
            "smtpd_tls_security_level": "none",
            "smtp_tls_security_level": "none",
            "smtpd_relay_restrictions": "permit_mynetworks, reject",
            "smtpd_authorized_xclient_hosts": "127.0.0.0/8",
            "smtpd_client_connection_count_limit": "0",
            "smtpd_sasl_type": "dovecot",
            "smtpd_sasl_path": "private/auth",
            "relayhost": f"[127.0.0.1]:{next_hop}" if next_hop else "",
            "default_transport": "smtp" if next_hop else "retry:nowhere to go",
            "message_size_limit": "104857600",
            "mailbox_size_limit": "0",
            # A next hop that comes back is tried again at once, and a refused mail does not end the session.
            "minimal_backoff_time": "1s",
            "maximal_backoff_time": "2s",
            "queue_run_delay": "1s",
            "smtpd_error_sleep_time": "0",
            "smtpd_hard_error_limit": "1000",
            "smtpd_soft_error_limit": "1000",
        }


_SERVICES = """\
postlog    unix-dgram n - n - 1 postlogd
pickup     unix n - n 1 1 pickup
cleanup    unix n - n - 0 cleanup
qmgr       unix n - n 300 1 qmgr
tlsmgr     unix - - n 1000? 1 tlsmgr
rewrite    unix - - n - - trivial-rewrite
bounce     unix - - n - 0 bounce
defer      unix - - n - 0 bounce
trace      unix - - n - 0 bounce
verify     unix - - n - 1 verify
flush      unix n - n 1000? 0 flush
proxymap   unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp       unix - - n - - smtp
relay      unix - - n - - smtp
showq      unix n - n - - showq
error      unix - - n - - error
retry      unix - - n - - error
discard    unix - - n - - discard
local      unix - n n - - local
virtual    unix - n n - - virtual
anvil      unix - - n - 1 anvil
scache     unix - - n - 1 scache
"""


def _master_cf(listeners: Sequence[Listener], ports: Mapping[str, int]) -> str:
    lines = []
    for listener in listeners:
        options = {"syslog_name": f"postfix/{listener.name}", "smtpd_milters": listener.milters}
        if listener.daemon_name is not None:
            options["milter_macro_daemon_name"] = listener.daemon_name
        if listener.sasl:
            options |= {
                "smtpd_sasl_auth_enable": "yes",
                "smtpd_relay_restrictions": "permit_sasl_authenticated, reject",
            }
        options |= listener.options
        given = "".join(f"\n    -o {{ {name} = {value} }}" for name, value in options.items())
        lines.append(f"127.0.0.1:{ports[listener.name]} inet n - n - - smtpd{given}\n")
    return "".join(lines) + _SERVICES
