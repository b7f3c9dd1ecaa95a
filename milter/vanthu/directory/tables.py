"""YAML and CSV files of a register as rows: one shape for both, each value with its place.

What a row means is decided in ``build``; here only the form of the files is looked at.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .. import located
from ..errors import Problem, Problems
from ..settings.load import read_text
from ..validation import did_you_mean
from .persons import plain

Kind = Literal["agency", "mailbox"]
KEYS: dict[Kind, tuple[str, ...]] = {
    "agency": ("slug", "name", "kind", "parent", "domains", "contacts", "valid_from", "valid_to"),
    "mailbox": ("address", "name", "agency", "position", "role", "private", "valid_from", "valid_to"),
}
MAX_FIELD = 10_000

# Vietnamese column names, folded: what the lists of 506/BTTTT-UDCNTT §2 and of real offices call them.
_COLUMNS: dict[Kind, dict[str, str]] = {
    "mailbox": {
        "ho va ten": "name", "ho ten": "name", "ten": "name", "ho va ten can bo": "name",
        "chuc vu": "position", "chuc danh": "position", "vi tri": "position",
        "don vi": "agency", "co quan": "agency", "co quan don vi": "agency", "ten don vi": "agency",
        "don vi cong tac": "agency", "ma don vi": "agency",
        "dia chi thu dien tu": "address", "thu dien tu": "address", "email": "address", "e mail": "address",
        "dia chi email": "address", "hop thu": "address", "thu dien tu cong vu": "address",
        "hop thu cong vu": "address", "email cong vu": "address",
        "vai tro": "role", "loai": "role", "loai hop thu": "role",
        "thu dien tu ca nhan": "private", "hop thu ca nhan": "private", "email ca nhan": "private",
        "dia chi thu ca nhan": "private", "thu ca nhan": "private",
    },
    "agency": {
        "ma": "slug", "ma don vi": "slug", "ma co quan": "slug", "ten": "name", "ten don vi": "name",
        "ten co quan": "name", "don vi": "name", "co quan": "name", "loai": "kind", "loai hinh": "kind",
        "don vi cap tren": "parent", "co quan cap tren": "parent", "cap tren": "parent", "truc thuoc": "parent",
        "ten mien": "domains", "mien": "domains", "lien he": "contacts", "dau moi": "contacts",
        "dau moi lien he": "contacts",
    },
}  # fmt: skip
_DATES = {
    "tu ngay": "valid_from", "hieu luc tu": "valid_from", "ngay cap": "valid_from",
    "den ngay": "valid_to", "hieu luc den": "valid_to", "het hieu luc": "valid_to", "ngay thu hoi": "valid_to",
}  # fmt: skip
_IGNORED = frozenset([
    "stt", "tt", "so thu tu", "ghi chu", "note", "notes", "dien thoai", "so dien thoai", "di dong", "phone", "mobile",
    "dien thoai di dong", "dien thoai co quan", "",
])  # fmt: skip


@dataclass(slots=True)
class Row:
    """One agency or mailbox as written: ``problem(steps, message)`` says where a value stands.

    ``steps`` is the key, and for one of several values its index."""

    kind: Kind
    values: dict[str, Any]
    problem: Callable[[located.Path, str], Problem]


_PARTS: tuple[tuple[str, Kind, str], ...] = (("agencies", "agency", "slug"), ("mailboxes", "mailbox", "address"))


def yaml_rows(file: Path, problems: list[Problem]) -> Iterator[Row]:
    """The rows of a YAML file, agencies first; what has no form of a row is added to ``problems``."""
    document = located.parse(read_text(file), str(file))
    value = {} if document.value is None else document.value
    if not isinstance(value, dict):
        raise Problems([document.problem((), "write a map with the keys agencies and mailboxes")])
    for name in value:
        if name not in ("version", "agencies", "mailboxes"):
            hint = did_you_mean(name, ["version", "agencies", "mailboxes"])
            problems.append(document.problem((name,), f"unknown key {name}{hint}", at_key=True))
    if value.get("version", 1) != 1:
        problems.append(document.problem(("version",), f"version: only 1 is known, not {value['version']!r}"))
    for part, kind, naming in _PARTS:
        if value.get(part) is not None:
            yield from _entries(document, part, kind, naming, problems)


def _entries(document: located.Located, part: str, kind: Kind, naming: str, problems: list[Problem]) -> Iterator[Row]:
    """The entries of a list, or of a map whose keys name them."""
    entries = document.value[part]
    if not isinstance(entries, (dict, list)):
        problems.append(document.problem((part,), f"{part}: write a list or a map by {naming}"))
        return
    pairs = entries.items() if isinstance(entries, dict) else enumerate(entries)
    for step, entry in pairs:
        path = (part, step)
        if not isinstance(entry, dict):
            problems.append(document.problem(path, f"write a map with {', '.join(KEYS[kind])}"))
            continue
        values = dict(entry)
        if isinstance(entries, dict):
            if naming in values:
                problems.append(document.problem((*path, naming), f"{naming} stands twice: here and as the key"))
            values[naming] = step
        for name in entry:
            if name not in KEYS[kind]:
                hint = did_you_mean(name, KEYS[kind])
                problems.append(document.problem((*path, name), f"unknown key {name}{hint}", at_key=True))
        yield Row(kind, values, _yaml_place(document, path))


def _yaml_place(document: located.Located, path: located.Path) -> Callable[[located.Path, str], Problem]:
    def place(steps: located.Path, message: str) -> Problem:
        return document.problem((*path, *steps), message)

    return place


def csv_rows(file: Path, problems: list[Problem]) -> Iterator[Row]:
    """The rows of a CSV file; a header that cannot be understood stops this file only."""
    text = read_text(file)
    name = str(file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = next(reader, [])
        kind, columns = _header(header, name, problems)
        width = len(header)
        places = [(key, index) for index, key in enumerate(columns) if key]
        by_key = {key: index + 1 for key, index in places}
        line = reader.line_num + 1
        for fields in reader:
            begun, line = line, reader.line_num + 1
            if not any(fields):
                continue
            if len(fields) > width and any(fields[width:]):
                problems.append(
                    Problem(name, begun, width + 1, "error", f"more than the {width} fields of the header")
                )
                continue
            values = {key: fields[index].strip() for key, index in places if index < len(fields)}
            yield Row(kind, values, _csv_place(name, begun, by_key))
    except csv.Error as error:
        problems.append(Problem(name, reader.line_num, 0, "error", f"not CSV: {error}"))


def _csv_place(file: str, line: int, columns: dict[str, int]) -> Callable[[located.Path, str], Problem]:
    def place(steps: located.Path, message: str) -> Problem:
        return Problem(file, line, columns.get(str(steps[0]), 1), "error", message)

    return place


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab: the one that the header has most of."""
    first = text[: text.find("\n")] if "\n" in text else text
    return max(",;\t", key=first.count)


def _header(header: list[str], file: str, problems: list[Problem]) -> tuple[Kind, list[str | None]]:
    """Whether the file holds agencies or mailboxes, and the key of each column (None: not read)."""
    folded = ["".join(c if c.isalnum() else " " for c in plain(cell)).split() for cell in header]
    names = [" ".join(words) for words in folded]
    known = {"slug", "ma", "ma co quan", "domains", "ten mien", "truc thuoc", "cap tren", "parent"}
    kind: Kind = "agency" if known & set(names) else "mailbox"
    columns: list[str | None] = []
    for number, name in enumerate(names, 1):
        key: str | None = name.replace(" ", "_")
        if key not in KEYS[kind]:
            key = _COLUMNS[kind].get(name) or _DATES.get(name)
        if key is None and name not in _IGNORED:
            hint = did_you_mean(header[number - 1].strip(), KEYS[kind])
            problems.append(Problem(file, 1, number, "error", f"unknown column {header[number - 1].strip()}{hint}"))
        elif key is not None and key in columns:
            problems.append(Problem(file, 1, number, "error", f"a second column for {key}; keep one"))
            key = None
        columns.append(key)
    needed = "slug" if kind == "agency" else "address"
    if needed not in columns:
        message = f"no column {needed} in the first line; known: {', '.join(KEYS[kind])}"
        raise Problems([Problem(file, 1, 1, "error", message)])
    return kind, columns
