"""Every condition that a rule may ask, declared once: path, scope, type, allowed values, meaning.

Types and values are reflected from the Facts model, so a fact that changes there changes here; ``table`` says which
facts are conditions. ``check`` reads this table for its did-you-mean, ``docs/policy.md`` and the JSON Schema
are generated from it. A path that the model does not have fails at import.
"""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from ..facts import model
from .table import ELEMENT_MEANINGS, MEANINGS, RECIPIENT_MEANINGS

Scope = Literal["message", "recipient", "document", "attachment", "link", "signature"]
Kind = Literal["choice", "flag", "number", "text", "address", "domain", "date", "network", "texts", "time"]

EXPECTED: dict[str, str] = {
    "choice": "one of its values or a list of them",
    "flag": "true or false",
    "number": "a number, a list of numbers or {min, max}",
    "text": "text, a list of texts, {matches: RE2} or {list: NAME}",
    "address": "an address or domain, a list of them, {matches: RE2} or {list: NAME}",
    "domain": "a domain, a list of domains, {matches: RE2} or {list: NAME}",
    "date": "a date, a list of dates or {min, max}",
    "network": "an IP address or network, a list of them",
    "texts": "text that is one of them, a list of texts, {matches: RE2} or {list: NAME}",
    "time": "{inside: working_hours} or {outside: working_hours}",
}
_SPECIAL: dict[str, Kind] = {
    "login": "address",
    "client.address": "network",
    "sender.address": "address",
    "sender.from": "address",
    "forward.by": "address",
    "forward.original.from": "address",
    "address": "address",
    "domain": "domain",
    "document.date": "date",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing to ask: ``attributes`` lead to it in Python, ``pointer`` in JSON, both from the scope's subject."""

    path: str
    scope: Scope
    kind: Kind
    choices: tuple[str, ...]
    nullable: bool
    attributes: str
    pointer: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Elements:
    """A list of facts of which ``any_NAME`` and ``every_NAME`` bind several conditions to one element."""

    name: Scope
    attributes: str
    pointer: str
    struct: type[msgspec.Struct]


ELEMENTS: dict[str, Elements] = {
    "document": Elements("document", "official.documents", "/official/documents", model.Document),
    "attachment": Elements("attachment", "attachments", "/attachments", model.Attachment),
    "link": Elements("link", "links", "/links", model.Link),
    "signature": Elements("signature", "signatures", "/signatures", model.Signature),
}
QUANTIFIERS: dict[str, Elements] = {
    f"{quantifier}_{name}": elements for name, elements in ELEMENTS.items() for quantifier in ("any", "every")
}
OPERATORS = ("all", "any", "not")
COUNT = "recipients.count"
DETECTOR_FIELDS = ("count", "distinct")


def _declare(scope: Scope, root: type[msgspec.Struct], path: str, meaning: str) -> Condition:
    """The condition ``path`` of a Facts struct, its type and values read from there."""
    annotation: Any = root
    attributes: list[str] = []
    for step in path.split("."):
        name = next((f.name for f in msgspec.structs.fields(annotation) if f.encode_name == step), None)
        if name is None:
            raise LookupError(f"the Facts model has no {path}")
        attributes.append(name)
        annotation = typing.get_type_hints(annotation)[name]
    shown = f"recipient.{path}" if scope == "recipient" else path
    special = _SPECIAL.get(f"{scope}.{path}") or _SPECIAL.get(path)
    kind, choices, nullable = _kind(annotation)
    pointer = "/" + path.replace(".", "/")
    return Condition(shown, scope, special or kind, choices, nullable, ".".join(attributes), pointer, meaning)


def _kind(annotation: Any) -> tuple[Kind, tuple[str, ...], bool]:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        inner = [argument for argument in typing.get_args(annotation) if argument is not type(None)]
        kind, choices, _ = _kind(inner[0])
        return kind, choices, True
    if origin is Literal:
        return "choice", typing.get_args(annotation), False
    if origin is tuple:
        return "texts", (), False
    kinds: dict[Any, Kind] = {bool: "flag", int: "number", float: "number", str: "text", datetime: "time"}
    return kinds[annotation], (), False


MESSAGE: dict[str, Condition] = {
    path: _declare("message", model.Facts, path, meaning) for path, meaning in MEANINGS.items()
}
RECIPIENT: dict[str, Condition] = {
    f"recipient.{path}": _declare("recipient", model.Recipient, path, meaning)
    for path, meaning in RECIPIENT_MEANINGS.items()
}
ELEMENT: dict[str, dict[str, Condition]] = {
    name: {path: _declare(elements.name, elements.struct, path, meaning) for path, meaning in meanings.items()}
    for name, elements in ELEMENTS.items()
    for meanings in (ELEMENT_MEANINGS[name],)
}


def markdown() -> str:
    """The table of conditions in docs/policy.md."""
    lines = ["| condition | takes | meaning |", "|---|---|---|"]
    lines += [_row(condition.path, condition) for condition in (*MESSAGE.values(), *RECIPIENT.values())]
    lines.append(f"| `{COUNT}` | `{{min, max}}` and fields of a recipient | how many recipients have these fields |")
    for name in DETECTOR_FIELDS:
        how = "finds" if name == "count" else "different finds"
        lines.append(f"| `detected.NAME.{name}` | {EXPECTED['number']} | {how} of the detector NAME |")
    for name, conditions in ELEMENT.items():
        lines += ["", f"Inside `any_{name}` and `every_{name}`:", "", *lines[:2]]
        lines += [_row(path, condition) for path, condition in conditions.items()]
    return "\n".join(lines) + "\n"


def _row(path: str, condition: Condition) -> str:
    takes = EXPECTED[condition.kind]
    if condition.choices:
        takes = ", ".join(f"`{choice}`" for choice in condition.choices)
    if condition.nullable:
        takes += ", `null`"
    return f"| `{path}` | {takes} | {condition.meaning} |"
