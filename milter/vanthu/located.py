"""YAML that remembers where everything stands, so that every problem has its file, line and column.

Read as YAML 1.2 does it: only ``true`` and ``false`` are booleans (``mode: off`` stays text), and nothing is octal
or sexagesimal. Refused, since they only serve mistakes and attacks: tags, duplicate keys, files or trees over the
limits (an alias counts as often as it is used, so a "billion laughs" file ends at ``max_nodes``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

import yaml

from .errors import Level, Problem, Problems

Path = tuple[str | int, ...]
MAX_BYTES = 64 << 20
MAX_NODES = 4_000_000
MAX_DEPTH = 64


class _Loader(yaml.CSafeLoader):
    """The C parser with the scalars of YAML 1.2's core schema, and dates."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}  # type: ignore[misc]
    _depth = 0

    # Called by the C composer, which descends by recursion, as it enters and leaves a node: thousands of nested maps
    # would take its stack. Tags by path, what these are meant for, are not used here.
    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            mark = None if current_node is None else current_node.start_mark
            raise yaml.MarkedYAMLError(problem=f"more than {MAX_DEPTH} values inside each other", problem_mark=mark)

    def ascend_resolver(self) -> None:
        self._depth -= 1


def _resolve(tag: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


_resolve("bool", r"(?:true|True|TRUE|false|False|FALSE)\Z", "tTfF")
_resolve("int", r"[-+]?(?:0|[1-9][0-9]*)\Z", "-+0123456789")
_resolve("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?\Z", "-+.0123456789")
_resolve("null", r"(?:~|null|Null|NULL|)\Z", "~nN\0")
_Loader.yaml_implicit_resolvers.setdefault("", []).append(("tag:yaml.org,2002:null", re.compile(r"\Z")))
_resolve("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", "0123456789")
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"<<\Z"), ["<"])

_CORE_TAGS = frozenset(
    f"tag:yaml.org,2002:{t}" for t in ["bool", "int", "float", "null", "timestamp", "str", "map", "seq"]
)


@dataclass(frozen=True, slots=True)
class Located:
    """A YAML document: ``value`` as plain Python, and the place of each key and value by path."""

    file: str
    value: Any
    keys: dict[Path, tuple[int, int]] = field(repr=False)
    values: dict[Path, tuple[int, int]] = field(repr=False)

    def problem(self, path: Path, message: str, *, at_key: bool = False, level: Level = "error") -> Problem:
        """A problem at ``path``, or at its nearest parent that stands in the file."""
        places = (self.keys, self.values) if at_key else (self.values, self.keys)
        while True:
            for table in places:
                if path in table:
                    return Problem(self.file, *table[path], level, message)
            if not path:
                return Problem(self.file, 1, 1, level, message)
            path = path[:-1]


def parse(text: str, file: str, *, max_nodes: int = MAX_NODES) -> Located:
    """The one document of ``text``; an empty file is None. Raises Problems when it is not usable YAML."""
    if len(text) > MAX_BYTES:
        raise Problems([Problem(file, 0, 0, "error", f"larger than {MAX_BYTES >> 20} MiB; split it")])
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        return _Walk(loader, file, max_nodes).document(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        said = " ".join(filter(None, (error.context, error.problem)))
        raise Problems([Problem(file, line, column, "error", f"not YAML: {said}")]) from None
    except yaml.YAMLError as error:
        raise Problems([Problem(file, 0, 0, "error", f"not YAML: {' '.join(str(error).split())}")]) from None
    finally:
        loader.dispose()


class _Walk:
    """Turns nodes into values, and collects every structural problem on the way."""

    def __init__(self, loader: _Loader, file: str, max_nodes: int) -> None:
        self.loader = loader
        self.file = file
        self.budget = max_nodes
        self.keys: dict[Path, tuple[int, int]] = {}
        self.values: dict[Path, tuple[int, int]] = {}
        self.problems: list[Problem] = []

    def document(self, root: yaml.Node | None) -> Located:
        value = None if root is None else self.value(root, ())
        if self.problems:
            raise Problems(self.problems)
        return Located(self.file, value, self.keys, self.values)

    def complain(self, node: yaml.Node, message: str) -> None:
        mark = node.start_mark
        self.problems.append(Problem(self.file, mark.line + 1, mark.column + 1, "error", message))

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.budget -= 1
        if self.budget < 0 or len(path) > MAX_DEPTH:
            self.complain(node, "too many or too deeply nested values (are there aliases of aliases?)")
            raise Problems(self.problems)
        self.values[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if node.tag not in _CORE_TAGS:
            self.complain(node, f"the tag {node.tag} is not allowed here; write a plain value")
            return None
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        try:
            return self.loader.construct_object(node)
        except ValueError as error:
            self.complain(node, f"not a value: {error}")
            return None

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag == "tag:yaml.org,2002:merge":
                self.complain(key_node, "a key must be plain text")
                continue
            key = str(key_node.value)
            if key in result:
                self.complain(key_node, f"the key {key} stands twice; keep one")
                continue
            self.keys[(*path, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            result[key] = self.value(value_node, (*path, key))
        return result
