#!/usr/bin/env python3
"""Puts a second Postfix instance behind the first, so that forwarded copies pass vanthu, too (docs/egress.md).

    egress.py show                     what would be done, as the commands that do it
    egress.py apply                    keeps main.cf and master.cf, does it, asks `postfix check` of both
    egress.py undo                     puts both files of the first instance back byte for byte

The installed Postfix only: postmulti(1) knows no other. Nothing is started or reloaded: the last lines say how.
Exit: 0 done or nothing to do, 1 refused (nothing changed), 2 usage.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import backup
import egress_plan as planning
from listening import must_listen
from postconf import Postconf, Refused


def main(arguments: list[str]) -> int:
    """Parse, do, and turn a refusal into one message on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return {"show": _show, "apply": _apply, "undo": _undo}[options.command](Postconf(None), options)
    except Refused as refused:
        print(f"egress.py: {refused}", file=sys.stderr)
        return 1


def _show(first: Postconf, options: argparse.Namespace) -> int:
    _print(_plan(first, options))
    return 0


def _apply(first: Postconf, options: argparse.Namespace) -> int:
    plan = _plan(first, options)
    _print(plan)
    if not plan.steps:
        return 0
    if not options.unchecked:
        must_listen(options.socket, "mail for other hosts would wait in the queue")
    made = not plan.folder.exists()
    place = backup.keep(first.folder)
    kept = None if made else backup.keep(plan.folder)
    try:
        for step in plan.steps:
            _run(step.command)
        for folder in (plan.folder, first.folder):
            _run(("postfix", "-c", str(folder), "check"))
    except Refused:
        backup.restore(first.folder, force=True)
        if kept is not None:
            backup.restore(plan.folder, force=True)
        elif made:
            _remove(plan.folder)
        raise
    backup.seal(first.folder, place)
    if kept is not None:
        backup.seal(plan.folder, kept)
    print(f"# kept: {place}")
    print("# now write `egress: {enabled: true}` into vanthu.yaml, and run:")
    start = "reload" if kept is not None else "start"
    print(f"systemctl reload vanthu\npostmulti -i {planning.NAME} -p {start}\npostmulti -i - -p reload")
    return 0


def _undo(first: Postconf, options: argparse.Namespace) -> int:
    if not planning.is_ours(first.value("default_transport")):
        raise Refused(f"{first.folder} does not send by {planning.NAME}: nothing of egress.py is in force here")
    place = backup.restore(first.folder, options.force)
    folder = first.folder.with_name(planning.NAME)
    print(f"# main.cf and master.cf of {first.folder} are again as in {place.name}; now run:")
    print(f"postfix -c {first.folder} reload")
    print("# take `egress` out of vanthu.yaml, and `systemctl reload vanthu`. What still waits in the second")
    print("# instance (hold queue included) is shown by the first command; when it is empty, the others end it:")
    print(f"postqueue -c {folder} -p")
    print(f"postfix -c {folder} stop")
    print(f"rm -r {folder} /var/spool/{planning.NAME} /var/lib/{planning.NAME}")
    return 0


def _plan(first: Postconf, options: argparse.Namespace) -> planning.Plan:
    if options.socket is None:
        options.socket = f"unix:{first.expanded('queue_directory')}/vanthu/milter.sock"
    wishes = planning.Wishes(
        options.port, options.back, options.socket, options.recipients_at_once, options.content_timeout
    )
    folder = first.folder.with_name(planning.NAME)
    known = str(folder) in first.value("multi_instance_directories").replace(",", " ").split()
    return planning.make(first, Postconf(folder) if known else None, wishes)


def _print(plan: planning.Plan) -> None:
    for step in plan.steps:
        print(f"# {step.why}\n{shlex.join(step.command)}")
    for note in plan.notes:
        print(f"# note: {note}")
    if not plan.steps:
        print("# nothing to change: mail for other hosts goes by the second instance")


def _run(command: tuple[str, ...]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Refused(f"{shlex.join(command)}: {(done.stderr or done.stdout).strip()}")


def _remove(folder: Path) -> None:
    """What `postmulti -e create` had made, before any mail could come."""
    for one in (folder, Path("/var/spool") / folder.name, Path("/var/lib") / folder.name):
        shutil.rmtree(one, ignore_errors=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="show|apply|undo")
    for name, text in (("show", "what would be done"), ("apply", "do it"), ("undo", "put the files back")):
        command = commands.add_parser(name, help=text, description=text)
        if name == "undo":
            command.add_argument("--force", action="store_true", help="even if the files were edited since")
            continue
        command.add_argument(
            "--socket", help="milter.socket of vanthu.yaml (default: vanthu/milter.sock in the first queue)"
        )
        command.add_argument("--port", type=int, default=10026, help="between the instances (default: 10026)")
        command.add_argument("--back", type=int, default=25, help="where the first instance takes mail (default: 25)")
        command.add_argument(
            "--recipients-at-once", type=int, default=50, metavar="N",
            help="in one mail between the instances (default: 50); with 1, every copy is held by itself",
        )  # fmt: skip
        command.add_argument("--content-timeout", type=int, default=40, metavar="SECONDS")
        command.add_argument("--unchecked", action="store_true", help="do not look whether vanthu answers")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
