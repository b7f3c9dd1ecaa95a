"""``vanthu hold``: what stands on hold in Postfix, why, and freeing it with a name and a reason."""

from __future__ import annotations

import json
import os
import re
import socket
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click

from ..errors import UsageError, VanthuError
from ..harmless import one_line
from ..postfix import hold_text, requests
from ..postfix.freeing import Office, Person, free
from ..postfix.helper import Verb
from ..postfix.helper import ask as tell_helper
from ..postfix.helper import free as ask_helper
from ..postfix.holdings import Holding, holdings
from ..postfix.instances import known, only
from ..postfix.ledger import ledger
from ..postfix.persons import person
from ..settings.load import Loaded
from . import hold_hosts
from .lookups import note_if_possible

_AGE = re.compile(r"([1-9][0-9]{0,5})([mhd])\Z")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_WHY = {"min": 3, "max": 500}

_config_dir = click.option(
    "--config-dir", type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Configuration folder of one Postfix instance (default: postfix.config_dir, and all beside it).",
)  # fmt: skip
_instance = click.option("--instance", metavar="NAME", help="Of several instances, this one; - is the first.")
_json = click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")


@click.group("hold")
def group() -> None:
    """See what is on hold in Postfix and why; release, return or delete it.

    Example: vanthu hold list --older 7d
    """


@group.command("list")
@click.option("--older", metavar="AGE", help="Only mail that waits longer: 30m, 12h, 7d.")
@_config_dir
@_json
@click.pass_obj
def list_(loaded: Loaded, older: str | None, config_dir: Path | None, as_json: bool) -> None:
    """List held mail of all instances, oldest first: queue id, age, sender, number of recipients, rules, agency.

    Example: vanthu hold list --older 7d --json
    """
    now = datetime.now(UTC)
    least = _age(older) if older else timedelta(0)
    found = [one for one in _holdings(loaded, config_dir) if now - one.held.arrival >= least]
    if as_json:
        click.echo(json.dumps([hold_text.entry(one, now) for one in found], ensure_ascii=False))
        return
    several = any(one.at.beside for one in found)
    for one in found:
        click.echo(hold_text.line(one, now, several=several))


@group.command("show")
@click.argument("queue_id")
@_instance
@_config_dir
@_json
@click.pass_obj
def show(loaded: Loaded, queue_id: str, instance: str | None, config_dir: Path | None, as_json: bool) -> None:
    """Tell all that is known of one held mail: facts, rules, who asked to free it; never its content.

    Example: vanthu hold show 4jXvXv4STMzMKnZ
    """
    now = datetime.now(UTC)
    one = _pick(_holdings(loaded, config_dir), queue_id, instance)
    beside = one.at.name if one.at.beside else None
    request = requests.pending(loaded.settings.state.path, one.held.queue_id, beside, now)
    note_if_possible(loaded, "hold show", queue_id=one.held.queue_id)
    click.echo(
        json.dumps(hold_text.whole(one, request, now), ensure_ascii=False)
        if as_json
        else hold_text.page(one, request, now)
    )


def _freeing(verb: Verb, text: str) -> None:
    """One command a verb; they differ in nothing but what the helper does."""

    @click.argument("queue_ids", metavar="QUEUE_ID...", nargs=-1, required=True)
    @click.option("--why", required=True, help="The reason, for the journal.")
    @click.option("--by", help="Who decides (default: who is logged in).")
    @_instance
    @_config_dir
    @_json
    @click.pass_obj
    def command(
        loaded: Loaded, queue_ids: tuple[str, ...], why: str, by: str | None, instance: str | None,
        config_dir: Path | None, as_json: bool,
    ) -> int:  # fmt: skip
        login = person()
        return _free(loaded, verb, queue_ids, Person(_said(by or login, "--by"), login, _said(why, "--why")),
                     instance, config_dir, as_json)  # fmt: skip

    command.__doc__ = f"{text}\n\nExample: vanthu hold {verb} 4jXvXv4STMzMKnZ --why 'checked with the head of office'"
    group.command(verb)(command)


_freeing("release", "Let Postfix deliver held mail; it is not judged a second time.")
_freeing("return", "Send held mail back to its sender as undeliverable.")
_freeing("delete", "Delete held mail; nobody is told by Postfix.")


group.add_command(hold_hosts.on)
group.add_command(hold_hosts.everywhere)


def _free(
    loaded: Loaded, verb: Verb, queue_ids: tuple[str, ...], who: Person, instance: str | None,
    config_dir: Path | None, as_json: bool,
) -> int:  # fmt: skip
    settings = loaded.settings
    found = _holdings(loaded, config_dir)
    results: dict[str, str] = {}
    failed = False
    with ledger(settings.journal.path, _node(loaded)) as book:
        call = partial(ask_helper, settings.postfix.helper)
        tell = partial(tell_helper, settings.postfix.helper)
        office = Office(book, settings.state.path, settings.postfix.two_persons, call, tell)
        for queue_id in dict.fromkeys(queue_ids):
            try:
                results[queue_id] = free(_pick(found, queue_id, instance), verb, who, office)
            except VanthuError as error:
                results[queue_id] = str(error)
                failed = True
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False))
    else:
        for queue_id, result in results.items():
            click.echo(hold_text.outcome(verb, queue_id, result))
    return int(failed)


def _holdings(loaded: Loaded, config_dir: Path | None) -> list[Holding]:
    journal = loaded.settings.journal.path
    if not journal.is_dir() or not os.access(journal, os.R_OK | os.X_OK):
        raise UsageError(f"{journal}: you may not read the journal, or it is not there; ask as vanthu (docs/hold.md)")
    instances = only(config_dir) if config_dir else known(loaded.settings.postfix.config_dir)
    return holdings(instances, journal, _node(loaded))


def _pick(found: list[Holding], queue_id: str, instance: str | None) -> Holding:
    """The one that is meant; never a guess where two instances hold mail of that id."""
    same = [one for one in found if one.held.queue_id == queue_id and instance in (None, one.at.name)]
    if len(same) > 1:
        names = " or ".join(f"--instance {one.at.name}" for one in same)
        raise VanthuError(f"{queue_id}: on hold in {len(same)} instances; say {names}")
    if not same:
        where = "" if instance is None else f" in the instance {instance}"
        raise VanthuError(f"{queue_id}: not on hold{where} (vanthu hold list)")
    return same[0]


def _node(loaded: Loaded) -> str:
    return loaded.settings.node or socket.gethostname()


def _age(text: str) -> timedelta:
    found = _AGE.match(text)
    if not found:
        raise UsageError(f"--older {text}: write 30m, 12h or 7d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _said(text: str, option: str) -> str:
    """One line that means something; control characters have no place in the journal's text."""
    clean = one_line(text)
    if not _WHY["min"] <= len(clean) <= _WHY["max"] and option == "--why":
        raise UsageError(f"{option}: say it in {_WHY['min']} to {_WHY['max']} characters")
    if not 1 <= len(clean) <= _WHY["max"]:
        raise UsageError(f"{option}: a name is needed")
    return clean
