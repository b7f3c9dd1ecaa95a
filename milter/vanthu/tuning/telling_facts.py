"""The facts of one mail in short: one line a thing, and only what the mail has."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from ..facts.model import Attachment, Document, Facts, Recipient
from ..policy.model import Language
from .words import word

_LABEL = 14  # columns
_MOST = 30  # recipients or attachments that are listed


def facts_lines(facts: Facts, lang: Language, zone: ZoneInfo) -> Iterator[str]:
    """Label and text of each line."""
    for key, text in _parts(facts, lang, zone):
        label = word(key, lang) if key else ""
        yield f"{label:<{_LABEL}}{text}" if label else f"  {text}"


def _parts(facts: Facts, lang: Language, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    if facts.path is not None:
        yield "mail", facts.path
    yield "time", f"{facts.time.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
    yield "sender", _sender(facts, lang)
    route = [facts.direction, facts.origin or "", facts.hop.name]
    client = facts.client.address or facts.client.name
    yield "direction", ", ".join(filter(None, route)) + (f"; {word('client', lang)} {client}" if client else "")
    if facts.subject is not None:
        yield "subject", facts.subject
    yield "recipients", str(len(facts.recipients))
    for index, recipient in enumerate(facts.recipients[:_MOST], 1):
        yield "", f"{index}. {_recipient(recipient, lang)}"
    if len(facts.recipients) > _MOST:
        yield "", "…"
    yield "official", f"{facts.official.score:.2f}"
    for document in facts.official.documents:
        yield "", _document(document, lang)
    yield from _found(facts)
    if facts.attachments:
        yield "attachments", str(len(facts.attachments))
        for attachment in facts.attachments[:_MOST]:
            yield "", _attachment(attachment, lang)
    if facts.unavailable:
        yield "unavailable", ", ".join(f"{one.fact} ({one.reason})" for one in facts.unavailable)
    if facts.defects:
        yield "defects", ", ".join(facts.defects)


def found_lines(facts: Facts) -> list[str]:
    """What few mails have, without labels: forwards, marks, links, a challenge code; and signatures."""
    signed = [f"{one.kind} signature in {one.where}: {one.status}" for one in facts.signatures]
    return [*(f"{key}: {text}" for key, text in _found(facts)), *signed]


def document_number(one: Document) -> str:
    """Number, year and symbol as people write them."""
    return "/".join(filter(None, (one.number, str(one.year) if one.year else None, one.symbol)))


def _found(facts: Facts) -> Iterator[tuple[str, str]]:
    """What few mails have."""
    forward, secrecy, challenge = facts.forward, facts.secrecy, facts.challenge
    if forward.score > 0:
        original = forward.original
        parts = [forward.kind, f"{forward.score:.2f}", original.from_ and f"{original.from_} ({original.class_})"]
        yield "forward", ", ".join(filter(None, [*parts, forward.by, *forward.evidence]))
    if facts.quoted.class_ is not None:
        yield "quoted", facts.quoted.class_
    if secrecy.score > 0:
        parts = [secrecy.level or "null", f"{secrecy.score:.2f}", secrecy.where, *secrecy.evidence]
        yield "secrecy", ", ".join(filter(None, [*parts, "declassified" if secrecy.declassified else None]))
    if facts.links:
        yield "links", ", ".join(f"{link.class_} ({link.family})" for link in facts.links[:_MOST])
    if any(one.count for one in facts.detected.values()):
        yield "detected", ", ".join(f"{key} {one.count}" for key, one in facts.detected.items() if one.count)
    if challenge.status != "none":
        alarm = "false alarm" if challenge.false_alarm else challenge.reason
        yield "challenge", ", ".join(filter(None, [challenge.status, *challenge.rules, alarm]))


def _sender(facts: Facts, lang: Language) -> str:
    sender = facts.sender
    about = [sender.class_, sender.agency, sender.role, sender.status if sender.registered else None]
    text = f"{sender.address or '<>'} — {', '.join(filter(None, about))}"
    if sender.from_ and sender.from_ != sender.address:
        text += f"; From {sender.from_}"
    return text + (f"; {word('login', lang)} {facts.login}" if facts.login else "")


def _recipient(one: Recipient, lang: Language) -> str:
    about = [one.class_, one.family, one.agency, one.role, None if one.relation == "none" else one.relation]
    talk = one.conversation
    if talk.reply or talk.started_by:
        about.append(f"conversation started {talk.started_by}{', reply' if talk.reply else ''}")
    because = f"; {word('because', lang)} {one.because}" if one.because else ""
    return f"{one.address} — {', '.join(filter(None, about))}{because}"


def document_place(one: Document, lang: Language) -> str:
    """The part of the mail, and the page where the format has pages."""
    return one.where if one.page is None else f"{one.where}, {word('page', lang)} {one.page}"


def _document(one: Document, lang: Language) -> str:
    number = document_number(one)
    about = [one.kind, number, one.date, one.issuer, one.stage, one.urgency, one.circulation]
    abstract = f": “{one.abstract}”" if one.abstract else ""
    evidence = f" [{'; '.join(one.evidence)}]" if one.evidence else ""
    return f"{document_place(one, lang)} {one.score:.2f} — {', '.join(filter(None, about))}{abstract}{evidence}"


def _attachment(one: Attachment, lang: Language) -> str:
    read = word("read", lang) if one.inspected else f"{word('not_read', lang)}: {one.reason}"
    return f"{one.where} {one.name or '-'} ({one.type}, {one.size}) — {read}"
