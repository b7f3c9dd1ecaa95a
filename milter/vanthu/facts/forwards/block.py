"""Header blocks: the few lines in which a mail client repeats From, Date, Subject and To of a message that it quotes.

A block is recognised by its names, in any language of ``words.json``, and by what the values look like; in other
languages by the values alone (an address, a date, short names before colons), which is weaker (``known`` is 0 then).
Lines may be quoted with ``>``, bold, folded, glued together, in a table, or have blank lines between them.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from vanthu.facts.forwards.words import DECORATION, LABELS, fold

MAX_LINES: Final = 60
MAX_LINE: Final = 2000
MAX_LABEL: Final = 48
_MAX_UNKNOWN: Final = 12  # fields in no language of ours before the first that we know; clients print fewer

_MAX_LOCAL: Final = 64  # octets of a local part, RFC 5321 4.5.3.1.1
_WITH_AT: Final = re.compile(r"(?<![^\s<>()\[\],;:\"'|*`])([^\s<>()\[\],;:\"'|*`]+)@([^\s<>()\[\],;:\"'|*`@]{1,255})")
_YEAR: Final = re.compile(r"(?<!\d)(?:\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2})(?!\d)")
_TIME: Final = re.compile(r"(?<!\d)\d{1,2}[:.hH時시点點]\s?\d{2}(?!\d)")
_TIME_LIKE: Final = re.compile(r"^\W{0,3}\d{1,2}\s?(?:[:hHg]|giờ)")
_ODD: Final = re.compile("[\u200b-\u200f\u00a0\u00ad\u202a-\u202e\u2060-\u2069\u0300-\u036f]|  ")
_AROUND: Final = DECORATION + ":"
_MAIN: Final = ("from", "to", "cc", "date", "subject")


@dataclass(frozen=True, slots=True)
class Block:
    """One header block: first and last line (from 0), values by role, how many names were known
    words, whether the block is quoted, and the names as printed, folded."""

    first: int
    last: int
    values: dict[str, str]
    known: int
    quoted: bool
    names: frozenset[str] = frozenset()

    def addresses(self, role: str) -> tuple[str, ...]:
        """The addresses of one role, in lower case."""
        return addresses(self.values.get(role, ""))


def addresses(text: str) -> tuple[str, ...]:
    """The mail addresses in a text, in lower case, without trailing punctuation."""
    if "@" not in text:
        return ()
    found = _WITH_AT.findall(text[: 8 * MAX_LINE])
    return tuple(f"{local[-_MAX_LOCAL:]}@{domain}".rstrip(".!?").lower() for local, domain in found)


def dated(text: str) -> bool:
    """Whether a text holds a date with its year, in digits of any script."""
    return _YEAR.search(text[:300]) is not None


def timed(text: str) -> bool:
    """Whether a text holds a time of day."""
    return _TIME.search(text[:300]) is not None


def roles_of(head: str) -> tuple[str, ...]:
    """What the words before a colon name, or nothing."""
    name = head.strip(DECORATION)
    if not name or len(name) > MAX_LABEL:
        return ()
    roles = LABELS.get(name.casefold())
    if roles is None:
        return LABELS.get(fold(name), ()) if _ODD.search(name) else ()
    return roles


# A block is looked for from each line that could begin one, so each of its lines is asked for many times.
@functools.lru_cache(2 * MAX_LINES)
def split_glued(line: str) -> tuple[tuple[str, str], ...]:
    """(name, value) pairs of a line that holds several header fields one after another, with or without a space."""
    parts = line.split(":")
    pairs: list[tuple[str, str]] = []
    name, value = parts[0], ""
    for part in parts[1:MAX_LINES]:
        cut = _last_name(part)
        if cut is None:
            value += part + ":"
            continue
        pairs.append((name, value + part[:cut]))
        name, value = part[cut:], ""
    pairs.append((name, value[:-1] + "".join(f":{part}" for part in parts[MAX_LINES:])))
    return tuple(pairs)


def _last_name(part: str) -> int | None:
    """Where the name of a header field begins that ends this part of a line."""
    begin = len(part)
    for _ in range(3):
        begin = part.rfind(" ", 0, begin)
        if begin < 0:
            break
        if roles_of(part[begin + 1 :]):
            return begin + 1
    word = part.rfind(" ") + 1
    for index in range(max(word, len(part) - 20) + 1, len(part)):
        if part[index].isupper() and not part[index - 1].isupper() and roles_of(part[index:]):
            return index
    return None


def _by_value(roles: tuple[str, ...], value: str) -> list[str]:
    """The roles that one word has in several languages, the one that suits the value first."""
    date = "@" not in value and dated(value)
    return sorted(roles, key=lambda role: (role == "date") != date)


class _Gatherer:
    """Collects the fields of one block, each role once."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.known = 0
        self.unknown: list[str] = []
        self.names: set[str] = set()
        self.last_role = ""

    def add(self, roles: tuple[str, ...], value: str) -> bool:
        """Take a field; False where its role is already there (another block begins)."""
        for role in roles if len(roles) == 1 else _by_value(roles, value):
            if role not in self.values or role == "other":
                self.values[role] = value
                self.known += role in _MAIN
                self.last_role = role
                return True
        return False

    def add_unknown(self, value: str) -> None:
        self.unknown.append(value)
        self.last_role = "other"

    def settle(self) -> None:
        """Give fields with unknown names the role that their value tells; next to known names, only what is sure."""
        plain: list[str] = []
        for value in self.unknown:
            if addresses(value):
                role = "from" if "from" not in self.values else "to"
            elif dated(value) and timed(value):
                role = "date"
            elif self.known < 3:
                plain.append(value)
                continue
            else:
                continue
            self.values.setdefault(role, value)
        if plain:
            self.values.setdefault("subject", plain[-1])  # names of recipients stand above the subject


def read(lines: list[str], first: int, announced: bool = False) -> Block | None:
    """The header block that begins with this line, or None; one that is ``announced`` needs an author and no more
    than a second field (Apple Mail leaves out what its reader does not show)."""
    gathered = _Gatherer()
    last = first
    blanks = 0
    for index in range(first, min(first + MAX_LINES, len(lines))):
        line = lines[index][:MAX_LINE]
        bare = line.strip(DECORATION)
        if not bare:
            blanks += 1
            if gathered.unknown and not gathered.known:
                break
            if blanks > 1 and (gathered.last_role != "subject" or blanks > 2):
                break
            continue
        head, colon, tail = bare.partition(":")
        roles = roles_of(head) if colon else ()
        if roles:
            glued = split_glued(bare) if len(bare) > 60 and tail.count(":") else ((head, tail),)
            if not all(gathered.add(roles_of(name), value.strip(_AROUND)) for name, value in glued):
                break
            gathered.names.update(fold(name.strip(DECORATION)) for name, _ in glued)
            if len(glued) > 1:
                gathered.last_role = ""  # nothing goes on below fields that stand on one line
        elif _continues(gathered, line, bare, blanks):
            gathered.values[gathered.last_role] = f"{gathered.values.get(gathered.last_role, '')} {bare}".strip()
        elif not gathered.known and len(gathered.unknown) >= _MAX_UNKNOWN:
            break  # a list with colons
        elif colon and not blanks and len(head) <= MAX_LABEL and tail.strip() and _word_like(head):
            gathered.add_unknown(tail.strip(DECORATION))
        else:
            break
        blanks = 0
        last = index
    gathered.settle()
    short = announced and gathered.known >= 2 and "@" in gathered.values.get("from", "")
    if not short and not _is_block(gathered):
        return None
    quoted = lines[first].lstrip().startswith(">")
    return Block(first, last, gathered.values, gathered.known, quoted, frozenset(gathered.names))


def _continues(gathered: _Gatherer, line: str, bare: str, blanks: int) -> bool:
    """Whether a line without a name goes on with the value before it (folded, or the other cell of a table)."""
    role = gathered.last_role
    value = gathered.values.get(role, "")
    if role in ("", "other"):
        return False
    if not value:
        return True
    if blanks:
        return False
    if role in ("to", "cc"):
        return "@" in bare or value.endswith((",", ";")) or line[:1] in (" ", "\t")
    if role == "from":
        return "@" in bare and "@" not in value and len(bare) < 200
    return line.lstrip("> ")[:1] == "\t" or (line[:1] in (" ", "\t") and not line.startswith("> "))


def _word_like(head: str) -> bool:
    """Whether the words before a colon may be the name of a field in a language that we do not know."""
    words = head.strip(DECORATION).split()
    return 0 < len(words) <= 4 and not any(char.isdigit() or char in "/@<>.," for char in head)


def _is_block(gathered: _Gatherer) -> bool:
    values = gathered.values
    author = values.get("from", "")
    if not author or len(author) > 400 or _TIME_LIKE.match(author):
        return False
    date = values.get("date", "")
    has_date = any(char.isdigit() for char in date) and len(date) < 200
    count = sum(role in values for role in _MAIN)
    if count < 3 or not (has_date or "subject" in values):
        return False
    if gathered.known < 2:
        return "@" in author and dated(date) and count >= 3
    if "@" in author or "@" in values.get("to", ""):
        return gathered.known >= 3 or has_date
    return has_date and "subject" in values and (dated(date) or timed(date)) and gathered.known >= 3
