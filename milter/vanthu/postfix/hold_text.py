"""How held mail is told: a line for the list, a page for one mail, JSON for programs. Pure; no content of a mail.

What comes from mail is shown without control characters, so that it cannot move the reader's cursor.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ..facts.model import Facts
from ..harmless import printable
from ..policy.decision import Decision
from .holdings import Holding
from .requests import Request

_DONE = {"release": "released", "return": "returned", "delete": "deleted"}


def age(span: timedelta) -> str:
    """Minutes, hours or days, whichever says enough."""
    minutes = max(int(span.total_seconds()) // 60, 0)
    if minutes < 120:
        return f"{minutes}m"
    return f"{minutes // 60}h" if minutes < 48 * 60 else f"{minutes // 1440}d"


def entry(one: Holding, now: datetime) -> dict[str, Any]:
    """One mail for the list in JSON."""
    return {
        "queue_id": one.held.queue_id,
        "instance": one.at.name,
        "since": one.held.arrival.isoformat().replace("+00:00", "Z"),
        "age_seconds": int((now - one.held.arrival).total_seconds()),
        "sender": one.held.sender,
        "recipients": len(one.held.recipients),
        "size": one.held.size,
        "rules": list(one.rules),
        "agency": one.agency,
        "record": one.record.id if one.record is not None else None,
    }


def line(one: Holding, now: datetime, *, several: bool) -> str:
    """One mail for the list in text, with its instance where there are ``several``."""
    count = len(one.held.recipients)
    words = (
        *((one.at.name,) if several else ()),
        one.held.queue_id,
        age(now - one.held.arrival),
        f"<{one.held.sender}>",
        f"{count} recipient{'s' if count != 1 else ''}",
        " ".join(one.rules) or "not held by vanthu",
        one.agency or "-",
    )
    return "  ".join(map(printable, words))


def whole(one: Holding, request: Request | None, now: datetime) -> dict[str, Any]:
    """One mail with everything that is known, as JSON values."""
    record = one.record
    told: dict[str, Any] = {
        "facts": record.facts if record is not None else None,
        "decision": record.decision if record is not None else None,
        "details": record.details if record is not None else {},
        "request": request,
    }
    plain: dict[str, Any] = msgspec.to_builtins(told)
    return entry(one, now) | {"recipient_addresses": list(one.held.recipients)} | plain


def page(one: Holding, request: Request | None, now: datetime) -> str:
    """One mail for a person who has to decide."""
    rows = [
        ("queue id", one.held.queue_id),
        ("instance", one.at.name),
        ("on hold since", f"{one.held.arrival:%Y-%m-%d %H:%M} UTC ({age(now - one.held.arrival)})"),
        ("size", f"{one.held.size} bytes"),
        ("sender", f"<{one.held.sender}>"),
    ]
    if one.record is None:
        rows += [("recipient", f"<{address}>") for address in one.held.recipients]
        rows.append(("why", "vanthu's journal on this node knows nothing of it: somebody else put it on hold"))
    else:
        rows += [("record", one.record.id), ("why", " ".join(one.rules) or "-")]
        if one.record.facts is not None and one.record.decision is not None:
            rows += _facts(one.record.facts, one.record.decision)
        rows.append(("more", f"vanthu explain --record {one.record.id}"))
    if request is not None:
        rows.append(
            ("asked for", f"{request.verb} by {request.by} ({request.time:%Y-%m-%d %H:%M} UTC): {request.why}")
        )
    return "\n".join(f"{name:<15}{printable(value)}" for name, value in rows)


def outcome(verb: str, queue_id: str, result: str) -> str:
    """What became of one mail."""
    if result == "done":
        return f"{queue_id}: {_DONE[verb]}"
    if result == "asked":
        return f"{queue_id}: noted; a second person has to confirm with the same command"
    return printable(result)


def _facts(facts: Facts, decision: Decision) -> Iterator[tuple[str, str]]:
    yield "from", f"{facts.sender.from_ or '-'}, login {facts.login or '-'}, agency {facts.sender.agency or '-'}"
    for recipient, verdict in zip(facts.recipients, decision.recipients, strict=False):
        yield "recipient", f"<{recipient.address}> {recipient.class_} {recipient.family or ''} {verdict}"
    if facts.forward.kind != "none":
        yield "forward", f"{facts.forward.kind}, score {facts.forward.score:.2f}"
    for document in facts.official.documents:
        number = "/".join(part for part in (document.number, document.symbol) if part) or "no number"
        page = "" if document.page is None else f", page {document.page}"
        yield "document", f"{number} {document.kind or ''} {document.date or ''} in {document.where}{page}"
    if facts.secrecy.score:
        yield "secrecy", f"{facts.secrecy.level or 'no mark'}, score {facts.secrecy.score:.2f}"
    for attachment in facts.attachments:
        read = "read" if attachment.inspected else f"not read: {attachment.reason}"
        yield "attachment", f"{attachment.name or attachment.where} {attachment.type} {attachment.size} bytes, {read}"
    for missing in facts.unavailable:
        yield "unknown", f"{missing.fact}: {missing.reason}"
