"""``vanthu facts``: what the recognisers see in mail that lies in files."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import click

from ..errors import UsageError
from ..facts.asked import NOBODY, Asked
from ..facts.exchangers import to_ask
from ..facts.gather import gather
from ..facts.model import Facts, to_json
from ..inspection.dns import Dns
from ..inspection.snapshot import Snapshot
from ..mail.address import addresses, clean
from ..mail.envelope import Envelope, Recipient
from ..mail.message import Message
from ..mail.parse import parse
from ..settings.load import Loaded
from . import facts_documents
from .house import open_dns, open_house
from .sources import messages

_PATIENCE = 20.0  # seconds; dns.seconds of the settings is less


@click.command("facts")
@click.option("--sender", metavar="ADDRESS", help="Envelope sender; otherwise Return-Path or From.")
@click.option("--recipient", "recipients", metavar="ADDRESS", multiple=True, help="Otherwise To, Cc and Bcc.")
@click.option("--login", metavar="NAME", help="SASL user name, as if the mail had been submitted with it.")
@click.option("--client", metavar="IP", help="Address of the SMTP client.")
@click.option("--dns", "with_dns", is_flag=True, help="Ask for the MX of domains that no list names.")
@click.option("--document", "documents", is_flag=True, help="PATH is a bare document, not a message.")
@click.option("--text", "with_text", is_flag=True, help="With --document: also what was read, for tuning.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.pass_obj
def command(
    loaded: Loaded, sender: str | None, recipients: tuple[str, ...], login: str | None, client: str | None,
    with_dns: bool, documents: bool, with_text: bool, paths: tuple[str, ...],
) -> int:  # fmt: skip
    """Print one JSON object a message (JSON Lines), in path order.

    PATH is an .eml file, a folder (recursive), an mbox, or - for standard input. With --document every file is a
    document: a PDF, an Office file, a scan, an archive.

    Example: vanthu facts --login annv@x.gov.vn letter.eml archive/ old.mbox

    Example: vanthu facts --document --text 1017.pdf
    """
    if with_text and not documents:
        raise UsageError("--text belongs to --document: texts of messages are never printed")
    snapshot = open_house(loaded)
    if documents:
        facts_documents.run(paths, snapshot, snapshot.reading, with_text)
        return 0
    dns = open_dns(loaded, with_dns)
    write = sys.stdout.buffer.write
    for source in messages(paths):
        facts = facts_of(source.raw, snapshot, source.path, sender, recipients, login, client, dns)
        write(to_json(facts) + b"\n")
    return 0


def facts_of(
    raw: bytes, snapshot: Snapshot, path: str, sender: str | None, recipients: Sequence[str], login: str | None,
    client: str | None, dns: Dns | None = None,
) -> Facts:  # fmt: skip
    """The facts of a message from a file; its envelope is what was given, or what its header says.

    Its attachments are read as on the mail path, each in a child process of its own. Without ``dns`` nobody is asked
    for mail exchangers, so that a file gives the same facts wherever it is read.
    """
    message = parse(raw, snapshot.limits)
    envelope = Envelope(
        sender=clean(sender) if sender is not None else _sender(message),
        recipients=tuple(Recipient(clean(one)) for one in recipients) or _recipients(message),
        time=_time(message),
        origin="submission" if login is not None else None,
        login=login,
        client_address=client,
    )
    extracted = facts_documents.attached(message, snapshot.reading)
    asking = dns.ask(to_ask(envelope, snapshot.house.providers), time.monotonic() + _PATIENCE) if dns else None
    asked = Asked(asking.found().answers) if asking else NOBODY
    return gather(message, envelope, snapshot.house, extracted, path, asked)


def _sender(message: Message) -> str:
    """Return-Path (RFC 5321 §4.4), which also knows the null sender; else From."""
    path = message.first("Return-Path")
    if path is not None and ("@" in path or path.strip() == "<>"):
        return clean(path)
    listed = addresses(message.first("From") or "")
    return clean(listed[0][1]) if listed else ""


def _recipients(message: Message) -> tuple[Recipient, ...]:
    found: dict[str, None] = {}
    for field in ("To", "Cc", "Bcc"):
        for value in message.every(field):
            for _, address in addresses(value):
                found.setdefault(clean(address))
    return tuple(Recipient(address) for address in found if address)


def _time(message: Message) -> datetime:
    """The Date field, so that the same file gives the same facts tomorrow; now, where it cannot be read."""
    try:
        written = parsedate_to_datetime(message.first("Date") or "")
        return (written if written.tzinfo else written.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return datetime.now(UTC).replace(microsecond=0)
