"""Conditions compiled to a tree of shared nodes, judged against one mail at a time.

A ``View`` is one mail with a current recipient and a current element; ``node.truth(view)`` gives True, False or the
facts that were missing (``truth``). Equal nodes are one object (``building``), and what several rules share is judged
once a mail (once a recipient where it asks about recipients).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..facts.model import Facts, Missing, Recipient
from .conditions import Condition, Elements
from .predicates import Between, Predicate
from .truth import Truth, conjunction, disjunction, negation


class View:
    """The mail that is being judged. Recipients are looked at one after the other by ``turn_to``."""

    __slots__ = ("covers", "element", "facts", "index", "memo", "places", "recipient")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.covers = [(missing.fact, f"{missing.fact}/", missing) for missing in facts.unavailable]
        self.memo: dict[int | tuple[int, int], Truth] = {}
        self.places = {"message": ""}
        self.index = -1
        self.recipient: Recipient | None = None
        self.element: Any = None

    def turn_to(self, index: int) -> None:
        """From now on ``recipient.*`` asks about this one."""
        self.index = index
        self.recipient = self.facts.recipients[index]
        self.places["recipient"] = f"/recipients/{index}"

    def missing(self, pointer: str) -> frozenset[Missing] | None:
        """The entries of ``facts.unavailable`` that cover ``pointer``, if any."""
        found = frozenset(m for fact, below, m in self.covers if pointer == fact or pointer.startswith(below))
        return found or None


class Node:
    """One condition. ``per_recipient``: its answer differs by recipient; ``per_element``: by element."""

    __slots__ = ("number", "per_element", "per_recipient", "shared")

    def __init__(self, number: int, *, per_recipient: bool, per_element: bool) -> None:
        self.number = number
        self.per_recipient = per_recipient
        self.per_element = per_element
        self.shared = False

    def truth(self, view: View) -> Truth:
        """What the node says of the mail, the current recipient and the current element."""
        if not self.shared:
            return self._judge(view)
        key = (self.number, view.index) if self.per_recipient else self.number
        known = view.memo.get(key)
        if known is None:
            known = view.memo[key] = self._judge(view)
        return known

    def _judge(self, view: View) -> Truth:
        raise NotImplementedError


class Leaf(Node):
    """One condition over one fact; ``read`` takes it from the view."""

    __slots__ = ("condition", "predicate", "read")

    def __init__(self, number: int, condition: Condition, predicate: Predicate, read: Callable[[View], Any]) -> None:
        recipient = condition.scope == "recipient"
        element = condition.scope not in ("message", "recipient")
        super().__init__(number, per_recipient=recipient, per_element=element)
        self.condition = condition
        self.predicate = predicate
        self.read = read

    def _judge(self, view: View) -> Truth:
        if view.covers:
            missing = view.missing(view.places[self.condition.scope] + self.condition.pointer)
            if missing:
                return missing
        return self.predicate.accepts(self.read(view))


class DetectorLeaf(Node):
    """What a named text detector counted; a mail that it was not run on is unknown."""

    __slots__ = ("field", "key", "predicate")

    def __init__(self, number: int, key: str, field: str, predicate: Predicate) -> None:
        super().__init__(number, per_recipient=False, per_element=False)
        self.key = key
        self.field = field
        self.predicate = predicate

    def _judge(self, view: View) -> Truth:
        pointer = f"/detected/{self.key}"
        missing = view.missing(f"{pointer}/{self.field}") if view.covers else None
        if missing:
            return missing
        found = view.facts.detected.get(self.key)
        if found is None:
            return frozenset((Missing(pointer, "detector_absent"),))
        return self.predicate.accepts(getattr(found, self.field))


class Group(Node):
    """``all`` or ``any`` of several nodes."""

    __slots__ = ("children", "kind")

    def __init__(self, number: int, kind: str, children: Sequence[Node]) -> None:
        super().__init__(
            number,
            per_recipient=any(child.per_recipient for child in children),
            per_element=any(child.per_element for child in children),
        )
        self.kind = kind
        self.children = tuple(children)

    def _judge(self, view: View) -> Truth:
        combine = conjunction if self.kind == "all" else disjunction
        return combine(child.truth(view) for child in self.children)


class Not(Node):
    """The opposite; unknown stays unknown."""

    __slots__ = ("child",)

    def __init__(self, number: int, child: Node) -> None:
        super().__init__(number, per_recipient=child.per_recipient, per_element=child.per_element)
        self.child = child

    def _judge(self, view: View) -> Truth:
        return negation(self.child.truth(view))


class Each(Node):
    """``any_X`` or ``every_X``: conditions bound to one element. ``every`` is false where there is no element."""

    __slots__ = ("child", "elements", "every", "read")

    def __init__(
        self, number: int, elements: Elements, child: Node, read: Callable[[View], Sequence[Any]], *, every: bool
    ) -> None:
        super().__init__(number, per_recipient=child.per_recipient, per_element=False)
        self.elements = elements
        self.child = child
        self.read = read
        self.every = every

    def _judge(self, view: View) -> Truth:
        if view.covers and (missing := view.missing(self.elements.pointer)):
            return missing
        found = self.read(view)
        if not found:
            return False
        combine = conjunction if self.every else disjunction
        return combine([self._of(view, index, element) for index, element in enumerate(found)])

    def _of(self, view: View, index: int, element: Any) -> Truth:
        view.element = element
        view.places[self.elements.name] = f"{self.elements.pointer}/{index}"
        return self.child.truth(view)


class Count(Node):
    """``recipients.count``: how many recipients satisfy ``child``; unknown only if the unknown ones could decide."""

    __slots__ = ("child", "limits")

    def __init__(self, number: int, child: Node, limits: Between) -> None:
        super().__init__(number, per_recipient=False, per_element=False)
        self.child = child
        self.limits = limits

    def _judge(self, view: View) -> Truth:
        if view.covers and (missing := view.missing("/recipients")):
            return missing
        now = view.index
        sure, unknown = 0, []
        for index in range(len(view.facts.recipients)):
            view.turn_to(index)
            truth = self.child.truth(view)
            if truth is True:
                sure += 1
            elif truth is not False:
                unknown.append(truth)
        if now >= 0:
            view.turn_to(now)
        answers = {self.limits.accepts(sure + more) for more in range(len(unknown) + 1)}
        return answers.pop() if len(answers) == 1 else conjunction(unknown)
