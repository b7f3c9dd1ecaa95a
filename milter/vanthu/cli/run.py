"""``vanthu run``: the daemon."""

from __future__ import annotations

import click

from ..errors import UsageError
from ..inspection.keys import CHALLENGE, HOP, make_keys
from ..service.supervisor import Supervisor
from ..settings.load import Loaded
from .house import open_house


@click.command("run")
@click.pass_obj
def command(loaded: Loaded) -> int:
    """Serve Postfix until SIGTERM; SIGHUP reloads policy, register and lists.

    Example: vanthu --config /etc/vanthu/vanthu.yaml run
    """
    for folder in (loaded.settings.journal.path, loaded.settings.state.path):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        except OSError as error:
            raise UsageError(f"{folder}: cannot be made: {error.strerror}; make it, or change settings") from None
    try:
        for name in (CHALLENGE, HOP):
            make_keys(loaded.settings.state.path, name)
        return Supervisor(loaded.file, open_house(loaded)).run()
    except OSError as error:
        raise UsageError(str(error)) from None
