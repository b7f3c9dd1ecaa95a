"""``vanthu providers``: which list says what about a domain."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import click
import msgspec

from ..harmless import printable
from ..providers.model import Provider
from ..settings.load import Loaded
from .house import open_providers

_WIDEST = 40  # columns of the domain before the class is no longer aligned


@click.group(name="providers")
def group() -> None:
    """Provider lists: whose mailbox a domain is, and who says so."""


@group.command(epilog="Example: vanthu providers lookup gmail.com soyte.x.gov.vn an@hcm.vnn.vn")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line: domain, class, family, because, looks_like."
)
@click.argument("domains", nargs=-1, required=True, metavar="DOMAIN...|-")
@click.pass_obj
def lookup(loaded: Loaded, as_json: bool, domains: tuple[str, ...]) -> None:
    """Class, family and the list entry that decided, one line a domain.

    DOMAIN may be an address; "-" reads them from standard input, one a line. The register and the settings count
    as on the mail path. Mail exchangers are not asked.
    """
    providers = open_providers(loaded)
    for domain in _asked(domains):
        found = providers.classify(domain)
        imitated = providers.looks_like(domain)
        click.echo(_json(domain, found, imitated) if as_json else _line(domain, found, imitated))


def _asked(domains: Iterable[str]) -> Iterator[str]:
    for domain in domains:
        if domain == "-":
            yield from filter(None, (line.strip() for line in sys.stdin))
        else:
            yield domain


def _line(domain: str, found: Provider, imitated: str | None) -> str:
    note = f"; looks like {imitated}" if imitated else ""
    return f"{printable(domain):<{_WIDEST}}\t{found.class_:<10}\t{found.family or '-':<16}\t{found.because}{note}"


def _json(domain: str, found: Provider, imitated: str | None) -> str:
    entry = {"domain": domain, "class": found.class_, "family": found.family, "because": found.because}
    return msgspec.json.encode(entry | {"looks_like": imitated}).decode()
