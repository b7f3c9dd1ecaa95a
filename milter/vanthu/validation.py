"""From located YAML to a pydantic model: every problem at once, each with its place and the way to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import Problem
from .located import Located, Path

M = TypeVar("M", bound=BaseModel)


class Shape(BaseModel):
    """Base of everything an operator writes: unknown keys are errors, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_WANTED = {
    **dict.fromkeys(("tuple_type", "list_type", "set_type", "frozen_set_type"), "write a list, such as [one, two]"),
    **dict.fromkeys(
        ("dict_type", "mapping_type", "model_type", "model_attributes_type"), "write a map: keys with their values"
    ),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "write a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "write a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "write true or false"),
    "string_type": "write text, in quotes where YAML would take it for something else",
}
"""pydantic's kinds of error where a value has the wrong type, in the words of who writes YAML and not Python."""


def validate(model: type[M], located: Located) -> tuple[M | None, list[Problem]]:
    """The model of a document, or None and why not. An empty document counts as an empty map."""
    value = {} if located.value is None else located.value
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        return None, sorted(_problem(model, located, one) for one in error.errors(include_url=False))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean …?`` for a close match, else the list of what is known, else nothing."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known: {', '.join(names)}" if 0 < len(names) <= 12 else ""


def _problem(model: type[BaseModel], located: Located, error: Any) -> Problem:
    path = _path(located, error["loc"])
    name = next((step for step in reversed(error["loc"]) if isinstance(step, str) and step != "[key]"), "")
    if error["type"] == "extra_forbidden":
        return located.problem(path, f"unknown key {name}{did_you_mean(name, _siblings(model, path))}", at_key=True)
    if error["type"] == "missing":
        return located.problem(path[:-1], f"the key {name} is missing", at_key=True)
    message = error["msg"]
    if error["type"] == "value_error":
        message = message.removeprefix("Value error, ")
    elif error["type"].startswith("date"):
        message = "expected a date such as 2026-12-31"
    elif error["type"] in _WANTED:
        message = _WANTED[error["type"]]
    else:
        message = message[:1].lower() + message[1:]
    given = error.get("input")
    shown = "" if isinstance(given, (dict, list)) or error["type"] == "value_error" else f", not {given!r}"
    if error["type"] == "literal_error" and isinstance(given, str):
        close = difflib.get_close_matches(given, error["ctx"]["expected"].split("'"), n=1)
        shown += f"; did you mean {close[0]}?" if close else ""
    return located.problem(path, f"{name}: {message}{shown}" if name else f"{message}{shown}")


def _path(located: Located, loc: tuple[str | int, ...]) -> Path:
    """pydantic adds names of union members to a path: keep the longest part that stands in the file."""
    path: Path = ()
    for step in loc:
        if (*path, step) in located.values or (*path, step) in located.keys:
            path = (*path, step)
    return path if path and path[-1] == loc[-1] else (*path, loc[-1]) if loc else path


def _siblings(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that may stand beside the last step of ``path``."""
    current: Any = model
    for step in path[:-1]:
        if isinstance(step, int):
            continue
        field = getattr(current, "model_fields", {}).get(step) or _by_alias(current, step)
        current = _model_inside(field.annotation) if field is not None else current
    fields = getattr(current, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


def _by_alias(model: Any, alias: str) -> Any:
    return next((f for f in getattr(model, "model_fields", {}).values() if f.alias == alias), None)


def _model_inside(annotation: Any) -> Any:
    """The pydantic model inside ``list[Model]``, ``dict[str, Model]`` or ``Model | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (found := _model_inside(argument)) is not None:
            return found
    return None
