"""What Postfix's lookup tables say: every key with its targets, where a table can be listed.

Indexed files (hash, btree, cdb, lmdb) are listed by ``postmap -s``, or, where it cannot, read from the source beside
them; files of text (texthash, pcre, regexp) are read.
Tables that cannot be listed (ldap, mysql, proxy of those) are told as such: what they hold is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .instance import Instance, PostfixError
from .milters import split

_INDEXED = frozenset({"hash", "btree", "cdb", "lmdb", "dbm", "sdbm"})
_TEXT = frozenset({"texthash", "pcre", "regexp"})
_LARGEST = 64 << 20  # bytes of a table that is read
_WORDS = re.compile(r'"[^"\n]{0,998}"|[^,\s]{1,998}')


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a table, or one line of a file: where it stands, its key, its targets."""

    table: str
    key: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A table that cannot be listed, and why."""

    table: str
    why: str


def rows(instance: Instance, tables: str) -> list[Row | Unlisted]:
    """Everything in a list of tables, such as the value of virtual_alias_maps."""
    found: list[Row | Unlisted] = []
    for table in split(tables):
        kind, _, path = table.removeprefix("proxy:").partition(":")
        if kind in _INDEXED:
            found += _indexed(instance, table, f"{kind}:{path}")
        elif kind in _TEXT:
            found += _text(table, Path(path), pattern=kind != "texthash")
        elif kind == "inline":
            found += _inline(table, path)
        else:
            found.append(Unlisted(table, f"tables of type {kind} cannot be listed"))
    return found


def targets(text: str) -> tuple[str, ...]:
    """Addresses and commands on the right side, as local(8) and virtual(5) separate them."""
    return tuple(word.strip('"') for word in _WORDS.findall(text))


def _indexed(instance: Instance, table: str, plain: str) -> list[Row | Unlisted]:
    try:
        said = instance.ask("postmap", "-s", plain)
    except PostfixError as error:
        # cdb, which postmap cannot list, a type that this Postfix was built without, a damaged index: its source says
        # the same.
        source = Path(plain.partition(":")[2])
        found = _text(f"{table} (source)", source, pattern=False)
        told = Unlisted(table, f"{error}; its source is read instead")
        return [Unlisted(table, str(error))] if any(isinstance(one, Unlisted) for one in found) else [told, *found]
    lines = (line.partition("\t") for line in said.output.splitlines())
    return [Row(table, key.rstrip(":"), targets(value)) for key, _, value in lines]


def _text(table: str, path: Path, pattern: bool) -> list[Row | Unlisted]:
    try:
        if path.stat().st_size > _LARGEST:
            return [Unlisted(table, "larger than 64 MiB")]
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return [Unlisted(table, error.strerror or "cannot be read")]
    found: list[Row | Unlisted] = []
    for line in _logical(text):
        key, value = _pattern(line) if pattern else _pair(line)
        found.append(Row(table, key, targets(value)))
    return found


def _inline(table: str, text: str) -> list[Row | Unlisted]:
    items = (item.strip("{} ").partition("=") for item in split(text.strip("{} ")))
    return [Row(table, key.strip(), targets(value)) for key, _, value in items]


def _logical(text: str) -> list[str]:
    """Lines without comments; a line that begins with white space goes on from the one before (postmap(1))."""
    lines: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace() and lines:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line.strip())
    return lines


def _pair(line: str) -> tuple[str, str]:
    key, *rest = line.split(None, 1)
    return key.rstrip(":"), rest[0] if rest else ""


def _pattern(line: str) -> tuple[str, str]:
    """``/pattern/flags value``: the value follows the closing delimiter; ``if`` and ``endif`` have none."""
    delimiter = line[0]
    end = line.rfind(delimiter)
    if delimiter.isalnum() or end <= 0:
        return line, ""
    rest = line[end + 1 :]
    value = rest.lstrip() if rest[:1].isspace() else "".join(rest.split(None, 1)[1:])
    return line[: len(line) - len(value)].rstrip(), value
