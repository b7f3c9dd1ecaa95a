"""``vanthu forwards``: who forwards official mail where, read from the server's own files and logs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from ..errors import UsageError
from ..mail.address import fold_domain
from ..postfix.configuration import Configuration
from ..postfix.forwards import published, sources, zimbra
from ..postfix.forwards.fetched import fetched
from ..postfix.forwards.fetched import load as load_networks
from ..postfix.forwards.model import Step, Unseen, Way
from ..postfix.forwards.ways import ways
from ..postfix.instance import Instance, PostfixError
from ..postfix.ledger import as_owner
from ..postfix.logins import logins
from ..providers.model import Providers
from ..settings.load import Loaded
from .forwards_found import Found, as_csv, as_json, as_table
from .house import open_providers
from .logs import lines

_FILES = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("forwards")
def group() -> None:
    """Who forwards mail automatically, and where to.

    Example: vanthu forwards audit --outside
    """


@group.command("audit")
@click.option("--sieve", "folders", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of Sieve scripts (may be repeated), beside those in home folders.")  # fmt: skip
@click.option("--zimbra", "exports", multiple=True, type=_FILES,
              help="What 'zmprov -l gaa -v' printed, or an LDIF export (may be repeated).")  # fmt: skip
@click.option("--logins", "logs", multiple=True, type=_FILES,
              help="IMAP/POP log of Dovecot or Zimbra, plain or gzip (may be repeated).")  # fmt: skip
@click.option("--networks", type=_FILES, help="More networks of providers, for --logins.")
@click.option("--outside", is_flag=True, help="Only what leaves for mailboxes that are not official.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--publish", is_flag=True, help="Put the numbers on the metrics page (state.path of the settings).")
@click.option("--config-dir", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="Configuration folder of the instance (default: postfix.config_dir of the settings).")  # fmt: skip
@click.pass_obj
def audit(
    loaded: Loaded, folders: tuple[Path, ...], exports: tuple[Path, ...], logs: tuple[Path, ...],
    networks: Path | None, outside: bool, form: str, publish: bool, config_dir: Path | None,
) -> int:  # fmt: skip
    """List forwards of alias and virtual maps, .forward files and Sieve scripts, direct and by chains.

    Beside them Zimbra's own forwards, and mailboxes that a provider fetches with the official password, by logins
    from its networks. Exit 1 when one of them ends in a public mailbox. What could not be read is told on standard
    error. Ask as root: users' files are theirs.

    Example: vanthu forwards audit --sieve /var/mail/vhosts --logins /var/log/mail.log
    """
    steps: list[Step] = []
    postfix = _configuration(config_dir or loaded.settings.postfix.config_dir, needed=not (exports or logs))
    for seen in _everything(postfix, folders, exports):
        if isinstance(seen, Unseen):
            click.echo(f"not looked into: {seen.where}: {seen.why}", err=True)
        else:
            steps.append(seen)
    providers = open_providers(loaded)
    found = [_classified(way, providers) for way in ways(steps, _local(postfix))]
    found += _fetched(loaded, logs, networks)
    shown = [one for one in found if not outside or one.class_ not in ("official", "local")]
    click.echo({"table": as_table, "csv": as_csv, "json": as_json}[form](shown), nl=False)
    if publish:
        _publish(loaded.settings.state.path, found)
    return int(any(one.alarming for one in found))


def _configuration(folder: Path | None, *, needed: bool) -> Configuration | None:
    """That of Postfix; where exports and logs are given, a machine without Postfix will do."""
    try:
        return Configuration(Instance(folder))
    except PostfixError as error:
        if needed:
            raise
        click.echo(f"not looked into: Postfix: {error}", err=True)
        return None


def _everything(
    postfix: Configuration | None, folders: tuple[Path, ...], exports: tuple[Path, ...]
) -> Iterator[sources.Seen]:
    if postfix is not None:
        yield from sources.tables(postfix)
    homes = sources.homes()
    yield from sources.forward_files(homes)
    for user, home in homes.items():
        if (home / ".dovecot.sieve").exists():
            yield from sources.sieve_home(home, user)
    for folder in folders:
        yield from sources.sieve_scripts(folder)
    for file in exports:
        try:
            yield from zimbra.forwards(file.read_text("utf-8", "replace"), str(file))
        except OSError as error:
            yield Unseen(str(file), error.strerror or "cannot be read")


def _fetched(loaded: Loaded, logs: tuple[Path, ...], networks: Path | None) -> list[Found]:
    if not logs:
        return []
    zone = loaded.settings.zone
    seen = fetched(logins(lines(logs), zone, datetime.now(UTC)), load_networks(networks))
    found = []
    for one in seen:
        where = (
            f"{'+'.join(one.protocols)} {one.count} logins, last {one.last.astimezone(zone):%Y-%m-%d %H:%M}"
            f" from {one.remote}"
        )
        target = f"(fetched by {one.family})"
        way = Way(one.user, target, (), (Step("fetch", where, one.user, target, keeps=True),))
        found.append(Found(way, "public", one.family))
    return found


def _classified(way: Way, providers: Providers) -> Found:
    if "@" not in way.target or way.target[:1] in "|/":
        return Found(way, "local" if way.target[:1] not in "|/(" else "unknown", None)
    provider = providers.classify(way.target)
    return Found(way, provider.class_, provider.family)


def _local(postfix: Configuration | None) -> frozenset[str]:
    given = postfix.values.get("mydestination", "") if postfix is not None else ""
    return frozenset(fold_domain(name) for name in given.replace(",", " ").split())


def _publish(state: Path, found: list[Found]) -> None:
    counts = Counter[tuple[str, str]]((one.way.steps[-1].kind, one.class_) for one in found if one.active)
    try:
        with as_owner(state):
            published.put(state, datetime.now(UTC), counts)
    except OSError as error:
        raise UsageError(f"{state}: the numbers cannot be put there: {error.strerror}") from None
