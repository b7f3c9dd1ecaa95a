"""From the conditions that an operator wrote to shared nodes; every mistake becomes a Problem at its place.

A ``Builder`` serves one policy: equal conditions in any rule of any file become one node (hash-consing), so that a
mail is asked each question once. A condition with a mistake yields None and a problem; building goes on, to find all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, TypeVar

from ..errors import Problem
from ..located import Located, Path
from ..validation import did_you_mean
from . import conditions
from .conditions import COUNT, ELEMENT, MESSAGE, OPERATORS, QUANTIFIERS, RECIPIENT, Condition
from .detectors import Detector
from .hours import Calendar
from .nodes import Count, DetectorLeaf, Each, Group, Leaf, Node, Not
from .operands import Operands, limits
from .predicates import Predicate

N = TypeVar("N", bound=Node)
_MESSAGE_NAMES = (*OPERATORS, *MESSAGE, *RECIPIENT, *QUANTIFIERS, COUNT)


class Builder:
    """Builds nodes of one policy. ``problems`` grows; ``used_lists`` and ``used_detectors`` serve lint."""

    def __init__(
        self, lists: Mapping[str, tuple[str, ...]], detectors: Mapping[str, Detector], calendar: Calendar
    ) -> None:
        self.problems: list[Problem] = []
        self.used_detectors: set[str] = set()
        self.detectors = detectors
        self.operands = Operands(lists, calendar, self.problems)
        self._nodes: dict[tuple[Any, ...], Node] = {}

    def conditions(self, located: Located, path: Path, value: Any, scope: str = "message") -> Node | None:
        """The node of a map of conditions (all of them must hold)."""
        if not isinstance(value, dict):
            self._complain(located, path, "expected conditions, such as {direction: outbound}")
            return None
        nodes = [self._one(located, (*path, name), name, asked, scope) for name, asked in value.items()]
        return self._group("all", nodes)

    def _one(self, located: Located, path: Path, name: str, value: Any, scope: str) -> Node | None:
        if name in OPERATORS:
            return self._operator(located, path, name, value, scope)
        if scope == "message":
            if name in QUANTIFIERS:
                return self._each(located, path, name, value)
            if name == COUNT:
                return self._count(located, path, value)
            if name.startswith("detected."):
                return self._detector(located, path, name, value)
        condition = _table(scope).get(name)
        if condition is None:
            self._unknown(located, path, name, scope)
            return None
        predicate = self.operands.predicate(located, path, condition, value)
        return None if predicate is None else self._leaf(condition, predicate)

    def _operator(self, located: Located, path: Path, name: str, value: Any, scope: str) -> Node | None:
        if name == "not":
            child = self.conditions(located, path, value, scope)
            if isinstance(value, dict) and not value:
                self._complain(located, path, "not: say what must not hold")
            return None if child is None else self._share(("not", child.number), lambda n: Not(n, child))
        if not isinstance(value, list) or not value:
            self._complain(located, path, f"{name}: expected a list of conditions, such as [{{…}}, {{…}}]")
            return None
        nodes = [self.conditions(located, (*path, index), part, scope) for index, part in enumerate(value)]
        return self._group(name, nodes)

    def _each(self, located: Located, path: Path, name: str, value: Any) -> Node | None:
        elements = QUANTIFIERS[name]
        child = self.conditions(located, path, value, elements.name)
        if child is None:
            return None
        every = name.startswith("every_")
        read = attrgetter(f"facts.{elements.attributes}")
        return self._share(
            ("each", name, child.number), lambda number: Each(number, elements, child, read, every=every)
        )

    def _count(self, located: Located, path: Path, value: Any) -> Node | None:
        if not isinstance(value, dict) or not {"min", "max"} & value.keys():
            self._complain(located, path, f"{COUNT}: expected {{class: …, min: N}}; min or max is needed")
            return None
        between = limits(located, path, {k: v for k, v in value.items() if k in ("min", "max")}, self.problems)
        asked = {name: part for name, part in value.items() if name not in ("min", "max")}
        nodes = [self._one(located, (*path, name), name, part, "counted") for name, part in asked.items()]
        child = self._group("all", nodes)
        if child is None or between is None:
            return None
        return self._share(("count", child.number, between), lambda number: Count(number, child, between))

    def _detector(self, located: Located, path: Path, name: str, value: Any) -> Node | None:
        parts = name.split(".")
        known = self.detectors.get(parts[1])
        if known is None:
            hint = did_you_mean(parts[1], self.detectors)
            self._complain(located, path, f"no detector is named {parts[1]}{hint}", at_key=True)
            return None
        self.used_detectors.add(parts[1])
        field = ".".join(parts[2:])
        if field not in conditions.DETECTOR_FIELDS:
            hint = did_you_mean(field, conditions.DETECTOR_FIELDS)
            self._complain(located, path, f"a detector has no {field or 'such field'}{hint}", at_key=True)
            return None
        condition = Condition(name, "message", "number", (), False, "", "", "")
        predicate = self.operands.predicate(located, path, condition, value)
        if predicate is None:
            return None
        return self._share(
            ("detected", known.key, field, predicate), lambda n: DetectorLeaf(n, known.key, field, predicate)
        )

    def _leaf(self, condition: Condition, predicate: Predicate) -> Leaf:
        subject = {"message": "facts", "recipient": "recipient"}.get(condition.scope, "element")
        read = attrgetter(f"{subject}.{condition.attributes}")
        key = ("leaf", condition.scope, condition.path, predicate)
        return self._share(key, lambda number: Leaf(number, condition, predicate, read))

    def _group(self, kind: str, nodes: list[Node | None]) -> Node | None:
        """Nodes joined: those of the same kind are flattened, equal ones dropped, a single one stands for itself."""
        whole: dict[int, Node] = {}
        for node in nodes:
            if node is None:
                return None
            inner = node.children if isinstance(node, Group) and node.kind == kind else (node,)
            whole.update((child.number, child) for child in inner)
        children = [whole[number] for number in sorted(whole)]
        if len(children) == 1:
            return children[0]
        return self._share((kind, *sorted(whole)), lambda number: Group(number, kind, children))

    def _share(self, key: tuple[Any, ...], make: Callable[[int], N]) -> N:
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = make(len(self._nodes))
        elif not node.per_element:
            node.shared = True
        return node  # type: ignore[return-value]

    def _unknown(self, located: Located, path: Path, name: str, scope: str) -> None:
        if scope == "message":
            names = [*_MESSAGE_NAMES, *(f"detected.{d}.{f}" for d in self.detectors for f in ("count", "distinct"))]
            longer = [one for one in names if one.endswith(f".{name}")]
            hint = f"; write {' or '.join(longer)}" if longer else did_you_mean(name, names)
            self._complain(located, path, f"unknown condition {name}{hint}", at_key=True)
        else:
            what = "recipient" if scope == "counted" else scope
            names = [*OPERATORS, *_table(scope)]
            self._complain(located, path, f"{what}: no condition {name}{did_you_mean(name, names)}", at_key=True)

    def _complain(self, located: Located, path: Path, message: str, *, at_key: bool = False) -> None:
        self.problems.append(located.problem(path, message, at_key=at_key))


_COUNTED = {name.removeprefix("recipient."): condition for name, condition in RECIPIENT.items()}
_BOTH = {**MESSAGE, **RECIPIENT}


def _table(scope: str) -> Mapping[str, Condition]:
    if scope == "message":
        return _BOTH
    return _COUNTED if scope == "counted" else ELEMENT[scope]
