"""What submission.py and inbound.py have in common: show a plan, carry it out with a back-up, take it back."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

import backup
import plan as planning
from listening import must_listen
from postconf import Postconf, Refused


def main(way: planning.Way, manual: str, arguments: list[str]) -> int:
    """Parse, do, and turn a refusal into one message on standard error."""
    options = _parser(manual).parse_args(arguments)
    options.way = way
    try:
        postfix = Postconf(options.config_dir)
        return {"show": _show, "apply": _apply, "undo": _undo}[options.command](postfix, options)
    except Refused as refused:
        print(f"{way.script}: {refused}", file=sys.stderr)
        return 1


def _show(postfix: Postconf, options: argparse.Namespace) -> int:
    plan = _plan(postfix, options)
    _print(postfix, plan)
    return 0


def _apply(postfix: Postconf, options: argparse.Namespace) -> int:
    plan = _plan(postfix, options)
    _print(postfix, plan)
    if not plan.edits:
        return 0
    if not options.unchecked:
        must_listen(options.socket, options.way.without)
    place = backup.keep(postfix.folder)
    try:
        for flag in ("-e", "-Pe"):
            if texts := [edit.arguments[1] for edit in plan.edits if edit.arguments[0] == flag]:
                postfix.run((flag, *texts))
        postfix.check()
    except Refused:
        backup.restore(postfix.folder, force=True)
        raise
    backup.seal(postfix.folder, place)
    print(f"# kept: {place}\n# now run: {shlex.join(['postfix', '-c', str(postfix.folder), 'reload'])}")
    return 0


def _undo(postfix: Postconf, options: argparse.Namespace) -> int:
    place = backup.restore(postfix.folder, options.force)
    print(f"# main.cf and master.cf are again as in {place.name}")
    if remaining := backup.steps(postfix.folder):
        print(f"# {len(remaining)} earlier back-up(s) remain; undo again to go further back")
    print(f"# now run: {shlex.join(['postfix', '-c', str(postfix.folder), 'reload'])}")
    return 0


def _plan(postfix: Postconf, options: argparse.Namespace) -> planning.Plan:
    timeouts = planning.Timeouts(options.connect_timeout, options.command_timeout, options.content_timeout)
    if options.socket is None:
        options.socket = f"unix:{postfix.expanded('queue_directory')}/vanthu/milter.sock"
    return planning.make(postfix, options.way, options.socket, tuple(options.service), timeouts)


def _print(postfix: Postconf, plan: planning.Plan) -> None:
    for edit in plan.edits:
        print(f"# {edit.why}\n{shlex.join(postfix.command(edit.arguments))}")
    for note in plan.notes:
        print(f"# note: {note}")
    if not plan.edits:
        print(f"# nothing to change: {plan.address} is asked")


def _parser(manual: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=manual, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="show|apply|undo")
    for name, text in (("show", "what would change"), ("apply", "change it"), ("undo", "put the files back")):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument(
            "--config-dir", type=Path, help="Postfix configuration folder (default: the installed one)"
        )
        if name == "undo":
            command.add_argument("--force", action="store_true", help="even if the files were edited since")
            continue
        command.add_argument(
            "--socket", help="milter.socket of vanthu.yaml (default: vanthu/milter.sock in the queue)"
        )
        command.add_argument("--service", action="append", default=[], help="such as smtp/inet; may be repeated")
        command.add_argument("--connect-timeout", type=int, default=10, metavar="SECONDS")
        command.add_argument("--command-timeout", type=int, default=20, metavar="SECONDS")
        command.add_argument("--content-timeout", type=int, default=40, metavar="SECONDS")
        command.add_argument("--unchecked", action="store_true", help="do not look whether vanthu answers")
    return parser
