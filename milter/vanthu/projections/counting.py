"""What one record adds to the metrics: pure, so that the books can be audited (contracts: Metrics).

A message counts once, at its first hop; recipients, forwards and rule hits count where they were judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from ..facts.model import Facts
from ..journal.record import Record
from ..journal.redaction import SUSPECTED
from ..policy.decision import Decision
from .catalogue import EXTERNAL, UNREGISTERED, WITHHELD

Change = tuple[str, tuple[str, ...], float]
"""Metric name, label values in the order of the catalogue, and what is added."""

_DOCUMENT_KIND = re.compile(r"[^\W\d_]{1,8}\Z")
_NOBODY = ""
_FREED = frozenset({"release", "return", "delete"})


def agency_of(facts: Facts) -> str:
    """The agency that a record counts under: the sender's; inbound the first registered recipient's; automatic
    forwards the forwarder's; nobody's where secrecy is suspected."""
    if facts.secrecy.score >= SUSPECTED:
        return WITHHELD
    if facts.forward.kind == "automatic" and facts.forward.agency:
        return facts.forward.agency
    if facts.direction == "inbound":
        return next((one.agency for one in facts.recipients if one.agency), UNREGISTERED)
    if facts.direction == "foreign":
        return EXTERNAL
    return facts.sender.agency or UNREGISTERED


def is_held(decision: Decision) -> bool:
    """Whether the mail stands in Postfix's hold queue: also a challenge that was not asked of anybody, by a reply."""
    return decision.verdict == "hold" or (decision.verdict == "challenge" and decision.reply is None)


def changes(record: Record) -> Iterator[Change]:
    """Everything that a record adds to counters and to ``vanthu_held_messages``."""
    if record.kind == "message" and record.facts is not None and record.decision is not None:
        yield from _message(record.facts, record.decision)
        yield from _enquiries(record.details.get("enquiries"))
    elif record.kind == "hop":
        yield from _enquiries(record.details.get("enquiries"))
    elif record.kind == "failure":
        reason = _word(record.details.get("reason"))
        yield "vanthu_tempfails_total", (reason,), 1
        if reason == "unreadable":  # such a mail is not refused for ever: the third time it is held
            yield "vanthu_held_messages", (), 1
    elif record.kind == "worker" and record.details.get("child", "worker") == "worker":
        yield "vanthu_worker_restarts_total", (_word(record.details.get("reason")),), 1
    elif record.kind == "hold" and record.details.get("action") in _FREED:
        yield "vanthu_held_messages", (), -1


def seconds(record: Record) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """What a record adds to the histograms; timings are milliseconds, and without ``total`` their sum is it."""
    if record.kind != "message" or not record.timings:
        return
    steps = {step: value for step, value in record.timings.items() if step != "total"}
    yield "vanthu_inspection_seconds", (), record.timings.get("total", sum(steps.values())) / 1000
    for step, value in steps.items():
        yield "vanthu_inspection_step_seconds", (step,), value / 1000


def settings(record: Record) -> dict[str, str | float]:
    """What a record sets rather than adds to: ``reload`` (0 or 1), ``policy`` (digest), ``relaxed_until`` (seconds
    since 1970)."""
    if record.kind == "reload":
        ok = bool(record.details.get("ok"))
        policy = record.details.get("policy")
        return {"reload": float(ok)} | ({"policy": policy} if isinstance(policy, str) else {})
    if record.kind == "relax":
        until = record.details.get("until")
        try:
            return {"relaxed_until": datetime.fromisoformat(str(until)).timestamp()}
        except ValueError:
            return {"relaxed_until": 0.0}
    return {}


def _message(facts: Facts, decision: Decision) -> Iterator[Change]:
    agency = agency_of(facts)
    if facts.hop.parent is None:
        yield "vanthu_messages_total", (agency, facts.direction, decision.verdict), 1
        for document in facts.official.documents:
            yield "vanthu_official_documents_total", (agency, facts.direction, _document_kind(document.kind)), 1
        for attachment in facts.attachments:
            if not attachment.inspected:
                yield "vanthu_uninspected_attachments_total", (agency, attachment.reason or "unknown"), 1
        if facts.challenge.status == "valid":
            for rule in facts.challenge.rules:
                yield "vanthu_overrides_total", (agency, rule), 1
    for recipient, verdict in zip(facts.recipients, decision.recipients, strict=False):
        yield "vanthu_recipients_total", (agency, recipient.class_, recipient.family or _NOBODY, verdict), 1
    if facts.forward.kind != "none":
        for class_ in sorted({recipient.class_ for recipient in facts.recipients}):
            yield "vanthu_forwards_total", (agency, facts.forward.kind, class_), 1
    for hit in decision.rules:
        yield "vanthu_rule_hits_total", (agency, hit.id, hit.mode, hit.action), 1
    for unknown in decision.unknown:
        yield "vanthu_rule_unknown_total", (unknown.rule, unknown.reason), 1
    if is_held(decision):
        yield "vanthu_held_messages", (), 1


def _enquiries(made: object) -> Iterable[Change]:
    """``details.enquiries`` is {kind: {result: count}}."""
    if isinstance(made, dict):
        for kind, results in made.items():
            if isinstance(results, dict):
                for result, count in results.items():
                    yield "vanthu_enquiries_total", (_word(kind), _word(result)), float(count)


def _document_kind(kind: str | None) -> str:
    """Codes of Annex III are a few letters; whatever else a reader made of a page must not become a label."""
    return "unknown" if kind is None else kind if _DOCUMENT_KIND.match(kind) else "other"


def _word(value: object) -> str:
    return str(value)[:64] if value is not None else "unknown"
