"""``vanthu hold on`` and ``vanthu hold everywhere``: mail that other hosts hold, reached by ssh."""

from __future__ import annotations

import click

from ..errors import VanthuError
from ..postfix import hosts
from ..settings.load import Loaded


@click.command("on", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("host")
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_obj
def on(loaded: Loaded, host: str, arguments: tuple[str, ...]) -> int:
    """Give a hold command on another host of postfix.hosts, by ssh: list, show, release, return, delete.

    Example: vanthu hold on mx1 release 4jXvXv4STMzMKnZ --why 'checked with the head of office'
    """
    return hosts.run(loaded.settings.postfix.hosts, host, arguments)


@click.command("everywhere")
@click.option("--older", metavar="AGE", help="Only mail that waits longer: 30m, 12h, 7d.")
@click.pass_context
def everywhere(context: click.Context, older: str | None) -> int:
    """List what is on hold here and on all hosts of postfix.hosts; exit 1 if one of them does not answer.

    Example: vanthu hold everywhere --older 7d
    """
    loaded: Loaded = context.obj
    arguments = ["list", *(["--older", older] if older else [])]
    group = context.parent.command if context.parent is not None else None
    assert isinstance(group, click.Group)
    known = loaded.settings.postfix.hosts
    failed = False
    for host in (None, *known):
        click.echo(f"{host or 'this host'}:")
        try:
            if host is None:
                context.invoke(group.commands["list"], older=older, config_dir=None, as_json=False)
            else:
                click.echo(hosts.ask(known, host, arguments), nl=False)
        except VanthuError as error:
            click.echo(f"vanthu: {error}", err=True)
            failed = True
    return int(failed)
