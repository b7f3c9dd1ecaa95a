"""Reads and edits one Postfix configuration folder through postconf(1), never by parsing the files itself.

What it does: raw parameter values (``set``: those that main.cf gives), the services of master.cf, their ``-o``
overrides (each read once), and edits.
What it refuses: a folder that postconf cannot read, and a Postfix older than 3.0, which has no per-milter settings.
Raises ``Refused`` with one line that says what to do.
"""

from __future__ import annotations

import subprocess
from pathlib import Path


class Refused(Exception):
    """Nothing was changed; the text says why and what to do."""


class Postconf:
    """One configuration folder as it stood at the first look; None is the folder of the installed Postfix."""

    def __init__(self, folder: Path | None) -> None:
        self._where = [] if folder is None else ["-c", str(folder)]
        self._values = _pairs(self._ask("postconf"))
        self.set = _pairs(self._ask("postconf", "-n"))
        self._fields = _pairs(self._ask("postconf", "-F"))
        self._overrides = _pairs(self._ask("postconf", "-P"))
        self.folder = Path(self.value("config_directory")) if folder is None else folder
        version = self.value("mail_version")
        if int(version.partition(".")[0] or 0) < 3:
            raise Refused(f"Postfix {version} has no settings per milter; 3.0 or newer is needed")

    def value(self, parameter: str) -> str:
        """The value as main.cf has it (``$name`` not expanded), or the built-in default; empty if unknown."""
        return self._values.get(parameter, "")

    def expanded(self, parameter: str) -> str:
        """The value with every ``$name`` replaced."""
        return self._ask("postconf", "-h", "-x", parameter).strip()

    @property
    def known(self) -> frozenset[str]:
        """Names of all parameters that Postfix itself has."""
        return frozenset(_pairs(self._ask("postconf", "-d")))

    def clients(self) -> list[tuple[str, str]]:
        """The services of master.cf that deliver by SMTP: ``name/type`` and the whole entry on one line."""
        names = [name for name, command in self.services().items() if command == "smtp" and name.endswith("/unix")]
        return [(name, " ".join(self._ask("postconf", "-M", name).split())) for name in names]

    def services(self) -> dict[str, str]:
        """Every service of master.cf as ``name/type``, with the first word of its command."""
        commands = {key: text for key, text in self._fields.items() if key.endswith("/command") and text}
        return {key.removesuffix("/command"): text.split()[0] for key, text in commands.items()}

    def chrooted(self, service: str) -> bool:
        """Whether master.cf asks for a chroot; ``-`` is the default, which may be either, so it counts as yes."""
        return self._fields.get(f"{service}/chroot") != "n"

    def override(self, service: str, parameter: str) -> str | None:
        """The ``-o`` value of a service, or None where it has none."""
        return self._overrides.get(f"{service}/{parameter}")

    def run(self, arguments: tuple[str, ...]) -> None:
        """Carry out one edit: the arguments of a ``postconf`` command."""
        self._ask("postconf", *arguments)

    def command(self, arguments: tuple[str, ...]) -> list[str]:
        """The same edit as a person would type it."""
        return ["postconf", *self._where, *arguments]

    def check(self) -> None:
        """``postfix check``; Refused with its words when Postfix does not like the result."""
        self._ask("postfix", "check")

    def _ask(self, program: str, *arguments: str) -> str:
        command = [program, *self._where, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise Refused(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
        return done.stdout


def _pairs(text: str) -> dict[str, str]:
    lines = (line.partition(" =") for line in text.splitlines())
    return {name: value.strip() for name, _, value in lines}
