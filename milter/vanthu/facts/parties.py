"""Who writes to whom: sender, direction, recipients (contract: ``direction``, ``sender``, ``recipients``)."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from ..directory.model import Mailbox, Register
from ..mail import address as addresses
from ..mail.envelope import Envelope
from ..mail.message import Message
from ..providers.model import Providers
from .model import Conversation, Direction, Missing, Recipient, Relation, Sender
from .relation import relation

Judged = tuple[Sender, Direction, tuple[Recipient, ...], tuple[Missing, ...]]


def judge(message: Message, envelope: Envelope, register: Register, providers: Providers, zone: ZoneInfo) -> Judged:
    """Sender, direction, recipients, and which facts about recipients nobody can know yet."""
    day = envelope.time.astimezone(zone).date()
    from_ = first_from(message)
    mailbox = _mailbox(envelope, from_, register)
    sender = describe_sender(envelope, from_, mailbox, register, providers, day)
    names = display_names(message)
    # Without In-Reply-To or References a mail answers nothing (RFC 5322 §3.6.4); with one, only the snapshot of
    # known correspondence can tell whether it answers something that came in.
    answers = message.first("In-Reply-To") is not None or message.first("References") is not None
    recipients: list[Recipient] = []
    missing: list[Missing] = []
    for index, one in enumerate(envelope.recipients):
        recipient = describe_recipient(one.address, names, mailbox, register, providers)
        recipients.append(recipient)
        if answers and recipient.class_ not in ("official", "government"):
            missing.append(Missing(f"/recipients/{index}/conversation", "no_snapshot"))
    direction = judge_direction(ours(envelope, sender, from_, providers), recipients)
    return sender, direction, tuple(recipients), tuple(missing)


def first_from(message: Message) -> str | None:
    """The address of the From field (RFC 5322 §3.6.2), cleaned; None where there is none."""
    value = message.first("From")
    listed = addresses.addresses(value) if value else ()
    return addresses.clean(listed[0][1]) if listed else None


def display_names(message: Message) -> dict[str, str]:
    """Display names that To and Cc give to addresses, by comparison key."""
    names: dict[str, str] = {}
    for field in ("To", "Cc"):
        for value in message.every(field):
            for display, address in addresses.addresses(value):
                if display:
                    names.setdefault(addresses.key(address), display)
    return names


def _mailbox(envelope: Envelope, from_: str | None, register: Register) -> Mailbox | None:
    """Whose mailbox sends: by envelope sender, else by login, else (null sender) by From."""
    candidates = (envelope.sender, envelope.login or "", from_ or "" if not envelope.sender else "")
    return next((found for one in candidates if "@" in one and (found := register.mailbox(one))), None)


def describe_sender(
    envelope: Envelope,
    from_: str | None,
    mailbox: Mailbox | None,
    register: Register,
    providers: Providers,
    day: date,
) -> Sender:
    """The sender as the register and the lists know him."""
    shown = envelope.sender or from_ or ""
    provider = providers.classify(shown) if shown else None
    return Sender(
        address=envelope.sender,
        from_=from_,
        matches_login=matches_login(envelope.login, envelope.sender, from_),
        class_=provider.class_ if provider else "other",
        family=provider.family if provider else None,
        registered=mailbox is not None,
        status=register.status(mailbox, day) if mailbox else "unknown",
        agency=mailbox.agency if mailbox else (register.agency_of(shown) if shown else None),
        role=mailbox.role if mailbox else None,
    )


def matches_login(login: str | None, sender: str, from_: str | None) -> bool | None:
    """Whether envelope sender and From are the login's own; None without login. A bare user name has no domain."""
    if login is None:
        return None
    wanted = addresses.key(login)
    for one in (sender, from_):
        if not one:
            continue
        known = addresses.key(one)
        if wanted != (known if "@" in wanted else known.rpartition("@")[0]):
            return False
    return True


def describe_recipient(
    address: str, names: dict[str, str], sender: Mailbox | None, register: Register, providers: Providers
) -> Recipient:
    """One recipient: class and family by the lists, agency and role by the register, whose mailbox it is."""
    provider = providers.classify(address)
    mailbox = register.mailbox(address)
    related: Relation = (
        "none"
        if provider.class_ in ("official", "government")
        else relation(address, names.get(addresses.key(address)), sender, register)
    )
    return Recipient(
        address=address,
        domain=addresses.fold_domain(addresses.split(address)[1]),
        class_=provider.class_,
        family=provider.family,
        because=provider.because,
        agency=mailbox.agency if mailbox else register.agency_of(address),
        role=mailbox.role if mailbox else None,
        relation=related,
        conversation=Conversation(),
    )


def ours(envelope: Envelope, sender: Sender, from_: str | None, providers: Providers) -> bool:
    """Authenticated; else an official envelope sender that did not come from outside; else From of system mail.

    A forged ``x.gov.vn`` that comes in on port 25 is not ours.
    """
    if envelope.login is not None:
        return True
    if envelope.origin == "outside":
        return False
    if envelope.sender:
        return sender.class_ == "official"
    return from_ is not None and providers.classify(from_).class_ == "official"


def judge_direction(is_ours: bool, recipients: list[Recipient]) -> Direction:
    """Ours to official only: internal; ours to another: outbound; not ours to ours: inbound; neither: foreign."""
    official = [one.class_ == "official" for one in recipients]
    if is_ours:
        return "internal" if all(official) else "outbound"
    return "inbound" if any(official) else "foreign"
