"""Random but well-formed records: what a busy day of several agencies looks like to the journal's readers."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from vanthu.facts.model import (
    Attachment,
    Challenge,
    Client,
    Document,
    Facts,
    Forward,
    Hop,
    Missing,
    Official,
    Original,
    Recipient,
    Secrecy,
    Sender,
)
from vanthu.journal.ids import Ids
from vanthu.journal.record import Digests, Record
from vanthu.policy.decision import Decision, Exempted, RuleHit, Unknown

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
AGENCIES = ("so-y-te", "so-noi-vu", "ubnd-xa-an-phu", None)
CLASSES = (("public", "google"), ("public", "yahoo"), ("official", None), ("government", None), ("other", None))
_ids = Ids()


def facts(**changes: Any) -> Facts:
    """A plain letter from so-y-te to one Gmail address."""
    values: dict[str, Any] = {
        "time": NOON,
        "size": 2048,
        "origin": "submission",
        "direction": "outbound",
        "client": Client("192.0.2.7", None),
        "login": "an@soyte.x.gov.vn",
        "subject": "Báo cáo tuần",
        "sender": Sender(
            "an@soyte.x.gov.vn", "an@soyte.x.gov.vn", True, "official", None, True, "active", "so-y-te", "personal"
        ),
        "recipients": (Recipient("b@gmail.com", "gmail.com", "public", "google", "list google"),),
    }
    return Facts(**(values | changes))


def message(*, time: datetime = NOON, decision: Decision | None = None, node: str = "mx1", **changes: Any) -> Record:
    """A ``message`` record; what is not a field of Record goes to the facts."""
    own = {name: changes.pop(name) for name in ("id", "queue_id", "message_id", "timings") if name in changes}
    known = facts(time=time, **changes)
    return Record(
        **(
            {
                "kind": "message",
                "id": _ids.new(),
                "time": time,
                "node": node,
                "queue_id": "4XyZ0123456789",
                "message_id": "<1@soyte.x.gov.vn>",
                "facts": known,
                "decision": decision or Decision("accept", ("accept",) * len(known.recipients)),
                "digests": Digests(policy="p" * 16, register="r" * 16, lists="l" * 16, recognisers="c" * 16),
                "timings": {"total": 1.5, "facts": 1.0},
            }
            | own
        )
    )


def event(kind: Any, *, time: datetime = NOON, node: str = "mx1", **details: Any) -> Record:
    """A record of another kind."""
    return Record(kind=kind, id=_ids.new(), time=time, node=node, details=details)


def a_day(seed: int, count: int) -> list[Record]:
    """``count`` records in the order of time, the same for a seed but for their ids."""
    chance = random.Random(seed)
    records = []
    for number in range(count):
        time = NOON + timedelta(seconds=number)
        if chance.random() < 0.1:
            records.append(_other(chance, time))
        else:
            records.append(_message(chance, time))
    return records


def _other(chance: random.Random, time: datetime) -> Record:
    kind = chance.choice(["failure", "worker", "reload", "relax", "hold"])
    details: dict[str, dict[str, Any]] = {
        "failure": {"reason": chance.choice(["exception", "memory", "journal"])},
        "worker": {"reason": chance.choice(["recycle", "signal", "reload"]), "event": "ended"},
        "reload": {"ok": chance.random() < 0.7},
        "relax": {"until": (time + timedelta(hours=2)).isoformat()},
        "hold": {"held": chance.randint(0, 9)},
    }
    return event(kind, time=time, **details[kind])


def _message(chance: random.Random, time: datetime) -> Record:
    agency = chance.choice(AGENCIES)
    direction = chance.choice(["outbound", "internal", "inbound", "foreign"])
    recipients = tuple(_recipient(chance, number) for number in range(chance.randint(1, 4)))
    verdicts: tuple[Any, ...] = tuple(chance.choice(["accept", "count", "warn", "strip"]) for _ in recipients)
    hit = RuleHit(
        chance.choice(["official-to-public", "forward-to-public"]),
        chance.choice(["shadow", "enforce"]),
        chance.choice(["warn", "strip", "count"]),
        tuple(range(len(recipients))),
    )
    decision = Decision(
        verdict=chance.choice(verdicts),
        recipients=verdicts,
        rules=(hit,) if chance.random() < 0.6 else (),
        exempted=(Exempted("official-to-public", "hoa-toc", (0,)),) if chance.random() < 0.1 else (),
        unknown=(Unknown("official-to-public", "/official", "timeout"),) if chance.random() < 0.1 else (),
    )
    secret = chance.random() < 0.1
    document = Document(
        "attachment:1",
        "1017.pdf",
        number="1017",
        year=2014,
        symbol="UBND-VX",
        kind=chance.choice(["CV", "QĐ", None]),
        abstract="V/v",
        score=0.9,
    )
    read = chance.random() < 0.8
    return message(
        time=time,
        decision=decision,
        direction=direction,
        login=None if direction in ("inbound", "foreign") else "an@soyte.x.gov.vn",
        origin="outside" if direction in ("inbound", "foreign") else "submission",
        hop=Hop("submission", None if chance.random() < 0.85 else _ids.new()),
        sender=Sender("an@x.gov.vn", agency=agency, registered=agency is not None, class_="official"),
        recipients=recipients,
        official=Official(0.9, (document,)) if chance.random() < 0.4 else Official(),
        forward=Forward(chance.choice(["inline", "attached", "automatic"]), 0.9, original=Original(subject="Mật"))
        if chance.random() < 0.3
        else Forward(),
        secrecy=Secrecy("mat", 0.95, "body", False, ("dấu MẬT",)) if secret else Secrecy(),
        attachments=(
            Attachment(
                "attachment:1", "1017.pdf", "application/pdf", 9, "0" * 64, read, None if read else "encrypted"
            ),
        )
        if chance.random() < 0.5
        else (),
        challenge=Challenge("valid", ("official-to-public",), "gửi gấp") if chance.random() < 0.1 else Challenge(),
        unavailable=(Missing("/recipients/0/class", "dns_timeout"),) if chance.random() < 0.1 else (),
        timings={"total": chance.uniform(0.1, 90.0), "facts": chance.uniform(0.1, 40.0)},
    )


def _recipient(chance: random.Random, number: int) -> Recipient:
    class_, family = chance.choice(CLASSES)
    agency = chance.choice(AGENCIES) if class_ == "official" else None
    return Recipient(f"r{number}@{family or 'so'}.example", "example", class_, family, "list", agency)  # type: ignore[arg-type]
