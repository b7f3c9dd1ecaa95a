"""JSON Schema (2020-12) of policy files, conditions included: what an editor completes and underlines."""

from __future__ import annotations

from typing import Any

from .conditions import COUNT, DETECTOR_FIELDS, ELEMENT, MESSAGE, QUANTIFIERS, RECIPIENT, Condition
from .shapes import PolicyShape

_TEXT_FORMS = [
    {
        "type": "object",
        "properties": {"matches": {"type": "string"}},
        "required": ["matches"],
        "additionalProperties": False,
    },
    {
        "type": "object",
        "properties": {"list": {"type": "string"}},
        "required": ["list"],
        "additionalProperties": False,
    },
]
_TIME = {
    "type": "object",
    "properties": {side: {"const": "working_hours"} for side in ("inside", "outside")},
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
}


def json_schema() -> dict[str, Any]:
    """The schema of one policy file."""
    schema = PolicyShape.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "vanthu policy file"
    definitions = schema["$defs"]
    definitions["Conditions"] = _conditions()
    for name, conditions in ELEMENT.items():
        definitions[f"Conditions_{name}"] = _scope(conditions, f"Conditions_{name}")
    definitions["Conditions_recipients"] = _counted()
    for definition in definitions.values():
        if "when" in definition.get("properties", {}):
            definition["properties"]["when"] = {"$ref": "#/$defs/Conditions"}
    return schema


def _conditions() -> dict[str, Any]:
    schema = _scope({**MESSAGE, **RECIPIENT}, "Conditions")
    for quantifier, elements in QUANTIFIERS.items():
        schema["properties"][quantifier] = {"$ref": f"#/$defs/Conditions_{elements.name}"}
    schema["properties"][COUNT] = {"$ref": "#/$defs/Conditions_recipients"}
    fields = "|".join(DETECTOR_FIELDS)
    schema["patternProperties"] = {
        rf"^detected\.[a-z][a-z0-9_]*\.({fields})$": _operand("number", (), nullable=False)
    }
    return schema


def _counted() -> dict[str, Any]:
    properties = {path.removeprefix("recipient."): _of(condition) for path, condition in RECIPIENT.items()}
    limits = {end: {"type": "number"} for end in ("min", "max")}
    return {"type": "object", "properties": {**limits, **properties}, "additionalProperties": False}


def _scope(conditions: dict[str, Condition], name: str) -> dict[str, Any]:
    own = {"$ref": f"#/$defs/{name}"}
    several = {"type": "array", "items": own, "minItems": 1}
    properties: dict[str, Any] = {"all": several, "any": several, "not": own}
    properties |= {path: _of(condition) for path, condition in conditions.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _of(condition: Condition) -> dict[str, Any]:
    return {
        "description": condition.meaning,
        **_operand(condition.kind, condition.choices, nullable=condition.nullable),
    }


def _operand(kind: str, choices: tuple[str, ...], *, nullable: bool) -> dict[str, Any]:
    """What may stand to the right of a condition of this kind."""
    if kind == "time":
        return _TIME
    value: dict[str, Any] = {"type": {"flag": "boolean", "number": "number"}.get(kind, "string")}
    if choices:
        value = {"enum": list(choices)}
    one = {"anyOf": [value, {"type": "null"}]} if nullable else value
    forms: list[dict[str, Any]] = [one, {"type": "array", "items": one, "minItems": 1}]
    if kind in ("number", "date"):
        end = {"type": "number" if kind == "number" else "string"}
        forms.append(
            {
                "type": "object",
                "properties": {"min": end, "max": end},
                "minProperties": 1,
                "additionalProperties": False,
            }
        )
    if kind in ("text", "address", "domain", "texts"):
        forms += _TEXT_FORMS
    return {"anyOf": forms}
