"""XML to events, for files from strangers. Entities are never declared, expanded or fetched.

``walk`` raises Stop(bomb) for entity declarations or absurd depth, Stop(malformed) for what is no XML (events of
what came before were given), Stop(timeout) when time is up. Names and attributes come without their namespaces: the
formats read here never use one local name for two things that a reader must tell apart.
"""

from __future__ import annotations

from typing import Protocol
from xml.parsers import expat

from .work import Stop, Work

_MAX_DEPTH = 3000
_EVERY = 4096


class Handler(Protocol):
    """Who listens. ``attributes`` are by local name."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


def walk(data: bytes, handler: Handler, work: Work) -> None:
    """Give every element and text of ``data`` to ``handler``, in order."""
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    depth = events = 0
    local: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, events
        depth += 1
        events += 1
        if depth > _MAX_DEPTH:
            raise Stop("bomb")
        if events % _EVERY == 0:
            work.look_at_clock()
        if attributes:
            attributes = {key.rpartition("\n")[2]: value for key, value in attributes.items()}
        short = local.get(name)
        if short is None:
            short = name.rpartition("\n")[2]
            if len(local) < 1000:
                local[name] = short
        handler.start(short, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(local.get(name) or name.rpartition("\n")[2])

    def declared(*_: object) -> None:
        raise Stop("bomb")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.EntityDeclHandler = declared
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Stop("malformed") from None


class Flat:
    """The simplest handler: the text of named elements, by element."""

    def __init__(self, wanted: frozenset[str] | None = None) -> None:
        self.values: list[tuple[str, dict[str, str], str]] = []
        self._wanted = wanted
        self._open: list[tuple[str, dict[str, str], list[str]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append((name, attributes, []))

    def text(self, data: str) -> None:
        if self._open:
            self._open[-1][2].append(data)

    def end(self, name: str) -> None:
        opened, attributes, pieces = self._open.pop()
        if self._wanted is None or opened in self._wanted:
            self.values.append((opened, attributes, "".join(pieces)))
