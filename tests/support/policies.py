"""Policies from text or values, and facts in short form, for tests of policy."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from vanthu.facts.model import Document, Facts, Official, Recipient, Sender
from vanthu.policy.load import Loaded, PolicyContext, load

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # a Monday, 10:00 in Vietnam
CONTEXT = PolicyContext(installation="demo", today=date(2026, 11, 23))
TITLE = {"vi": "Thử", "en": "Trial"}
LIFT = {"reason": "why", "owner": "attt@x.gov.vn", "expires": date(2027, 6, 30)}
BASES = {
    "version": 1,
    "bases": {
        "b": {
            "number": "1/UBND",
            "issuer": "UBND",
            "date": "2018-07-30",
            "clause": "1",
            "quotation": "q",
            "valid_from": "2018-07-30",
            "binds": ["all"],
        }
    },
}

OFFICE = Recipient("vanthu@sonoivu.x.gov.vn", "sonoivu.x.gov.vn", class_="official", role="agency")
GMAIL = Recipient("b@gmail.com", "gmail.com", class_="public", family="google")
YAHOO = Recipient("c@yahoo.com", "yahoo.com", class_="public", family="yahoo")
OWN = Recipient("an@gmail.com", "gmail.com", class_="public", relation="self_declared")
SENDER = Sender("a@x.gov.vn", class_="official", registered=True, status="active", agency="so-y-te", role="personal")


def loaded(*files: Mapping[str, Any], context: PolicyContext = CONTEXT) -> Loaded:
    """Loads files given as values; YAML reads JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for index, content in enumerate(files):
            (folder / f"{index}.yaml").write_text(json.dumps(content, default=str), "utf-8")
        (folder / "bases.yaml").write_text(json.dumps(BASES), "utf-8")
        return load(folder, context)


def rule(id_: str, when: Mapping[str, Any], action: str, **keys: Any) -> dict[str, Any]:
    """A rule as written; enforced unless told otherwise."""
    return {"id": id_, "title": TITLE, "basis": ["b"], "mode": "enforce", "when": when, "action": action, **keys}


# What a rule of ``province_rules`` looks for, in turn.
_SHAPES: list[dict[str, Any]] = [
    {"recipient.class": ["public", "relay"], "official.score": {"min": 0.8}},
    {"secrecy.level": ["mat", "toi_mat", "tuyet_mat"]},
    {"any_attachment": {"reason": "encrypted"}, "recipient.class": "public"},
    {"direction": "inbound", "sender.class": "public"},
    {"any_document": {"circulation": "recall"}, "not": {"recipient.class": "official"}},
]


def province_rules(count: int) -> list[dict[str, Any]]:
    """``count`` rules of five shapes: ten for all, the others each for a place of its own, as a province has them."""
    return [
        rule(f"r{i}", {**_SHAPES[i % 5], "sender.agency": f"co-quan-{i}"} if i >= 10 else _SHAPES[i % 5], "warn")
        for i in range(count)
    ]


def unless(id_: str, when: Mapping[str, Any], **keys: Any) -> dict[str, Any]:
    """An ``unless`` entry (an exception, with ``applies_to``)."""
    return {"id": id_, "when": when, **LIFT, **keys}


def policy_of(*rules: Mapping[str, Any], **keys: Any) -> Any:
    """The compiled policy of these rules."""
    return loaded({"version": 1, "rules": list(rules), **keys}).policy


def mail(*recipients: Recipient, score: float = 0.0, document: Document | None = None, **keys: Any) -> Facts:
    """Facts of an outbound mail; ``score`` gives it an official document."""
    documents = (document or Document("body", score=score),) if score >= 0.5 or document else ()
    values: dict[str, Any] = {
        "time": NOW,
        "size": 2000,
        "direction": "outbound",
        "login": "a",
        "sender": SENDER,
        "recipients": recipients,
        "official": Official(score or (0.9 if document else 0.0), documents),
    }
    return Facts(**{**values, **keys})
