"""Lists of milters as Postfix writes them (MILTER_README): split into entries, addresses in our own form. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True, slots=True)
class Entry:
    """One milter: ``address`` in the form of ``milter.socket`` (unix:/path, inet:PORT@HOST), its own options."""

    address: str
    options: Mapping[str, str]


def entries(value: str, queue: Path) -> tuple[Entry, ...]:
    """The milters of an expanded list; relative socket paths start at the queue folder."""
    found = []
    for item in split(value):
        address, *options = split(item[1:].removesuffix("}")) if item.startswith("{") else [item]
        pairs = (option.strip("{} ").partition("=") for option in options)
        found.append(Entry(_own_form(address, queue), {name.strip(): text.strip() for name, _, text in pairs}))
    return tuple(found)


def split(value: str) -> list[str]:
    """Items between commas or white space, braces kept together; a brace that is never closed takes the rest.

    >>> split("{ unix:a, default_action=accept }, inet:localhost:1")
    ['{ unix:a, default_action=accept }', 'inet:localhost:1']
    """
    items: list[str] = []
    current, depth = "", 0
    for character in value:
        if depth == 0 and character in ", \t\r\n":
            items.append(current)
            current = ""
            continue
        depth += {"{": 1, "}": -1}.get(character, 0)
        current += character
    items.append(current)
    return [item for item in items if item.strip("{} ")]


def seconds(text: str) -> float | None:
    """A time of Postfix (``40``, ``40s``, ``5m``) in seconds; None for anything else."""
    text = text.strip()
    if text.isdigit():
        return float(text)
    number, unit = text[:-1], text[-1:]
    return float(number) * _SECONDS[unit] if number.isdigit() and unit in _SECONDS else None


def same(one: str, other: str) -> bool:
    """Whether two addresses are the same door; names of this host count as 127.0.0.1."""
    return _plain(one) == _plain(other)


def written(address: str) -> str:
    """Our own form as main.cf has it: inet:HOST:PORT; a Unix path stays."""
    scheme, _, rest = address.partition(":")
    port, at, host = rest.partition("@")
    if scheme == "unix" or not at:
        return address
    return f"inet:[{host}]:{port}" if ":" in host else f"inet:{host or '127.0.0.1'}:{port}"


def _own_form(address: str, queue: Path) -> str:
    scheme, _, rest = address.partition(":")
    if scheme in ("local", "unix"):
        return f"unix:{queue / rest}"
    if scheme in ("inet", "inet6") and "@" not in rest:
        host, _, port = rest.rpartition(":")
        return f"{scheme}:{port}@{host.strip('[]')}"
    return address


def _plain(address: str) -> str:
    for name in ("@localhost", "@::1", "@"):
        if address.startswith("inet") and address.endswith(name):
            return f"{address.removesuffix(name)}@127.0.0.1".replace("inet6:", "inet:")
    return address.replace("inet6:", "inet:")
