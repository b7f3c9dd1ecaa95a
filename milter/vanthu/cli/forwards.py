"""``vanthu forwards``: who forwards official mail where, read from the server's own files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from ..mail.address import fold_domain
from ..postfix.configuration import Configuration
from ..postfix.forwards import sources
from ..postfix.forwards.model import Step, Unseen, Way
from ..postfix.forwards.ways import ways
from ..postfix.instance import Instance
from ..providers.model import Providers
from ..settings.load import Loaded
from .house import open_providers

_PRIVATE = ("public", "disposable", "relay")
_COLUMNS = ("mailbox", "target", "class", "family", "kind", "via", "where", "keeps", "active")


@dataclass(frozen=True, slots=True)
class _Found:
    way: Way
    class_: str
    family: str | None

    @property
    def alarming(self) -> bool:
        return self.class_ in _PRIVATE and all(step.active for step in self.way.steps)

    def row(self) -> dict[str, object]:
        first, last = self.way.steps[0], self.way.steps[-1]
        return {
            "mailbox": self.way.mailbox,
            "target": self.way.target,
            "class": self.class_,
            "family": self.family,
            "kind": last.kind,
            "via": list(self.way.via),
            "where": last.where,
            "keeps": first.keeps,
            "active": all(step.active for step in self.way.steps),
        }


@click.group("forwards")
def group() -> None:
    """Who forwards mail automatically, and where to.

    Example: vanthu forwards audit --outside
    """


@group.command("audit")
@click.option("--sieve", "folders", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of Sieve scripts (may be repeated), beside those in home folders.")  # fmt: skip
@click.option("--outside", is_flag=True, help="Only what leaves for mailboxes that are not official.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--config-dir", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="Configuration folder of the instance (default: postfix.config_dir of the settings).")  # fmt: skip
@click.pass_obj
def audit(loaded: Loaded, folders: tuple[Path, ...], outside: bool, form: str, config_dir: Path | None) -> int:
    """List forwards of alias and virtual maps, .forward files and Sieve scripts, direct and by chains.

    Exit 1 when one of them ends in a public mailbox. What could not be read is told on standard error. Ask as root:
    users' files are theirs.

    Example: vanthu forwards audit --sieve /var/mail/vhosts --format csv
    """
    postfix = Configuration(Instance(config_dir or loaded.settings.postfix.config_dir))
    steps: list[Step] = []
    for seen in _everything(postfix, folders):
        if isinstance(seen, Unseen):
            click.echo(f"not looked into: {seen.where}: {seen.why}", err=True)
        else:
            steps.append(seen)
    providers = open_providers(loaded)
    found = [_classified(way, providers) for way in ways(steps, _local(postfix))]
    shown = [one for one in found if not outside or one.class_ not in ("official", "local")]
    click.echo({"table": _table, "csv": _csv, "json": _json}[form](shown), nl=False)
    return int(any(one.alarming for one in found))


def _everything(postfix: Configuration, folders: tuple[Path, ...]) -> Iterator[sources.Seen]:
    yield from sources.tables(postfix)
    homes = sources.homes()
    yield from sources.forward_files(homes)
    for user, home in homes.items():
        if (home / ".dovecot.sieve").exists():
            yield from sources.sieve_home(home, user)
    for folder in folders:
        yield from sources.sieve_scripts(folder)


def _classified(way: Way, providers: Providers) -> _Found:
    if "@" not in way.target or way.target[:1] in "|/":
        return _Found(way, "local" if way.target[:1] not in "|/(" else "unknown", None)
    provider = providers.classify(way.target)
    return _Found(way, provider.class_, provider.family)


def _local(postfix: Configuration) -> frozenset[str]:
    given = postfix.values.get("mydestination", "").replace(",", " ").split()
    return frozenset(fold_domain(name) for name in given)


def _table(found: list[_Found]) -> str:
    lines = []
    for one in found:
        row = one.row()
        chain = " -> ".join((one.way.mailbox, *one.way.via, one.way.target))
        class_ = f"{one.class_}{'/' + one.family if one.family else ''}"
        off = "" if row["active"] else "  (switched off)"
        lines.append(_printable(f"{class_:<20} {chain}  [{row['kind']} {row['where']}]{off}") + "\n")
    return "".join(lines)


def _csv(found: list[_Found]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for one in found:
        row = one.row()
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue()


def _cell(value: object) -> str:
    """Users choose some of this text: a spreadsheet must not take it for a formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and text[:1] else text


def _json(found: list[_Found]) -> str:
    return json.dumps([one.row() for one in found], ensure_ascii=False) + "\n"


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text)
