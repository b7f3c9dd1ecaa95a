"""The JSON Schema knows every key and condition, and refers to nothing that is not there."""

from __future__ import annotations

import json
import re

from vanthu.policy.conditions import ELEMENT, MESSAGE, QUANTIFIERS, RECIPIENT
from vanthu.policy.schema import json_schema
from vanthu.policy.shapes import PolicyShape, RuleShape

SCHEMA = json_schema()


def test_every_reference_is_there() -> None:
    for name in re.findall(r'"#/\$defs/([^"]+)"', json.dumps(SCHEMA)):
        assert name in SCHEMA["$defs"]


def test_every_key_and_condition_is_offered() -> None:
    assert set(SCHEMA["properties"]) == set(PolicyShape.model_fields)
    assert set(SCHEMA["$defs"]["RuleShape"]["properties"]) == set(RuleShape.model_fields)
    offered = SCHEMA["$defs"]["Conditions"]["properties"]
    assert {*MESSAGE, *RECIPIENT, *QUANTIFIERS, "all", "any", "not", "recipients.count"} == set(offered)
    for name, conditions in ELEMENT.items():
        assert set(conditions) <= set(SCHEMA["$defs"][f"Conditions_{name}"]["properties"])


def test_values_are_those_of_the_facts() -> None:
    direction = SCHEMA["$defs"]["Conditions"]["properties"]["direction"]["anyOf"][0]
    assert direction == {"enum": ["outbound", "internal", "inbound", "foreign"]}
    for section in ("RuleShape", "UnlessShape", "ExceptionShape"):
        assert SCHEMA["$defs"][section]["properties"]["when"] == {"$ref": "#/$defs/Conditions"}
