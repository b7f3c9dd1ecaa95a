"""``vanthu policy``: which policy was in force when, the next stage of a rule, and the emergency exit."""

from __future__ import annotations

import os
import pwd
import re
import socket
from datetime import UTC, datetime, timedelta

import click
import msgspec

from ..errors import UsageError, VanthuError
from ..harmless import one_line, printable
from ..inspection.policy_texts import kept
from ..inspection.relaxing import LONGEST, Relaxation, write
from ..journal.record import Record
from ..journal.writer import Writer
from ..postfix.ledger import as_owner
from ..settings.load import Loaded
from ..tuning.history import Event, events
from .promote import promote

_PERIOD = re.compile(r"([1-9][0-9]{0,4})([mh])\Z")


@click.group("policy")
def group() -> None:
    """Look at the policies that were in force, set a rule in force by stages, relax all.

    Example: vanthu policy log
    """


group.add_command(promote)


@group.command("log")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
@click.argument("digest", required=False)
@click.pass_obj
def log(loaded: Loaded, as_json: bool, digest: str | None) -> int:
    """List when which policy came into force, reloads that were refused, and relaxations; oldest first.

    With DIGEST, print the full text of that policy instead.

    Example: vanthu policy log; vanthu policy log f96a7501e5d3322e
    """
    if digest is not None:
        return _text(loaded, digest, as_json)
    folder = loaded.settings.journal.path
    try:
        found = events(folder) if folder.is_dir() else None
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}; ask as root or as vanthu's own user") from None
    if found is None:
        raise UsageError(f"{folder}: no journal there; check journal.path in the settings")
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return 0
    for event in found:
        click.echo(printable(_line(event)))
    return 0


@group.command("relax")
@click.option("--for", "period", metavar="AGE", required=True, help="How long: 30m, 2h; at most 24h. 0 ends it now.")
@click.option("--by", required=True, help="Who decides.")
@click.option("--reason", required=True, help="Why, for the journal.")
@click.pass_obj
def relax(loaded: Loaded, period: str, by: str, reason: str) -> int:
    """Break glass: every rule but those about secrecy does at most warn, at once; it ends by itself.

    It is journalled with who and why, and an alert fires while it lasts. It holds on this node.

    Example: vanthu policy relax --for 2h --by 'Lê Bình' --reason 'flood in two districts'
    """
    now = datetime.now(UTC)
    until = now + _period(period)
    asked = Relaxation(now, until, _said(by, "--by"), _said(reason, "--reason"))
    state, journal = loaded.settings.state.path, loaded.settings.journal.path
    _journalled(loaded, asked)  # first: nothing is relaxed that the journal does not know of
    try:
        with as_owner(state):
            write(state, asked)
    except OSError as error:
        raise VanthuError(f"{state}: {error.strerror}; nothing was relaxed, though {journal} says so") from None
    click.echo(f"relaxed until {until:%Y-%m-%dT%H:%M:%SZ}" if until > now else "relaxed no longer")
    return 0


def _journalled(loaded: Loaded, asked: Relaxation) -> None:
    settings = loaded.settings
    with as_owner(settings.journal.path):
        writer = Writer(settings.journal.path, settings.node or socket.gethostname())
        details = {
            "until": asked.until.isoformat(), "by": asked.by, "reason": asked.reason,
            "login": pwd.getpwuid(os.getuid()).pw_name,
        }  # fmt: skip
        try:
            writer.append(
                Record(kind="relax", id=writer.ids.new(), time=asked.since, node=writer.node, details=details)
            )
        finally:
            writer.close()


def _period(text: str) -> timedelta:
    if text == "0":
        return timedelta(0)
    found = _PERIOD.match(text)
    if found is None:
        raise UsageError(f"--for {text}: write 30m or 2h, or 0 to end it now")
    length = timedelta(**{{"m": "minutes", "h": "hours"}[found[2]]: int(found[1])})
    if length > LONGEST:
        raise UsageError(f"--for {text}: at most 24h; change the policy instead")
    return length


def _said(text: str, option: str) -> str:
    line = one_line(text, "?")
    if not 1 <= len(line) <= 300:
        raise UsageError(f"{option}: say it in 1 to 300 characters")
    return line


def _text(loaded: Loaded, digest: str, as_json: bool) -> int:
    files = kept(loaded.settings.state.path, digest.removesuffix("+relaxed"))
    if files is None:
        raise UsageError(f"no text of the policy {digest} in {loaded.settings.state.path}; see vanthu policy log")
    if as_json:
        click.echo(msgspec.json.encode(files).decode())
        return 0
    for name, text in files.items():
        click.echo(f"# ==> {printable(name)} <==")
        click.echo(text)
    return 0


def _line(event: Event) -> str:
    about = event.policy or ""
    if event.what == "relaxed":
        about = f"until {event.until} by {event.by}: {event.reason}"
    elif event.what == "refused":
        about = f"{event.problems} problems; {event.policy} stays"
    return f"{event.time:%Y-%m-%dT%H:%M:%SZ}  {event.node}  {event.what:<9} {about}"
