"""The evidence pack of one decision: what an inspector, a head of office or a court wants to see, in order. Pure.

``parts`` gives (kind, rows): ``heading`` and ``text`` have one cell, ``code`` has one of several lines, ``pairs``
have two a row, a ``grid`` has its heads in the first row. How it looks is for whoever writes it (``reports.pack``).
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from ..facts.model import Document, Facts
from ..journal.redaction import SUSPECTED
from ..policy.model import Language
from .evidence_case import Case, Part, heading, is_hit, joined, local, word
from .evidence_rules import proof, rules, unknown
from .telling_facts import document_number, document_place, found_lines


def title(case: Case, lang: Language, zone: ZoneInfo) -> tuple[str, str]:
    """Title and line below it."""
    facts = case.explanation.facts
    id_ = case.record.id if case.record else case.path
    return word("title", lang), word("about", lang, id=id_, time=local(facts.time, zone))


def parts(case: Case, lang: Language, zone: ZoneInfo) -> Iterator[Part]:
    """The pack, part by part."""
    facts = case.explanation.facts
    yield from _summary(case, facts, lang)
    yield from _who(case, facts, lang, zone)
    yield from _recipients(case, facts, lang)
    yield from _documents(facts, lang)
    yield from rules(case, lang)
    yield from _answer(case, lang)
    yield from unknown(case, facts, lang)
    yield from proof(case, lang)


def _summary(case: Case, facts: Facts, lang: Language) -> Iterator[Part]:
    yield heading("summary", lang)
    hits = [rule for rule in case.explanation.rules if is_hit(rule, case)]
    told = "; ".join(f"{rule.id}: {rule.title.get(lang, rule.id)}" for rule in hits) or word("none", lang)
    yield "pairs", ((word("verdict", lang), case.decision.verdict), (word("rules", lang), told))
    if case.record is not None and facts.secrecy.score >= SUSPECTED:
        yield "text", ((word("redacted", lang),),)


def _who(case: Case, facts: Facts, lang: Language, zone: ZoneInfo) -> Iterator[Part]:
    sender, record = facts.sender, case.record
    yield heading("who", lang)
    rows = {
        "time": local(facts.time, zone),
        "sender": f"{sender.address or '<>'} ({sender.class_})",
        "from": sender.from_ or "",
        "login": facts.login or word("none", lang),
        "agency": joined(sender.agency, sender.role, sender.status if sender.registered else None),
        "client": joined(facts.client.address, facts.client.name),
        "route": joined(facts.direction, facts.origin, facts.hop.name),
        "message_id": joined(record.message_id, record.queue_id) if record else "",
        "subject": facts.subject or "",
    }
    yield "pairs", tuple((word(key, lang), value) for key, value in rows.items() if value)


def _recipients(case: Case, facts: Facts, lang: Language) -> Iterator[Part]:
    yield heading("to", lang)
    rows = [("#", *(word(key, lang) for key in ("address", "class", "because", "relation", "happened")))]
    verdicts = [*case.decision.recipients, *[""] * len(facts.recipients)]
    for number, (one, verdict) in enumerate(zip(facts.recipients, verdicts, strict=False), 1):
        talk = one.conversation
        said = f"{talk.started_by}{', reply' if talk.reply else ''}" if talk.started_by or talk.reply else None
        about = joined(one.class_, one.family), one.because or "", joined(one.relation, said)
        rows.append((str(number), one.address, *about, verdict))
    yield "grid", tuple(rows)


def _documents(facts: Facts, lang: Language) -> Iterator[Part]:
    yield heading("found", lang)
    for document in facts.official.documents:
        yield "pairs", tuple(_document(document, lang))
    if not facts.official.documents:
        yield "text", ((word("no_documents", lang),),)
    more = tuple((line,) for line in found_lines(facts))
    if more:
        yield "pairs", tuple((word("more", lang) if not index else "", line) for index, (line,) in enumerate(more))
    if facts.attachments:
        heads = ("attachments", "name", "type", "sha256", "read")
        rows = [tuple(word(key, lang) if key != "sha256" else "SHA-256" for key in heads)]
        for one in facts.attachments:
            read = word("yes", lang) if one.inspected else word("no", lang, reason=str(one.reason))
            rows.append((one.where, one.name or "", f"{one.type}, {one.size}", one.sha256, read))
        yield "grid", tuple(rows)


def _document(one: Document, lang: Language) -> Iterator[tuple[str, str]]:
    rows = {
        "where": document_place(one, lang),
        "name": one.name or "",
        "number": joined(one.kind, document_number(one), one.date),
        "issuer": joined(one.issuer, one.issuer_agency),
        "abstract": one.abstract or "",
        "addressees": "; ".join(one.addressees),
        "marks": joined(one.stage, one.urgency, one.circulation, "signed" if one.signed else None),
        "read_by": f"{one.read_by}, {one.score:.2f}",
        "elements": "; ".join(one.evidence),
    }
    yield from ((word(key, lang), value) for key, value in rows.items() if value)


def _answer(case: Case, lang: Language) -> Iterator[Part]:
    yield heading("decision", lang)
    yield "pairs", ((word("reply", lang), case.reply or word("no_reply", lang)),)
    for notice in case.notices:
        yield "text", ((word("notice", lang, **{key: notice[key] for key in ("to", "kind", "subject")}),),)
        yield "code", ((notice["text"].rstrip(),),)
    if not case.notices:
        yield "text", ((word("no_notice", lang),),)
