"""One Postfix instance, asked through its own commands; its files are never parsed here.

Raises PostfixError with one line: what was asked, and what the command said.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..errors import VanthuError

# Postfix installs its commands here on every distribution that we know; cron and sudo have shorter search paths.
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/opt/zimbra/common/sbin"
_PATIENCE = 60.0  # seconds


class PostfixError(VanthuError):
    """A Postfix command is not there, failed, or did not answer."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command wrote: its answer, and its warnings line by line."""

    output: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance by its configuration folder; None is the installed one."""

    folder: Path | None = None

    def ask(self, program: str, *arguments: str) -> Said:
        """Run one of Postfix's commands with ``-c FOLDER``; PostfixError when it does not end well."""
        where = () if self.folder is None else ("-c", str(self.folder))
        command = [program, *where, *arguments]
        environment = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:{_PATH}", "LC_ALL": "C"}
        try:
            done = subprocess.run(  # noqa: S603
                command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE, check=False,
                stdin=subprocess.DEVNULL, env=environment,
            )  # fmt: skip
        except FileNotFoundError:
            raise PostfixError(f"{program}: there is no such command; is Postfix installed?") from None
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PostfixError(f"{' '.join(command)}: {error}") from None
        if done.returncode:
            said = " ".join((done.stderr or done.stdout).split())
            raise PostfixError(f"{' '.join(command)}: {said[:500]}")
        return Said(done.stdout, tuple(line for line in done.stderr.splitlines() if line.strip()))
