"""The rows that one line of the journal becomes in the store; pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..facts.model import Document, Facts, Recipient
from ..journal.reader import Line
from ..journal.record import Record
from ..policy.decision import RuleHit
from .counting import agency_of

Row = dict[str, Any]
_NO_FACTS: Row = dict.fromkeys(
    (
        "hop", "hop_parent", "direction", "origin", "agency", "sender", "login", "size", "official_score",
        "forward_kind", "secrecy_level", "secrecy_score",
    )
)  # fmt: skip


def rows(lines: Iterable[Line]) -> dict[str, list[Row]]:
    """Rows by table name, for all lines of a batch; ``open`` and ``close`` lines say nothing that a table needs."""
    found: dict[str, list[Row]] = {"records": [], "recipients": [], "rule_hits": [], "documents": []}
    for line in lines:
        record = line.record
        if record.kind in ("open", "close"):
            continue
        found["records"].append(_record(record, line.raw))
        if record.facts is not None:
            verdicts = record.decision.recipients if record.decision is not None else ()
            found["recipients"] += [
                _recipient(record.id, position, one, verdicts[position] if position < len(verdicts) else None)
                for position, one in enumerate(record.facts.recipients)
            ]
            found["documents"] += [
                _document(record.id, position, one) for position, one in enumerate(record.facts.official.documents)
            ]
        if record.decision is not None:
            found["rule_hits"] += [
                _hit(record.id, position, one) for position, one in enumerate(record.decision.rules)
            ]
    return found


def _record(record: Record, raw: bytes) -> Row:
    decision = record.decision
    return {
        "id": record.id,
        "node": clean(record.node),
        "time": record.time,
        "kind": record.kind,
        "queue_id": clean(record.queue_id),
        "message_id": clean(record.message_id),
        "verdict": decision.verdict if decision is not None else None,
        "shadow": decision.shadow if decision is not None else None,
        "policy": record.digests.policy if record.digests is not None else None,
        "raw": raw.decode(),
        **(_facts(record.facts) if record.facts is not None else _NO_FACTS),
    }


def _facts(facts: Facts) -> Row:
    return {
        "hop": facts.hop.name,
        "hop_parent": facts.hop.parent,
        "direction": facts.direction,
        "origin": facts.origin,
        "agency": agency_of(facts),
        "sender": clean(facts.sender.address),
        "login": clean(facts.login),
        "size": facts.size,
        "official_score": facts.official.score,
        "forward_kind": facts.forward.kind,
        "secrecy_level": facts.secrecy.level,
        "secrecy_score": facts.secrecy.score,
    }


def _recipient(record_id: str, position: int, one: Recipient, verdict: str | None) -> Row:
    return {
        "record_id": record_id,
        "position": position,
        "address": clean(one.address),
        "domain": clean(one.domain),
        "class": one.class_,
        "family": one.family,
        "agency": one.agency,
        "role": one.role,
        "relation": one.relation,
        "verdict": verdict,
    }


def _hit(record_id: str, position: int, hit: RuleHit) -> Row:
    return {
        "record_id": record_id,
        "position": position,
        "rule": hit.id,
        "mode": hit.mode,
        "action": hit.action,
        "recipients": len(hit.recipients),
    }


def _document(record_id: str, position: int, one: Document) -> Row:
    return {
        "record_id": record_id,
        "position": position,
        "where": clean(one.where),
        "name": clean(one.name),
        "number": clean(one.number),
        "year": one.year,
        "symbol": clean(one.symbol),
        "kind": clean(one.kind),
        "issuer": clean(one.issuer),
        "issuer_agency": one.issuer_agency,
        "date": clean(one.date),
        "urgency": one.urgency,
        "circulation": one.circulation,
        "stage": one.stage,
        "own_issue": one.own_issue,
        "signed": one.signed,
        "read_by": one.read_by,
        "score": one.score,
    }


def clean(text: str | None) -> str | None:
    """PostgreSQL takes no NUL in text; mail may hold one anywhere. ``raw`` keeps it (JSON writes it as an escape)."""
    return text.replace("\0", "\ufffd") if text is not None and "\0" in text else text
