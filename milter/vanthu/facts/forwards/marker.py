"""The first mark in a text that says: from here on, somebody else's mail is quoted, and in which manner.

Only the outermost quotation tells what the writer of this mail did: a forward that was answered shows an attribution
line ("… wrote:") before the announcement of the forward, an answered mail that was forwarded shows them the other way
round. What lies deeper is read for its authors only (``quoted``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from vanthu.facts.forwards.block import MAX_LINE, Block, addresses, dated, read, roles_of, timed
from vanthu.facts.forwards.words import (
    ATTRIBUTION_BEGINS,
    ATTRIBUTION_ENDS,
    ATTRIBUTION_WORDS,
    DECORATION,
    announces,
    fold,
    plain_colons,
)

MAX_STARTS: Final = 400
"""Places in one text where a header block is tried; hostile text has more, mail has not."""
MAX_MARKS: Final = 50
_RULES: Final = ("--", "━━", "──", "==", "__", "**", "~~", "—", "##")

_ANNOUNCED_HEAD: Final = re.compile(r"([ >]{0,6}-{3,40}[^-:]{3,80}-{3,40})\s{1,4}(\S.{0,4000}:.*)$")
_BLANK: Final = " \t\u00a0\u3000>|*\u200b\u200e\u200f"

Manner = Literal["forward", "original", "rule", "block", "attribution", "quote"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a quotation begins (line from 0), how it is announced, the announcing line, the header block if any."""

    line: int
    manner: Manner
    text: str
    block: Block | None = None

    @property
    def authors(self) -> tuple[str, ...]:
        """Addresses whose mail is quoted here."""
        if self.block is not None:
            return self.block.addresses("from")[:1]
        return addresses(self.text)[:1] if self.manner == "attribution" else ()


def marks(text: str) -> list[Mark]:
    """All marks of a text, from the top down."""
    text = plain_colons(text)
    lines = _unglued(text.split("\n"), text)
    found: list[Mark] = []
    starts = 0
    after = -1
    for index, line in enumerate(lines):
        if index <= after or ":" not in line:
            continue
        head, _, tail = line[:MAX_LINE].partition(":")
        block = None
        if starts < MAX_STARTS and (roles_of(head) or _may_be_unknown(lines, index, head, tail)):
            starts += 1
            block = read(lines, index)
        if block is not None:
            found.append(_announced(lines, block))
            after = block.last
        elif not tail.strip(DECORATION) or line.rstrip(DECORATION).endswith(":"):
            attribution = _attribution(lines, index)
            if attribution is not None:
                found.append(attribution)
        if len(found) >= MAX_MARKS:
            break
    if any(rule in text for rule in _RULES):
        found += _bare_announcements(lines, found)
    if ">>>" in text:
        found += _groupwise(lines)
    quoted = _first_quoted(lines, text)
    if quoted is not None:
        found.append(quoted)
    return sorted(found, key=lambda mark: mark.line)


def _unglued(lines: list[str], text: str) -> list[str]:
    """The lines, with fields in table cells written with a colon, and announcements cut from a header behind them."""
    if "|" in text or "\t" in text:
        lines = [_from_cells(line) if "|" in line or "\t" in line else line for line in lines]
    if "-- " not in text:
        return lines
    whole: list[str] = []
    for line in lines:
        match = _ANNOUNCED_HEAD.match(line) if "-- " in line and len(line) > 40 else None
        whole += match.groups() if match else (line,)
    return whole


def _from_cells(line: str) -> str:
    """``| From | a@b |`` and ``From<tab>a@b`` as ``From: a@b``."""
    cells = [cell.strip() for cell in line[:MAX_LINE].replace("|", "\t").split("\t") if cell.strip(DECORATION)]
    if len(cells) < 2 or ":" in cells[0] or not roles_of(cells[0]):
        return line
    return f"{cells[0]}: {' '.join(cells[1:])}"


def _may_be_unknown(lines: list[str], index: int, head: str, tail: str) -> bool:
    """Whether a block in an unknown language may begin here: a short name, and an address close by."""
    if len(head) > 60 or not tail.strip() or head[:1] in "0123456789":
        return False
    return any("@" in line for line in lines[index : index + 3])


def _above(lines: list[str], first: int) -> list[tuple[int, str]]:
    """Up to three lines above this one that are not blank, nearest first."""
    near: list[tuple[int, str]] = []
    for index in range(first - 1, max(first - 9, -1), -1):
        if lines[index].strip(_BLANK):
            near.append((index, lines[index][:MAX_LINE]))
            if len(near) == 3:
                break
    return near


def _announced(lines: list[str], block: Block) -> Mark:
    """The block with the line that announces it."""
    near = _above(lines, block.first)
    for index, line in near:
        kind = announces(line)
        if kind is not None:
            manner: Manner = "original" if kind == "original" else "forward"
            return Mark(index, manner, line.strip(), block)
    if near:
        index, line = near[0]
        attribution = _attribution(lines, index)
        if attribution is not None and not _colon_only(attribution.text):
            return Mark(attribution.line, "attribution", attribution.text, block)
        if line.strip().startswith(_RULES) or (block.quoted and not line.lstrip().startswith(">")):
            return Mark(index, "rule", line.strip(), block)
    return Mark(block.first, "block", lines[block.first].strip(), block)


def _colon_only(text: str) -> bool:
    """Whether a line ends with a colon, yet names neither an author nor a time."""
    return not (addresses(text) or dated(text) or timed(text) or _says_wrote(text))


def _says_wrote(text: str) -> bool:
    folded = fold(text).strip(DECORATION + "-—").rstrip(": ").rstrip()
    return folded.endswith(ATTRIBUTION_ENDS) or folded.startswith(ATTRIBUTION_BEGINS)


def _attribution(lines: list[str], index: int) -> Mark | None:
    """The attribution line ("On … X wrote:") that ends here, if one does; it may be wrapped over three lines."""
    line = lines[index].strip(DECORATION + "-—")
    if not line.endswith(":") or len(line) > 400:
        return None
    quoted_next = _next_is_quoted(lines, index)
    text = line
    best: Mark | None = None
    for above in range(index, max(index - 3, -1), -1):
        if above != index:
            more = lines[above].strip(DECORATION + "-—")
            if not more or more.endswith((":", ".", "!", "?")) or len(more) > 300:
                break
            text = f"{more} {text}"
        signs = bool(addresses(text)) + (dated(text) or timed(text))
        wrote = _says_wrote(text)
        if (wrote and (signs or quoted_next)) or (
            signs == 2 and (quoted_next or _has_verb(text) or text[-2:] == ">:")
        ):
            if best is None or signs:
                best = Mark(above, "attribution", text[:400])
            if addresses(text):
                return best
    if best is not None:
        return best
    if quoted_next and not announces(line) and len(line) < 200:
        return Mark(index, "attribution", line)
    return None


def _has_verb(text: str) -> bool:
    return not ATTRIBUTION_WORDS.isdisjoint(fold(text).rstrip(":").split())


def _next_is_quoted(lines: list[str], index: int) -> bool:
    depth = lines[index].lstrip()[:6].replace(" ", "").count(">")
    for line in lines[index + 1 : index + 4]:
        if line.strip():
            return line.lstrip()[:8].replace(" ", "").count(">") > depth
    return False


def _bare_announcements(lines: list[str], found: list[Mark]) -> list[Mark]:
    """Announcements between dashes that no header block follows."""
    taken = {mark.line for mark in found}
    extra: list[Mark] = []
    for index, line in enumerate(lines):
        if index in taken or len(line) > 200:
            continue
        bare = line.strip(" \t>")
        if bare.startswith(_RULES) and bare.endswith((*_RULES, "-", "━")) and len(bare) > 8:
            kind = announces(bare)
            if kind is not None:
                extra.append(Mark(index, "original" if kind == "original" else "forward", bare))
                if len(extra) >= MAX_MARKS:
                    break
    return extra


def _groupwise(lines: list[str]) -> list[Mark]:
    """GroupWise quotes as ``>>> Name <a@b> 01/02/2024 10:00 >>>``."""
    for index, line in enumerate(lines):
        if line.startswith(">>>") and len(line) < 300 and (addresses(line) or dated(line)):
            return [Mark(index, "attribution", line.strip("> "))]
    return []


def _first_quoted(lines: list[str], text: str) -> Mark | None:
    if not (text.startswith(">") or "\n>" in text):
        return None
    for index, line in enumerate(lines):
        if line.startswith(">"):
            return Mark(index, "quote", "")
    return None
