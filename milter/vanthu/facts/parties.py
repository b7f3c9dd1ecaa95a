"""Who writes to whom: sender, direction, recipients (contract: ``direction``, ``sender``, ``recipients``)."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from ..directory.model import Mailbox, Register
from ..mail import address as addresses
from ..mail.envelope import Envelope
from ..mail.message import Message
from ..providers.model import Provider, Providers
from .asked import NOBODY, Asked
from .conversation import NOBODY_ASKED, answered, conversation
from .conversation import mailbox as writing
from .exchangers import classify
from .model import Conversation, Direction, Missing, Recipient, Relation, Sender
from .relation import relation

Judged = tuple[Sender, Direction, tuple[Recipient, ...], tuple[Missing, ...]]


def judge(
    message: Message,
    envelope: Envelope,
    register: Register,
    providers: Providers,
    zone: ZoneInfo,
    asked: Asked = NOBODY,
) -> Judged:
    """Sender, direction, recipients, and which facts about them nobody can know yet."""
    day = envelope.time.astimezone(zone).date()
    from_ = first_from(message)
    mailbox = _mailbox(envelope, from_, register)
    sender, unknown = describe_sender(envelope, from_, mailbox, register, providers, day, asked)
    missing = _unknown_class("/sender", unknown)
    names = display_names(message)
    # Without In-Reply-To or References a mail answers nothing (RFC 5322 §3.6.4); with one, only the snapshot of
    # known correspondence can tell whether it answers something that came in.
    answers = answered(message)
    ours = [one for one in (writing(envelope.sender, envelope.login, from_), sender.agency) if one]
    recipients: list[Recipient] = []
    for index, one in enumerate(envelope.recipients):
        provider, unknown = classify(one.address, providers, asked.exchangers)
        talk = NOBODY_ASKED
        if provider.class_ not in ("official", "government"):
            missing += _unknown_class(f"/recipients/{index}", unknown)
            if asked.correspondents is not None:
                talk = conversation(asked.correspondents, one.address, ours, answers, envelope.time)
            elif answers:
                missing.append(Missing(f"/recipients/{index}/conversation", "no_snapshot"))
        recipients.append(describe_recipient(one.address, provider, names, mailbox, register, talk))
    direction = judge_direction(is_ours(envelope, sender, from_, providers), recipients)
    return sender, direction, tuple(recipients), tuple(missing)


def _unknown_class(who: str, reason: str | None) -> list[Missing]:
    return [] if reason is None else [Missing(f"{who}/class", reason), Missing(f"{who}/family", reason)]


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
    asked: Asked = NOBODY,
) -> tuple[Sender, str | None]:
    """The sender as register, lists and exchangers know him; and why his class is unknown, if it is."""
    shown = envelope.sender or from_ or ""
    provider, unknown = classify(shown, providers, asked.exchangers) if shown else (None, None)
    sender = Sender(
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
    return sender, unknown


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
    address: str,
    provider: Provider,
    names: dict[str, str],
    sender: Mailbox | None,
    register: Register,
    talk: Conversation,
) -> Recipient:
    """One recipient: class and family of its domain, agency and role by the register, whose mailbox it is."""
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
        conversation=talk,
    )


def is_ours(envelope: Envelope, sender: Sender, from_: str | None, providers: Providers) -> bool:
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


def judge_direction(sent_by_us: bool, recipients: list[Recipient]) -> Direction:
    """Ours to official only: internal; ours to another: outbound; not ours to ours: inbound; neither: foreign."""
    official = [one.class_ == "official" for one in recipients]
    if sent_by_us:
        return "internal" if all(official) else "outbound"
    return "inbound" if any(official) else "foreign"
