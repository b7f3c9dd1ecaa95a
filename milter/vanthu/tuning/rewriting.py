"""Changes keys of one rule in the text of a policy file and leaves every other character as it is. Pure.

The rule is found in the YAML's own node tree; the new text is read again, and must differ in nothing but what was
asked. Raises RewriteError where that cannot be done safely (aliases, comments inside of what is replaced).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import yaml

from ..errors import VanthuError
from ..located import parse

_BEFORE = "when"  # every rule has it; new keys are written in front of it


class RewriteError(VanthuError):
    """This text is to be edited by hand."""


def with_keys(text: str, rule_id: str, changes: Mapping[str, str]) -> str:
    """The text with these keys of the rule, written as YAML flow values."""
    rule = _rule(text, rule_id)
    edits = [edit for key, value in changes.items() for edit in _edits(text, rule, rule_id, key, value)]
    result = text
    for start, end, new in sorted(edits, reverse=True):
        result = result[:start] + new + result[end:]
    _compare(text, result, rule_id, changes)
    return result


def has_rule(text: str, rule_id: str) -> bool:
    """Whether the file has the rule."""
    return any(_id(node) == rule_id for node in _rules(text))


def text_of(text: str, rule_id: str) -> str | None:
    """The lines of a rule as they stand in the file, comments inside included; None where it has no such rule."""
    for node in _rules(text):
        if _id(node) == rule_id:
            start = text.rfind("\n", 0, node.start_mark.index) + 1
            end = text.find("\n", _end(node))
            return text[start : len(text) if end < 0 else end]
    return None


def _edits(
    text: str, rule: yaml.MappingNode, rule_id: str, key: str, value: str
) -> Iterator[tuple[int, int, str]]:  # fmt: skip
    pairs = {str(name.value): (name, node) for name, node in rule.value}
    if key in pairs:
        name, node = pairs[key]
        start, end = name.end_mark.index, _end(node)
        if node.start_mark.index < start:
            raise RewriteError(f"{rule_id}: {key} is an alias (*name); edit it by hand")
        if "#" in text[start:end]:
            raise RewriteError(f"{rule_id}: there are comments inside {key}; edit it by hand")
        yield start, end, f": {value}"
    else:
        place = pairs[_BEFORE][0].start_mark
        newline = "\r\n" if "\r\n" in text else "\n"
        between = ", " if rule.flow_style else newline + " " * place.column
        yield place.index, place.index, f"{key}: {value}{between}"


def _end(node: yaml.Node) -> int:
    """Where the text of a node ends; that of a block collection where its last part does."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _rule(text: str, rule_id: str) -> yaml.MappingNode:
    for node in _rules(text):
        if _id(node) == rule_id:
            if _BEFORE not in {str(name.value) for name, _ in node.value}:
                break
            return node
    raise RewriteError(f"{rule_id}: no such rule in this file")


def _rules(text: str) -> Iterator[yaml.MappingNode]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)  # the pure Python parser: its marks count characters
    for name, node in root.value if isinstance(root, yaml.MappingNode) else ():
        if name.value == "rules" and isinstance(node, yaml.SequenceNode):
            yield from (one for one in node.value if isinstance(one, yaml.MappingNode))


def _id(node: yaml.MappingNode) -> str | None:
    return next((str(value.value) for name, value in node.value if name.value == "id"), None)


def _compare(before: str, after: str, rule_id: str, changes: Mapping[str, str]) -> None:
    """Only what was asked has changed."""
    wanted = deepcopy(_value(before))
    for rule in wanted["rules"]:
        if rule["id"] == rule_id:
            rule.update({key: _value(value) for key, value in changes.items()})
    if _value(after) != wanted:
        raise RewriteError(f"{rule_id}: this file cannot be changed safely; edit it by hand")


def _value(text: str) -> Any:
    return parse(text, "").value
