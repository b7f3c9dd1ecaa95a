"""What stands to the right of a condition becomes a predicate; what does not fit, a Problem at its place."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ..errors import Problem
from ..located import Located, Path
from ..validation import did_you_mean
from .conditions import EXPECTED, Condition
from .detectors import PatternError, compile_pattern
from .hours import Calendar
from .predicates import (
    Between,
    Inside,
    Matches,
    OneOf,
    Predicate,
    Tokens,
    WorkingTime,
    address_tokens,
    fold,
    plain_tokens,
    text_tokens,
    texts_tokens,
)

_TEXTUAL = ("text", "address", "domain", "texts")
_TOKENS: dict[str, Tokens] = {"text": text_tokens, "address": address_tokens, "domain": text_tokens}
_BAD: Any = object()


class Operands:
    """Reads operands of one policy, with its named lists and its calendar."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]], calendar: Calendar, problems: list[Problem]) -> None:
        self.lists = lists
        self.calendar = calendar
        self.problems = problems
        self.used_lists: set[str] = set()

    def predicate(self, located: Located, path: Path, condition: Condition, value: Any) -> Predicate | None:
        """The predicate that ``value`` asks of ``condition``; None after a problem was noted."""
        if isinstance(value, dict):
            return self._form(located, path, condition, value)
        values = value if isinstance(value, list) else [value]
        if not values:
            return self._complain(located, path, f"{condition.path}: an empty list never holds; name a value")
        read = [
            self._value(located, (*path, index) if isinstance(value, list) else path, condition, one)
            for index, one in enumerate(values)
        ]
        if any(one is _BAD for one in read):
            return None
        if condition.kind == "network":
            return Inside(frozenset(one for one in read if one is not None), None in read)
        tokens_of = texts_tokens if condition.kind == "texts" else _TOKENS.get(condition.kind, plain_tokens)
        return OneOf(frozenset(read), tokens_of)

    def _form(self, located: Located, path: Path, condition: Condition, value: dict[str, Any]) -> Predicate | None:
        keys, kind = set(value), condition.kind
        if kind in ("number", "date") and keys and keys <= {"min", "max"}:
            return limits(located, path, value, self.problems, kind=kind, name=condition.path)
        if kind in _TEXTUAL and keys == {"matches"}:
            return self._matches(located, (*path, "matches"), value["matches"])
        if kind in _TEXTUAL and keys == {"list"}:
            return self._listed(located, (*path, "list"), condition, value["list"])
        if kind == "time" and len(keys) == 1 and keys <= {"inside", "outside"}:
            (side,) = keys
            if value[side] == "working_hours":
                return WorkingTime(side == "inside", self.calendar)
            return self._complain(located, (*path, side), f"time: only working_hours is known, not {value[side]}")
        return self._complain(located, path, f"{condition.path}: expected {_expected(condition)}")

    def _matches(self, located: Located, path: Path, source: Any) -> Predicate | None:
        if not isinstance(source, str) or not source:
            return self._complain(located, path, "matches: expected an RE2 pattern in quotes")
        try:
            return Matches(source, compile_pattern(source))
        except PatternError as error:
            return self._complain(located, path, f"matches: {error}")

    def _listed(self, located: Located, path: Path, condition: Condition, name: Any) -> Predicate | None:
        if not isinstance(name, str) or name not in self.lists:
            return self._complain(located, path, f"no list is named {name}{did_you_mean(str(name), self.lists)}")
        self.used_lists.add(name)
        entries = self.lists[name]
        if condition.kind == "domain" and (wrong := [entry for entry in entries if "@" in entry]):
            return self._complain(
                located,
                path,
                f"the list {name} holds the address {wrong[0]}, which is no domain; ask recipient.address",
            )
        tokens_of = texts_tokens if condition.kind == "texts" else _TOKENS[condition.kind]
        return OneOf(frozenset(map(fold, entries)), tokens_of, known_as=name)

    def _value(self, located: Located, path: Path, condition: Condition, value: Any) -> Any:
        if value is None and condition.nullable:
            return None
        read = _read(condition, value)
        if read is not _BAD:
            return read
        shown = "null" if value is None else str(value).lower() if isinstance(value, bool) else value
        if isinstance(value, dict | list):
            message = f"{condition.path}: expected {_expected(condition)}"
        elif condition.choices:
            message = f"{condition.path}: no value {shown}{did_you_mean(str(shown), _choices(condition))}"
        elif condition.kind in _TEXTUAL and isinstance(value, int | float | date):
            message = f"{condition.path}: expected text; put {shown} in quotes"
        else:
            message = f"{condition.path}: expected {_expected(condition)}, not {shown}"
        self._complain(located, path, message)
        return _BAD

    def _complain(self, located: Located, path: Path, message: str) -> Predicate | None:
        """Notes a problem; None, since there is no predicate then."""
        self.problems.append(located.problem(path, message))
        return None


def limits(
    located: Located,
    path: Path,
    value: Mapping[str, Any],
    problems: list[Problem],
    *,
    kind: str = "number",
    name: str = "recipients.count",
) -> Between | None:
    """``{min, max}`` of numbers or dates; None after a problem was noted."""
    ends: dict[str, Any] = {}
    for end, given in value.items():
        if kind == "number" and isinstance(given, int | float) and not isinstance(given, bool):
            ends[end] = given
        elif kind == "date" and (day := _day(given)) is not _BAD:
            ends[end] = day
        else:
            shown = "null" if given is None else given
            problems.append(located.problem((*path, end), f"{name}: expected a {kind} for {end}, not {shown}"))
            return None
    low, high = ends.get("min"), ends.get("max")
    if low is not None and high is not None and low > high:
        problems.append(located.problem(path, f"{name}: min is greater than max; nothing lies between"))
        return None
    if name.endswith("score") and low is not None and low > 1:
        problems.append(located.problem((*path, "min"), f"{name}: a score is never greater than 1"))
        return None
    return Between(low, high)


def _read(condition: Condition, value: Any) -> Any:
    """The value as facts are compared with it, or _BAD."""
    if condition.kind == "choice":
        return value if value in condition.choices else _BAD
    reader = _READERS.get(condition.kind)
    return _BAD if reader is None else reader(value)


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else _BAD


def _day(value: Any) -> Any:
    """A date as ISO text, which is how documents carry it; quotes around it are forgiven."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return _BAD
    return day.isoformat() if isinstance(day, date) else _BAD


def _network(value: Any) -> Any:
    try:
        return ipaddress.ip_network(value, strict=False) if isinstance(value, str) else _BAD
    except ValueError:
        return _BAD


_READERS: dict[str, Callable[[Any], Any]] = {
    "flag": lambda value: value if isinstance(value, bool) else _BAD,
    "number": _number,
    "date": _day,
    "network": _network,
    **dict.fromkeys(_TEXTUAL, lambda value: fold(value) if isinstance(value, str) else _BAD),
}


def _choices(condition: Condition) -> list[str]:
    return [*condition.choices, *(["null"] if condition.nullable else [])]


def _expected(condition: Condition) -> str:
    if condition.choices:
        return f"one of {', '.join(_choices(condition))}"
    return EXPECTED[condition.kind]
