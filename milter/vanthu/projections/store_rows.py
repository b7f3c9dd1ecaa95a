"""The rows that one line of the journal becomes in the store; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..facts.model import Document, Facts, Recipient
from ..journal.batch import Line
from ..journal.record import Record
from ..journal.redaction import SUSPECTED
from ..policy.decision import Decision, RuleHit
from .counting import agency_of

Row = dict[str, Any]
TABLES = ("records", "recipients", "rule_hits", "documents", "unread", "exempted", "reviews")
"""Tables that lines of the journal become, each after those that it refers to."""

_NO_FACTS: Row = dict.fromkeys(
    (
        "hop", "hop_parent", "direction", "origin", "agency", "sender", "sender_role", "login", "size",
        "official_score", "documents", "signed", "recipients", "offices", "public", "warned", "challenged",
        "stripped", "held", "refused", "forward_kind", "secrecy_level", "secrecy_score", "challenge",
        "challenge_reason", "false_alarm",
    )
)  # fmt: skip
PUBLIC = frozenset(("public", "disposable", "isp", "relay"))
"""Classes of recipients that are counted as public mailboxes."""
_OFFICES = frozenset(("official", "government"))
STOPPED = {"warn": "warned", "challenge": "challenged", "strip": "stripped", "hold": "held", "reject": "refused"}
"""Under which name a recipient at a public mailbox is counted, by verdict."""
_NOBODY = dict.fromkeys(STOPPED.values(), 0)
_TOLD = {"failure": "reason", "hold": "action", "relax": "by", "worker": "reason", "lookup": "by", "review": "by"}
STARTED = "start"
"""``detail`` of the reload with which a daemon begins."""
SIGNS_OF_LIFE = ("message", "failure", "hop", "worker", "reload")
"""Kinds of records that only a running daemon writes; people write the others while it does not run. A ``hop`` is
kept for this alone: on a node that sees nothing but second hops nothing else tells that it was at work."""
_ID_LENGTH = 26
_LONGEST = 500  # characters of what people write


def rows(lines: Iterable[Line]) -> dict[str, list[Row]]:
    """Rows by table name, for all lines of a batch; ``open`` and ``close`` lines say nothing that a table needs."""
    found: dict[str, list[Row]] = {name: [] for name in TABLES}
    for line in lines:
        record = line.record
        if record.kind in ("open", "close"):
            continue
        found["records"].append(_record(record))
        if record.facts is not None:
            _of_facts(found, record.id, record.facts, record.decision)
        if record.decision is not None:
            _of_decision(found, record.id, record.decision)
        if record.kind == "review":
            found["reviews"] += _review(record)
    return found


def _of_facts(found: dict[str, list[Row]], record_id: str, facts: Facts, decision: Decision | None) -> None:
    verdicts = decision.recipients if decision is not None else ()
    found["recipients"] += [
        _recipient(record_id, position, one, verdicts[position] if position < len(verdicts) else None)
        for position, one in enumerate(facts.recipients)
    ]
    found["documents"] += [
        _document(record_id, position, one) for position, one in enumerate(facts.official.documents)
    ]
    found["unread"] += [
        {"record_id": record_id, "position": position, "reason": one.reason or "unknown"}
        for position, one in enumerate(facts.attachments)
        if not one.inspected
    ]


def _of_decision(found: dict[str, list[Row]], record_id: str, decision: Decision) -> None:
    found["rule_hits"] += [_hit(record_id, position, one) for position, one in enumerate(decision.rules)]
    found["exempted"] += [
        {
            "record_id": record_id, "position": position, "rule": one.rule, "exception": one.by,
            "recipients": len(one.recipients),
        }
        for position, one in enumerate(decision.exempted)
    ]  # fmt: skip


def _record(record: Record) -> Row:
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
        "detail": _detail(record),
        "until": _until(record),
        **(_facts(record.facts, decision) if record.facts is not None else _NO_FACTS),
    }


def _detail(record: Record) -> str | None:
    if record.kind == "reload":
        return STARTED if record.details.get("start") is True else None
    value = record.details.get(_TOLD.get(record.kind, ""))
    return clean(value[:_LONGEST]) if isinstance(value, str) else None


def _until(record: Record) -> datetime | None:
    """When a relaxation ends; a time that is none is as if it had ended at once."""
    if record.kind != "relax":
        return None
    try:
        until = datetime.fromisoformat(str(record.details.get("until")))
    except ValueError:
        return record.time
    return until if until.tzinfo is not None else record.time


def _facts(facts: Facts, decision: Decision | None) -> Row:
    challenge = facts.challenge
    secret = facts.secrecy.score >= SUSPECTED
    return {
        "hop": facts.hop.name,
        "hop_parent": facts.hop.parent,
        "direction": facts.direction,
        "origin": facts.origin,
        "agency": agency_of(facts),
        "sender": clean(facts.sender.address),
        "sender_role": facts.sender.role,
        "login": clean(facts.login),
        "size": facts.size,
        "official_score": facts.official.score,
        "documents": len(facts.official.documents),
        "signed": sum(one.signed for one in facts.official.documents),
        "recipients": len(facts.recipients),
        "offices": sum(one.class_ in _OFFICES for one in facts.recipients),
        "public": sum(one.class_ in PUBLIC for one in facts.recipients),
        **_befallen(facts, decision),
        "forward_kind": facts.forward.kind,
        "secrecy_level": facts.secrecy.level,
        "secrecy_score": facts.secrecy.score,
        "challenge": challenge.status,
        "challenge_reason": clean(challenge.reason[:_LONGEST]) if challenge.reason and not secret else None,
        "false_alarm": challenge.false_alarm,
    }


def _befallen(facts: Facts, decision: Decision | None) -> Row:
    """What befell how many public mailboxes."""
    if decision is None or all(verdict == "accept" for verdict in decision.recipients):
        return _NOBODY
    found = dict(_NOBODY)
    for one, verdict in zip(facts.recipients, decision.recipients, strict=False):
        if one.class_ in PUBLIC and verdict in STOPPED:
            found[STOPPED[verdict]] += 1
    return found


def _review(record: Record) -> list[Row]:
    """Nothing of a review that does not say which mail and rule it is about."""
    about, rule, upheld = (record.details.get(name) for name in ("record", "rule", "upheld"))
    if not (isinstance(about, str) and len(about) <= _ID_LENGTH and isinstance(rule, str)):
        return []
    said = upheld if isinstance(upheld, bool) else None
    return [{"record_id": record.id, "position": 0, "about": clean(about), "rule": clean(rule), "upheld": said}]


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
    """PostgreSQL takes no NUL in text; mail may hold one anywhere."""
    return text.replace("\0", "\ufffd") if text is not None and "\0" in text else text
