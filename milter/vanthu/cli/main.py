"""The command ``vanthu``: settings are found once, errors are one line, usage errors exit 2."""

from __future__ import annotations

import sys
from typing import Any

import click

from .. import __version__
from ..errors import Problems, UsageError, VanthuError
from ..settings import load as settings_load
from ..validation import did_you_mean

# Command name -> module that holds it; a module is imported only when its command is called.
_COMMANDS = {
    "backtest": "backtest:command",
    "check": "check:command",
    "directory": "directory:group",
    "doctor": "doctor:command",
    "explain": "explain:command",
    "facts": "facts:command",
    "forwards": "forwards:group",
    "hold": "hold:group",
    "journal": "journal:group",
    "policy": "policy:group",
    "providers": "providers:group",
    "report": "report:group",
    "review": "review:command",
    "run": "run:command",
    "status": "status:command",
    "test": "test:command",
}


class _Commands(click.Group):
    """Imports a command's module when it is asked for, so that a quick command stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            raise click.UsageError(f"no such command {cmd_name}{did_you_mean(cmd_name, _COMMANDS)}", ctx)
        module_name, _, attribute = _COMMANDS[cmd_name].partition(":")
        module = __import__(f"vanthu.cli.{module_name}", fromlist=[attribute])
        found: click.Command = getattr(module, attribute)
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", metavar="FILE", help="Settings file; otherwise $VANTHU_CONFIG, ./vanthu.yaml, /etc/vanthu.")
@click.version_option(__version__, prog_name="vanthu")
@click.pass_context
def vanthu(ctx: click.Context, config: str | None) -> None:
    """The clerk at the mail gate: a Postfix milter that keeps official mail out of private mailboxes.

    Example: vanthu --config /etc/vanthu/vanthu.yaml check
    """
    try:
        ctx.obj = settings_load.load(settings_load.find(config))
    except Problems as problems:
        # ``check`` tells them itself; every other command needs settings that load.
        if ctx.invoked_subcommand != "check":
            raise
        ctx.obj = problems


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the console script."""
    try:
        sys.exit(_run(arguments))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)


def _run(arguments: list[str] | None) -> Any:
    try:
        return vanthu.main(args=arguments, prog_name="vanthu", standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        return 130
    except click.ClickException as error:
        said = error.format_message()
        shown = said if isinstance(error, click.exceptions.NoArgsIsHelpError) else f"vanthu: {said} (try --help)"
        click.echo(shown, err=True)
        return 2
    except UsageError as error:
        click.echo(f"vanthu: {error}", err=True)
        return 2
    except VanthuError as error:
        click.echo(str(error), err=True)
        return 1
