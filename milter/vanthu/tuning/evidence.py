"""The evidence pack of one decision: what an inspector, a head of office or a court wants to see, in order. Pure.

``parts`` gives (kind, rows): ``heading`` and ``text`` have one cell, ``code`` has one of several lines, ``pairs``
have two a row, a ``grid`` has its heads in the first row. How it looks is for whoever writes it (``reports.pack``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from ..facts.model import Document, Facts
from ..journal.record import Record
from ..journal.redaction import SUSPECTED
from ..policy.decision import Decision
from ..policy.model import Language
from .evidence_words import WORDS
from .explanation import Explanation, RuleTrace
from .recorded import Place
from .rewriting import text_of
from .telling import rule_lines
from .telling_facts import document_number, found_lines

Kind = Literal["heading", "text", "code", "pairs", "grid"]
Part = tuple[Kind, tuple[tuple[str, ...], ...]]


class Case(Struct, frozen=True):
    """Everything that the pack tells. ``texts`` are the policy files of then, None where they are lost; of a message
    that was judged for this pack there is no record and no place, but a path and a digest."""

    explanation: Explanation
    decision: Decision
    reply: str | None
    notices: tuple[dict[str, str], ...]
    texts: Mapping[str, str] | None
    policy: str
    record: Record | None = None
    place: Place | None = None
    path: str = ""
    sha256: str = ""


def title(case: Case, lang: Language, zone: ZoneInfo) -> tuple[str, str]:
    """Title and line below it."""
    facts = case.explanation.facts
    id_ = case.record.id if case.record else case.path
    return _word("title", lang), _word("about", lang, id=id_, time=_time(facts.time, zone))


def parts(case: Case, lang: Language, zone: ZoneInfo) -> Iterator[Part]:
    """The pack, part by part."""
    facts = case.explanation.facts
    yield from _summary(case, facts, lang)
    yield from _who(case, facts, lang, zone)
    yield from _recipients(case, facts, lang)
    yield from _documents(facts, lang)
    yield from _rules(case, lang)
    yield from _answer(case, lang)
    yield from _unknown(case, facts, lang)
    yield from _proof(case, lang)


def _summary(case: Case, facts: Facts, lang: Language) -> Iterator[Part]:
    yield _heading("summary", lang)
    hits = [rule for rule in case.explanation.rules if _is_hit(rule, case)]
    told = "; ".join(f"{rule.id}: {rule.title.get(lang, rule.id)}" for rule in hits) or _word("none", lang)
    yield "pairs", ((_word("verdict", lang), case.decision.verdict), (_word("rules", lang), told))
    if case.record is not None and facts.secrecy.score >= SUSPECTED:
        yield "text", ((_word("redacted", lang),),)


def _who(case: Case, facts: Facts, lang: Language, zone: ZoneInfo) -> Iterator[Part]:
    sender, record = facts.sender, case.record
    yield _heading("who", lang)
    rows = {
        "time": _time(facts.time, zone),
        "sender": f"{sender.address or '<>'} ({sender.class_})",
        "from": sender.from_ or "",
        "login": facts.login or _word("none", lang),
        "agency": _joined(sender.agency, sender.role, sender.status if sender.registered else None),
        "client": _joined(facts.client.address, facts.client.name),
        "route": _joined(facts.direction, facts.origin, facts.hop.name),
        "message_id": _joined(record.message_id, record.queue_id) if record else "",
        "subject": facts.subject or "",
    }
    yield "pairs", tuple((_word(key, lang), value) for key, value in rows.items() if value)


def _recipients(case: Case, facts: Facts, lang: Language) -> Iterator[Part]:
    yield _heading("to", lang)
    rows = [("#", *(_word(key, lang) for key in ("address", "class", "because", "relation", "happened")))]
    verdicts = [*case.decision.recipients, *[""] * len(facts.recipients)]
    for number, (one, verdict) in enumerate(zip(facts.recipients, verdicts, strict=False), 1):
        talk = one.conversation
        said = f"{talk.started_by}{', reply' if talk.reply else ''}" if talk.started_by or talk.reply else None
        about = _joined(one.class_, one.family), one.because or "", _joined(one.relation, said)
        rows.append((str(number), one.address, *about, verdict))
    yield "grid", tuple(rows)


def _documents(facts: Facts, lang: Language) -> Iterator[Part]:
    yield _heading("found", lang)
    for document in facts.official.documents:
        yield "pairs", tuple(_document(document, lang))
    if not facts.official.documents:
        yield "text", ((_word("no_documents", lang),),)
    more = tuple((line,) for line in found_lines(facts))
    if more:
        yield "pairs", tuple((_word("more", lang) if not index else "", line) for index, (line,) in enumerate(more))
    if facts.attachments:
        heads = ("attachments", "name", "type", "sha256", "read")
        rows = [tuple(_word(key, lang) if key != "sha256" else "SHA-256" for key in heads)]
        for one in facts.attachments:
            read = _word("yes", lang) if one.inspected else _word("no", lang, reason=str(one.reason))
            rows.append((one.where, one.name or "", f"{one.type}, {one.size}", one.sha256, read))
        yield "grid", tuple(rows)


def _document(one: Document, lang: Language) -> Iterator[tuple[str, str]]:
    rows = {
        "where": one.where,
        "name": one.name or "",
        "number": _joined(one.kind, document_number(one), one.date),
        "issuer": _joined(one.issuer, one.issuer_agency),
        "abstract": one.abstract or "",
        "addressees": "; ".join(one.addressees),
        "marks": _joined(one.stage, one.urgency, one.circulation, "signed" if one.signed else None),
        "read_by": f"{one.read_by}, {one.score:.2f}",
        "elements": "; ".join(one.evidence),
    }
    yield from ((_word(key, lang), value) for key, value in rows.items() if value)


def _rules(case: Case, lang: Language) -> Iterator[Part]:
    """Every rule that had a part in it, also one that was lifted."""
    for rule in case.explanation.rules:
        if not _is_hit(rule, case) and rule.outcome != "lifted":
            continue
        yield _heading("rule", lang, id=rule.id)
        rows = [(_word("rule_title", lang), rule.title.get(lang, ""))] if rule.title else []
        rows.append((_word("mode", lang), f"{rule.mode}, {rule.action}"))
        for basis in rule.bases:
            clause = f"{basis.number}, {basis.clause} ({basis.issuer}, {basis.date}): “{basis.quotation}”"
            rows.append((_word("basis", lang), clause))
        yield "pairs", tuple(rows)
        yield from _text_then(case, rule.id, lang)
        yield "text", ((_word("conditions", lang),),)
        yield "code", (("\n".join(rule_lines(rule, lang)),),)


def _text_then(case: Case, rule_id: str, lang: Language) -> Iterator[Part]:
    for file, text in (case.texts or {}).items():
        found = text_of(text, rule_id) if file != "bases.yaml" else None
        if found is not None:
            yield "text", ((_word("text_then", lang, digest=case.policy, file=file),),)
            yield "code", ((found,),)
            return
    lost = _word("text_lost", lang, digest=case.policy, now=case.explanation.policy)
    yield "text", ((lost,),)


def _answer(case: Case, lang: Language) -> Iterator[Part]:
    yield _heading("decision", lang)
    yield "pairs", ((_word("reply", lang), case.reply or _word("no_reply", lang)),)
    for notice in case.notices:
        yield "text", ((_word("notice", lang, **{key: notice[key] for key in ("to", "kind", "subject")}),),)
        yield "code", ((notice["text"].rstrip(),),)
    if not case.notices:
        yield "text", ((_word("no_notice", lang),),)


def _unknown(case: Case, facts: Facts, lang: Language) -> Iterator[Part]:
    yield _heading("unknown", lang)
    rows = [(one.fact, one.reason) for one in facts.unavailable]
    rows += [(one.rule, f"{one.fact} ({one.reason})") for one in case.decision.unknown]
    yield ("pairs", tuple(rows)) if rows else ("text", ((_word("all_known", lang),),))


def _proof(case: Case, lang: Language) -> Iterator[Part]:
    yield _heading("chain", lang)
    if case.record is None or case.place is None:
        yield "text", ((_word("no_record", lang, path=case.path, sha256=case.sha256),),)
        return
    place = case.place
    said = _word("broken", lang, findings="; ".join(place.findings)) if place.findings else ""
    rows = [
        (_word("file", lang), f"{place.file}, {place.line}"),
        (_word("sha256", lang), place.sha256),
        (_word("prev", lang), case.record.prev or _word("none", lang)),
        (_word("verified", lang), said or _word("intact", lang, lines=str(place.lines))),
    ]
    if case.record.digests is not None:
        digests = case.record.digests
        told = ", ".join(f"{name} {getattr(digests, name)}" for name in digests.__struct_fields__)
        rows.append((_word("digests", lang), told))
    yield "pairs", tuple(rows)


def _is_hit(rule: RuleTrace, case: Case) -> bool:
    """Whether the decision that is explained lists it, in force or in shadow."""
    return any(hit.id == rule.id for hit in case.decision.rules)


def _heading(key: str, lang: Language, **values: str) -> Part:
    return "heading", ((_word(key, lang, **values),),)


def _word(key: str, lang: Language, **values: str) -> str:
    text = WORDS[key][0 if lang == "vi" else 1]
    return text.format(**values) if values else text


def _joined(*values: str | None) -> str:
    return ", ".join(filter(None, values))


def _time(time: datetime, zone: ZoneInfo) -> str:
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
