"""Dovecot as what a submission port needs of it: SASL logins, and nothing else (no IMAP, no mail, no port)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .process import Daemon, accepts

_CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols =
listen = 127.0.0.1
ssl = no
auth_mechanisms = plain login
auth_verbose = yes
disable_plaintext_auth = no
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}}
service auth {{
  unix_listener {socket} {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
"""


class Dovecot:
    """The service: ``users`` are logins with their passwords, ``socket`` is where Postfix asks. Root only."""

    def __init__(self, folder: Path, *, users: Mapping[str, str], socket: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "run").mkdir()
        lines = "".join(f"{login}:{password}::::::\n" for login, password in users.items())
        (folder / "users").write_text(lines, encoding="utf-8")
        (folder / "dovecot.conf").write_text(_CONFIG.format(folder=folder, socket=socket), encoding="utf-8")
        self._folder = folder
        self._socket = socket
        self._daemon: Daemon | None = None

    def start(self) -> None:
        """Raises RuntimeError, with what Dovecot said, if it does not come up."""
        command: list[str | Path] = ["/usr/sbin/dovecot", "-F", "-c", self._folder / "dovecot.conf"]
        self._daemon = Daemon(command, output=self._folder / "output")
        self._daemon.wait_until(lambda: accepts(self._socket))

    def stop(self) -> None:
        if self._daemon is not None:
            self._daemon.kill()  # it keeps nothing, and a polite end takes a second
            self._daemon = None
