"""The part of an evidence pack that others can check: the rules as they were written then and what they saw, what was
not known, and where in the journal it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ..facts.model import Facts
from ..policy.model import Language
from .evidence_case import Case, Part, heading, is_hit, word
from .rewriting import text_of
from .telling import rule_lines


def rules(case: Case, lang: Language) -> Iterator[Part]:
    """Every rule that had a part in it, also one that was lifted."""
    for rule in case.explanation.rules:
        if not is_hit(rule, case) and rule.outcome != "lifted":
            continue
        yield heading("rule", lang, id=rule.id)
        rows = [(word("rule_title", lang), rule.title.get(lang, ""))] if rule.title else []
        rows.append((word("mode", lang), f"{rule.mode}, {rule.action}"))
        for basis in rule.bases:
            clause = f"{basis.number}, {basis.clause} ({basis.issuer}, {basis.date}): “{basis.quotation}”"
            rows.append((word("basis", lang), clause))
        yield "pairs", tuple(rows)
        yield from _text_then(case, rule.id, lang)
        yield "text", ((word("conditions", lang),),)
        yield "code", (("\n".join(rule_lines(rule, lang)),),)


def _text_then(case: Case, rule_id: str, lang: Language) -> Iterator[Part]:
    for file, text in (case.texts or {}).items():
        found = text_of(text, rule_id) if file != "bases.yaml" else None
        if found is not None:
            yield "text", ((word("text_then", lang, digest=case.policy, file=file),),)
            yield "code", ((found,),)
            return
    lost = word("text_lost", lang, digest=case.policy, now=case.explanation.policy)
    yield "text", ((lost,),)


def unknown(case: Case, facts: Facts, lang: Language) -> Iterator[Part]:
    yield heading("unknown", lang)
    rows = [(one.fact, one.reason) for one in facts.unavailable]
    rows += [(one.rule, f"{one.fact} ({one.reason})") for one in case.decision.unknown]
    yield ("pairs", tuple(rows)) if rows else ("text", ((word("all_known", lang),),))


def proof(case: Case, lang: Language) -> Iterator[Part]:
    yield heading("chain", lang)
    if case.record is None or case.place is None:
        yield "text", ((word("no_record", lang, path=case.path, sha256=case.sha256),),)
        return
    place = case.place
    said = word("broken", lang, findings="; ".join(place.findings)) if place.findings else ""
    rows = [
        (word("file", lang), f"{place.file}, {place.line}"),
        (word("sha256", lang), place.sha256),
        (word("prev", lang), case.record.prev or word("none", lang)),
        (word("verified", lang), said or word("intact", lang, lines=str(place.lines))),
    ]
    if case.record.digests is not None:
        digests = case.record.digests
        told = ", ".join(f"{name} {getattr(digests, name)}" for name in digests.__struct_fields__)
        rows.append((word("digests", lang), told))
    yield "pairs", tuple(rows)
