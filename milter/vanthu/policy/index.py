"""Which rules can possibly hold for a mail, found without asking them: a thousand rules cost about what ten do.

Rules (batches of rules with one ``when``) are bits of an integer. For each fact that some rule demands as part of
``all`` (``recipient.class: public``, ``official.score: {min: 0.8}``, ``any_document: {…}``) a table tells from the
value which rules remain; the tables' answers are and-ed. A table only ever drops rules whose ``when`` is certainly
False, so the index changes no decision: what a table cannot see (patterns, ``any``, most of ``not``) stays in, and a
table whose fact is unavailable is not asked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from ..facts.model import Facts
from .nodes import Count, DetectorLeaf, Each, Group, Leaf, Node, Not
from .predicates import Between, OneOf, Predicate, plain_tokens

Key = tuple[str, str]
_REMEMBERED, _SHORT = 2000, 80  # texts, and characters of one
_EVERY_ELEMENT = OneOf(frozenset((True,)), plain_tokens)


class Index:
    """Tables over the ``when`` of rules in order."""

    __slots__ = ("_all", "_tables")

    def __init__(self, whens: Sequence[Node]) -> None:
        self._all = (1 << len(whens)) - 1
        tables: dict[Key, _Table] = {}
        for number, when in enumerate(whens):
            seen: set[Key] = set()
            for key, subjects, read, predicate in _guards(when):
                if key in seen or not isinstance(predicate, OneOf | Between):
                    continue
                if isinstance(predicate, Between) and (predicate.low is None or subjects is not None):
                    continue
                table = tables.setdefault(key, _Table(key, subjects, read))
                if table.add(1 << number, predicate):
                    seen.add(key)
        ordered = sorted(tables.values(), key=lambda table: (-table.guarded.bit_count(), table.key))
        self._tables = tuple(table.close(self._all) for table in ordered)

    def candidates(self, facts: Facts) -> Iterator[int]:
        """Positions of the rules that may hold or be unknown, in order."""
        alive = self._all
        unavailable = facts.unavailable
        hidden = {[*missing.fact.split("/", 2), ""][1] for missing in unavailable} if unavailable else None
        for table in self._tables:
            if not alive & table.guarded or (hidden and (table.root in hidden or "" in hidden)):
                continue
            alive &= table.alive(facts)
            if not alive:
                return
        while alive:
            lowest = alive & -alive
            yield lowest.bit_length() - 1
            alive ^= lowest


class _Table:
    """Which rules remain for the values of one fact (``subjects``: of one fact in each element of a list)."""

    __slots__ = (
        "_known", "_lows", "_plain", "_remain", "_tokens", "_tokens_of", "free", "guarded", "key", "read",
        "root", "subjects",
    )  # fmt: skip

    def __init__(
        self, key: Key, subjects: Callable[[Facts], Sequence[Any]] | None, read: Callable[[Any], Any]
    ) -> None:
        self.key = key
        self.root = key[0] if subjects else key[1].split("/", 2)[1]
        self.subjects = subjects
        self.read = read
        self.guarded = 0
        self.free = 0
        self._tokens: dict[Any, int] = {}
        self._tokens_of: Callable[[Any], tuple[Any, ...]] = plain_tokens
        self._plain: dict[Any, int] | None = None  # where values stand for themselves: what each leaves
        self._known: dict[str, int] = {}  # what short texts leave (ids of agencies): folding them costs more
        self._lows: list[tuple[Any, int]] = []
        self._remain: list[int] = []

    def add(self, rule: int, predicate: OneOf | Between) -> bool:
        """Guard a rule by a predicate; False if this table holds guards of another form already."""
        if isinstance(predicate, OneOf):
            if self._lows:
                return False
            self._tokens_of = predicate.tokens_of
            for token in predicate.tokens:
                self._tokens[token] = self._tokens.get(token, 0) | rule
        else:
            if self._tokens:
                return False
            self._lows.append((predicate.low, rule))
        self.guarded |= rule
        return True

    def close(self, everything: int) -> _Table:
        """Ready to be asked."""
        self.free = everything & ~self.guarded
        self._lows.sort()
        self._remain = [self.free]
        for _, rule in self._lows:
            self._remain.append(self._remain[-1] | rule)
        self._lows = [low for low, _ in self._lows]
        if self._tokens_of is plain_tokens:
            self._plain = {token: self.free | rules for token, rules in self._tokens.items()}
        return self

    def alive(self, facts: Facts) -> int:
        """The rules that the values leave."""
        plain, read = self._plain, self.read
        if self.subjects is None:
            value = read(facts)
            if self._lows:
                return self.free if value is None else self._remain[bisect_right(self._lows, value)]
            return self._of_text(value) if plain is None else plain.get(value, self.free)
        if plain is None:
            return self._found(map(read, self.subjects(facts)))
        alive = free = self.free
        for one in self.subjects(facts):
            alive |= plain.get(read(one), free)
        return alive

    def _of_text(self, value: Any) -> int:
        if not isinstance(value, str) or len(value) > _SHORT:
            return self._found((value,))
        alive = self._known.get(value)
        if alive is None:
            alive = self._found((value,))
            if len(self._known) < _REMEMBERED:
                self._known[value] = alive
        return alive

    def _found(self, values: Any) -> int:
        alive = self.free
        tokens, tokens_of = self._tokens, self._tokens_of
        for value in values:
            for token in tokens_of(value):
                alive |= tokens.get(token, 0)
        return alive


Guard = tuple[Key, Callable[[Facts], Sequence[Any]] | None, Callable[[Any], Any], Predicate]


def _guards(node: Node) -> Iterator[Guard]:
    """What must hold for ``node`` to hold: facts of the mail, or of at least one element of a list."""
    if isinstance(node, Group) and node.kind == "all":
        for child in node.children:
            yield from _guards(child)
    elif isinstance(node, Leaf) and node.condition.scope == "message":
        condition = node.condition
        yield ("", condition.pointer), None, attrgetter(condition.attributes), node.predicate
    elif isinstance(node, Leaf) and node.condition.scope == "recipient":
        yield _of_element("recipients", "recipients", node)
    elif isinstance(node, DetectorLeaf) and isinstance(node.predicate, Between):
        yield (
            ("", f"/detected/{node.key}/{node.field}"),
            None,
            partial(_detected, node.key, node.field),
            node.predicate,
        )
    elif isinstance(node, Not):
        if (opposite := _opposite(node.child)) is not None:
            yield from _guards(opposite)
    elif isinstance(node, Each):
        root, attributes = node.elements.pointer.split("/", 2)[1], node.elements.attributes
        yield (root, node.elements.name), attrgetter(attributes), _present, _EVERY_ELEMENT
        for leaf in _leaves(node.child):
            yield _of_element(root, attributes, leaf)
    elif isinstance(node, Count) and (node.limits.low or 0) > 0:
        for leaf in _leaves(node.child):
            yield _of_element("recipients", "recipients", leaf)


def _of_element(root: str, attributes: str, leaf: Leaf) -> Guard:
    condition = leaf.condition
    key = (root, f"{condition.scope}{condition.pointer}")
    return key, attrgetter(attributes), attrgetter(condition.attributes), leaf.predicate


def _leaves(node: Node) -> Iterator[Leaf]:
    """The conditions that one element must satisfy."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Group) and node.kind == "all":
        for child in node.children:
            yield from _leaves(child)


def _opposite(node: Node) -> Leaf | None:
    """``not`` over enumerated values is the same as one of the other values."""
    if not isinstance(node, Leaf) or not isinstance(node.predicate, OneOf) or not node.condition.choices:
        return None
    values = frozenset((*node.condition.choices, None)) - node.predicate.tokens
    return Leaf(node.number, node.condition, OneOf(values, plain_tokens), node.read)


def _detected(key: str, field: str, facts: Facts) -> float:
    """What the detector counted; where it did not run the rule is unknown, so no count is too high."""
    found = facts.detected.get(key)
    return float("inf") if found is None else getattr(found, field)


def _present(_element: Any) -> bool:
    return True
